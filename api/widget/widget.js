// <hobnob-events>: what is on, in anybody's page. docs/widget.md tells its attributes and how to dress it.

// The server says everything in words; what is drawn here is text, never markup.
const ASKED = [
  "near", "lat", "lon", "within", "nearest", "bbox", "when", "start", "end", "days", "starts_after", "starts_before",
  "weekday", "time_from", "time_to", "kind", "org", "source", "tag", "q", "attendance", "cost", "max_price", "visitors",
  "newcomer", "status", "regular", "rhythm", "confirmed_within", "collapse", "sort", "limit", "units", "link"
];
const SHOWN = ["base", "config", "lang", "layout", "level", "theme"];
const HOME = import.meta.url.replace(/\/widget(\/\w+)?\.js(\?.*)?$/, "");

// A page's own rules for every element would win over what is not !important.
const STYLE = new CSSStyleSheet();
STYLE.replaceSync(`
:host{inline-size:100%;display:block!important;container-type:inline-size!important;box-sizing:border-box!important;
font-family:var(--hobnob-font,inherit)!important;font-size:var(--hobnob-font-size,clamp(13px,1em,22px))!important;
line-height:1.5!important;text-align:start!important;color:var(--hobnob-color,inherit)!important;
background:var(--hobnob-background,none)!important;padding:var(--hobnob-padding,0)!important;
--line:var(--hobnob-line,color-mix(in srgb,currentColor 18%,transparent));
--soft:var(--hobnob-muted,color-mix(in srgb,currentColor 78%,transparent))}
:host([theme=light]){--hobnob-color:#1c1c1e;--hobnob-background:#fff;--hobnob-padding:1em}
:host([theme=dark]){--hobnob-color:#ececee;--hobnob-background:#17181b;--hobnob-padding:1em}
:host([hidden]){display:none!important}
*{font:inherit;margin:0;padding:0}
ul{list-style:none;margin-block-end:1em}
a{color:var(--hobnob-accent,inherit);text-decoration:underline 1px var(--line);text-underline-offset:.2em}
a:hover{text-decoration-color:currentColor}
:focus-visible{outline:2px solid;outline-offset:2px}
[part=title]{font-size:1.25em;margin-block-end:.6em}
[part=title],[part=day],[part=name],[part=mark]{font-weight:600}
[part=day]{padding-block-end:.3em;border-block-end:1px solid var(--line)}
li{padding-block:.65em;break-inside:avoid;overflow-wrap:anywhere}
li+li{border-block-start:1px solid var(--line)}
[part=name]{unicode-bidi:isolate}
time,p{color:var(--soft);font-size:.92em}
[part=mark]{font-size:.8em;border:1px solid;border-radius:1em;padding:.05em .6em;margin-inline-end:.5em}
[part~=compact] li{padding-block:.3em}
[part~=compact] p{display:inline}
[part~=compact] p::before{content:" · "}
[part=links] a{margin-inline-end:1.4em}
@container (min-width:30em){[part~=list] li{display:grid;grid-template-columns:10em 1fr;gap:1em}
[part~=compact] li{grid-template-columns:13em 1fr}}
@media print{[part=links]{display:none}}
`);

const make = (tag, part, ...children) => {
  const element = document.createElement(tag);
  if (part) element.setAttribute("part", part);
  element.append(...children.filter(Boolean));
  return element;
};

// An address elsewhere is one of http; whatever else it is, is a path of ours, and nothing that runs.
const anchor = (part, href, base, text) => {
  const whole = /^https?:\/\//i.test(href) ? href : `${base}/${href}`;
  return Object.assign(make("a", part, text), { href: part == "subscribe" ? whole.replace(/^https?/i, "webcal") : whole });
};

const when = ({ startDate, date, time, zone }, isDated) => {
  const at = new Date(startDate);
  const clock = new Date(startDate.slice(0, 19) + "Z");
  const isElsewhere = zone && clock - at != at.getTimezoneOffset() * -6e4;
  const text = [isDated && date, time].filter(Boolean).join(", ") + (isElsewhere ? " " + zone : "");
  return Object.assign(make("time", "when", text), { dateTime: startDate });
};

const name = ({ mark, isOff, href, base, name }) => {
  const told = anchor("name", href, base, name);
  return [mark && make("strong", "mark", mark), isOff ? make("s", "", told) : told];
};

const list = (part, events, isDated) => {
  const rows = events.map((event) => {
    const lines = [event.where, event.terms].filter(Boolean).map((line) => make("p", "line", line));
    return make("li", "event", when(event, isDated), make("div", "", ...name(event), ...lines));
  });
  // Without a marker it would be no list to VoiceOver.
  return Object.assign(make("ul", part, ...rows), { role: "list" });
};

const agenda = (events, level) =>
  [...Map.groupBy(events, ({ day }) => day)].flatMap(([day, told]) => [
    make("h" + level, "day", day), list("list", told, told[0].isPinned)
  ]);

class HobnobEvents extends HTMLElement {
  static observedAttributes = [...ASKED, ...SHOWN];
  #root = this.attachShadow({ mode: "open" });
  #isDue;
  #address;
  #told;

  connectedCallback() {
    this.#root.adoptedStyleSheets = [STYLE];
    if (!this.#told) this.#stepAside();
    this.attributeChangedCallback();
  }

  // Several changes at once are one question.
  attributeChangedCallback() {
    this.#isDue ||= !queueMicrotask(() => {
      this.#isDue = false;
      if (this.isConnected) this.#update();
    });
  }

  get #base() {
    return (this.getAttribute("base") || HOME).replace(/\/+$/, "");
  }

  // The page's own link is shown: until there is an answer, and when there is none.
  #stepAside() {
    this.#root.replaceChildren(make("slot", "", anchor("more", "", this.#base, "Events")));
  }

  #ask() {
    const config = this.getAttribute("config");
    const [lang] = /^[a-z]{2}/i.exec(this.closest("[lang]")?.lang ?? "") ?? ["en"];
    const asked = new URLSearchParams(/en/i.test(lang) ? "" : { lang });
    for (const name of config ? ["units"] : ASKED) {
      const value = this.getAttribute(name);
      if (value) asked.set(name, value);
    }
    const query = `${asked}`.replaceAll("%2C", ",");
    return `${this.#base}/v1/widget${config ? "s/" + encodeURIComponent(config) : ""}${query && "?" + query}`;
  }

  async #update() {
    const address = this.#ask();
    try {
      if (address != this.#address) {
        this.#address = address;
        this.#told = null;
        // Without a header of ours: so the browser takes what the page has preloaded.
        const answer = await fetch(address);
        const told = await answer.json();
        if (address != this.#address) return;
        if (!answer.ok) throw Error(told.detail);
        this.#told = told;
      }
      if (this.#told) this.#root.replaceChildren(...(await this.#draw(this.#told)));
    } catch (error) {
      console.warn("hobnob-events:", error.message, address);
      this.#stepAside();
    }
  }

  async #draw(told) {
    const { title, layout, links, empty } = told;
    const base = this.#base;
    const items = told.items.map((event) => ({ ...event, base }));
    const level = +this.getAttribute("level") || 2;
    const look = this.getAttribute("layout") || layout;
    const calendar = look == "calendar" && (await import(HOME + "/widget/calendar.js").catch(console.warn));
    const inside = level + !!title;
    this.#root.adoptedStyleSheets = [STYLE, ...(calendar ? [calendar.STYLE] : [])];
    const body = calendar
      ? calendar.draw({ ...told, items }, { make, name, when }, agenda(items, inside))
      : look == "compact" ? [list("list compact", items, true)] : agenda(items, inside);
    return [
      title && make("h" + level, "title", title),
      ...(items.length ? body : [make("p", "empty", empty)]),
      make("p", "links", ...links.map(({ part, href, text }) => anchor(part, href, base, text)))
    ].filter(Boolean);
  }
}

// A page may load it twice, by two plugins.
if (!customElements.get("hobnob-events")) customElements.define("hobnob-events", HobnobEvents);
