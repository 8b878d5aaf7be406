// Makes the form quicker. Without it everything works as well, with one more key to press.
const form = document.querySelector("form.asking");
const near = document.getElementById("near");

// An empty field asks nothing: the address stays short enough to be shared.
form?.addEventListener("submit", () => {
  for (const field of form.querySelectorAll("input[name], select[name]")) {
    if (!field.value.trim()) field.disabled = true;
  }
});
window.addEventListener("pageshow", () => {
  form?.querySelectorAll(":disabled").forEach((field) => (field.disabled = false));
});

const places = document.getElementById("places");
let waiting = 0;
let last = "";

async function complete() {
  const typed = near.value.trim();
  if (typed.length < 2 || typed === last) return;
  last = typed;
  const answer = await fetch(`${near.dataset.places}?q=${encodeURIComponent(typed)}`).catch(() => null);
  if (!answer?.ok || near.value.trim() !== typed) return;
  const { items } = await answer.json();
  places.replaceChildren(...items.map(({ near, label }) => Object.assign(document.createElement("option"), { value: near, label })));
}

near?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(complete, 150);
});

const me = document.getElementById("near-me");
const fault = document.getElementById("near-me-fault");
if (me && "geolocation" in navigator) me.hidden = false;
me?.addEventListener("click", () => {
  fault.hidden = true;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      // Three decimals are a hundred metres: enough to be near, too little to be found.
      near.value = `${coords.latitude.toFixed(3)},${coords.longitude.toFixed(3)}`;
      form.requestSubmit();
    },
    () => {
      fault.textContent = me.dataset.failed;
      fault.hidden = false;
    },
    { timeout: 10000, maximumAge: 300000 },
  );
});

const print = document.getElementById("print");
if (print) print.parentElement.hidden = false;
print?.addEventListener("click", () => window.print());

const copy = document.getElementById("copy");
const share = document.getElementById("share");
if (copy && navigator.clipboard) copy.hidden = false;
copy?.addEventListener("click", async () => {
  await navigator.clipboard.writeText(share.value);
  copy.textContent = copy.dataset.done;
});

// Times are those of the place; who looks from elsewhere is told so.
const note = document.getElementById("zone-note");
const offset = (zone, at) =>
  new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(at).at(-1).value;
if (note) {
  for (const told of document.querySelectorAll("time[data-zone]")) {
    const at = new Date(told.dateTime);
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (offset(told.dataset.zone, at) !== offset(own, at)) {
      note.textContent = note.dataset.words.replace("ZONE", told.dataset.zone.replaceAll("_", " "));
      note.hidden = false;
      break;
    }
  }
}
