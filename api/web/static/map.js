// The map of a search. Points that are only the middle of a town or postcode are rings, not pins.
const told = JSON.parse(document.getElementById("map-told").textContent);
const place = document.getElementById("map");
const L = window.L;
place.hidden = false;

const element = (name, text, className) =>
  Object.assign(document.createElement(name), { textContent: text, className: className ?? "" });

const map = L.map(place, { zoomControl: false, attributionControl: false, scrollWheelZoom: false, maxZoom: 17 });
L.control.zoom({ zoomInTitle: told.words.in, zoomOutTitle: told.words.out }).addTo(map);
L.control.scale({ imperial: told.units === "mi", metric: told.units === "km" }).addTo(map);

// The view is set before anything is drawn, so that each thing is drawn once.
const bounds = L.latLngBounds(told.points.map((point) => point.at));
if (told.center && !told.points.length) bounds.extend(told.center);
if (told.center && told.within) map.fitBounds(L.latLng(told.center).toBounds(told.within * 2));
else if (bounds.isValid()) map.fitBounds(bounds.pad(0.1), { maxZoom: 13 });
else map.setView([0, 0], 2);

const credit = L.control.attribution({ prefix: '<a href="https://leafletjs.com">Leaflet</a>' }).addTo(map);
const owner = element(told.attribution.address ? "a" : "span", told.attribution.words);
if (told.attribution.address) owner.href = told.attribution.address;

if (told.tiles) {
  L.tileLayer(told.tiles).addTo(map);
  credit.addAttribution(owner.outerHTML);
} else {
  drawGrid();
  drawTowns();
}

// The biggest towns first; a name that would lie on another is left out.
function drawTowns() {
  const towns = told.towns.map(({ name, at }) => {
    const icon = L.divIcon({ html: element("span", name), className: "map-town", iconSize: null });
    return L.marker(at, { icon, interactive: false, keyboard: false }).addTo(map);
  });
  const thin = () => {
    const taken = [];
    for (const town of towns) {
      const here = map.latLngToContainerPoint(town.getLatLng());
      const isClear = taken.every((one) => Math.abs(one.x - here.x) > 96 || Math.abs(one.y - here.y) > 22);
      town.getElement().hidden = !isClear;
      if (isClear) taken.push(here);
    }
  };
  map.on("zoomend", thin);
  thin();
}

// Lines of latitude and longitude, for where there are no tiles.
function drawGrid() {
  const grid = L.layerGroup().addTo(map);
  const draw = () => {
    grid.clearLayers();
    const box = map.getBounds().pad(0.2);
    const step = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10].find((one) => (box.getEast() - box.getWest()) / one < 14) ?? 30;
    const lines = [];
    for (let x = Math.ceil(box.getWest() / step) * step; x < box.getEast(); x += step) {
      lines.push([[box.getSouth(), x], [box.getNorth(), x]]);
    }
    for (let y = Math.ceil(box.getSouth() / step) * step; y < box.getNorth(); y += step) {
      lines.push([[y, box.getWest()], [y, box.getEast()]]);
    }
    L.polyline(lines, { className: "map-grid", interactive: false, weight: 1 }).addTo(grid);
  };
  map.on("moveend", draw);
  draw();
}

const circle =
  told.center && told.within ? L.circle(told.center, { radius: told.within, className: "map-circle", interactive: false }) : null;
circle?.addTo(map);

function popup(point) {
  const box = element("div", "", "map-popup");
  const link = Object.assign(element("a", point.name), { href: point.address });
  box.append(link, ...point.lines.map((line) => element("p", line)));
  if (point.about) box.append(element("p", told.words.about, "honest"));
  return box;
}

const cluster = L.markerClusterGroup({
  showCoverageOnHover: false,
  maxClusterRadius: 36,
  iconCreateFunction: (group) => {
    const count = group.getChildCount();
    const face = element("span", String(count));
    face.append(element("span", ` ${told.words.several}`, "unseen"));
    return L.divIcon({ html: face, className: "map-cluster", iconSize: [38, 38] });
  },
});
// The plugin knows clicks alone.
cluster.on("clusterkeydown", ({ layer, originalEvent }) => {
  if (originalEvent.key === "Enter") layer.getElement().click();
});
for (const point of told.points) {
  const icon = L.divIcon({
    html: element("span", ""),
    className: `map-point kind-${point.kind}${point.about ? " about" : ""}`,
    iconSize: [24, 24],
  });
  const marker = L.marker(point.at, { icon, title: point.name, alt: point.name });
  marker.bindPopup(() => popup(point), { minWidth: 220 });
  cluster.addLayer(marker);
}

map.addLayer(cluster);
