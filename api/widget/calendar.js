// The layout "calendar" of <hobnob-events>: a month on one sheet; where there is no room for it, the list.

export const STYLE = new CSSStyleSheet();
STYLE.replaceSync(`
[part=wide]{display:none;margin-block-end:1em}
@container (min-width:40em){[part=wide]{display:block}[part=narrow]{display:none}}
table{width:100%;border-collapse:collapse;table-layout:fixed}
caption{font-weight:600;text-align:start;padding-block-end:.5em}
th{font-size:.8em;text-align:start;color:var(--soft);padding:.3em .4em}
td{vertical-align:top;height:5.5em;padding:.3em .4em;border:1px solid var(--line);font-size:.85em}
[part=number]{color:var(--soft)}
[aria-current]>[part=number]{font-weight:600;text-decoration:underline;color:inherit}
td ul{margin:0}
td li,td li+li{padding:.2em 0;border:0}
td time{display:block}
[part=pager]{display:flex;align-items:center;gap:.4em;font-size:1.05em}
[part=month-name]{flex:1}
button{color:inherit;background:none;border:1px solid var(--line);border-radius:.3em;
padding:0 .7em;cursor:pointer}
button[aria-disabled=true]{opacity:.5;cursor:default}
`);

const DAY = 864e5;
const written = (at) => new Date(at).toISOString().slice(0, 10);

// An event of several days stands on each of them, for a month at most.
const daysOf = (event) => {
  const first = Date.parse(event.startDate.slice(0, 10));
  const last = event.zone ? first : Date.parse(event.endDate);
  const count = Math.min((last - first) / DAY, 31) + 1;
  return Array.from({ length: count }, (_, number) => [written(first + number * DAY), event]);
};

const firstDay = (lang) => {
  const locale = new Intl.Locale(lang);
  return (locale.getWeekInfo?.() ?? locale.weekInfo ?? { firstDay: 7 }).firstDay % 7;
};

export const draw = ({ items, lang, words }, { make, name, when }, list) => {
  const days = Map.groupBy(items.flatMap(daysOf), ([day]) => day);
  const months = [...new Set([...days.keys()].map((day) => day.slice(0, 7)))].sort();
  const form = (options) => new Intl.DateTimeFormat(lang, { timeZone: "UTC", ...options });
  const begin = firstDay(lang);
  const now = new Date();
  const today = written(now - now.getTimezoneOffset() * 6e4);
  const wide = make("div", "wide");
  let shown = 0;

  const cell = (at, month) => {
    const day = written(at);
    if (day.slice(0, 7) != month) return make("td");
    const told = days.get(day)?.map(([, event]) => make("li", "event", when(event), " ", ...name(event)));
    const made = make("td", "cell", make("span", "number", `${+day.slice(8)}`), told && make("ul", "cell-list", ...told));
    if (day == today) made.setAttribute("aria-current", "date");
    return made;
  };

  const weeks = (month) => {
    const first = Date.parse(month + "-01");
    const before = (new Date(first).getUTCDay() - begin + 7) % 7;
    const rows = [];
    for (let at = first - before * DAY; written(at).slice(0, 7) <= month; at += 7 * DAY) {
      rows.push(make("tr", "", ...Array.from({ length: 7 }, (_, number) => cell(at + number * DAY, month))));
    }
    return rows;
  };

  // 1 January 2023 was a Sunday.
  const heads = Array.from({ length: 7 }, (_, number) => {
    const at = Date.UTC(2023, 0, 1 + begin + number);
    const head = make("th", "weekday", form({ weekday: "short" }).format(at));
    head.scope = "col";
    return head;
  });

  const title = make("span", "month-name");
  title.setAttribute("aria-live", "polite");
  const body = make("tbody");
  const turn = (step) => {
    shown = Math.min(Math.max(shown + step, 0), months.length - 1);
    title.textContent = form({ month: "long", year: "numeric" }).format(Date.parse(months[shown] + "-01"));
    body.replaceChildren(...weeks(months[shown]));
    buttons.forEach((button, place) => button.setAttribute("aria-disabled", shown == (place ? months.length - 1 : 0)));
  };
  const buttons = [["previous", "‹", -1], ["next", "›", 1]].map(([word, sign, step]) => {
    const button = make("button", "turn", sign);
    button.type = "button";
    button.setAttribute("aria-label", words[word]);
    button.addEventListener("click", () => turn(step));
    return button;
  });

  turn(0);
  const caption = make("caption", "", make("div", "pager", title, ...(months.length > 1 ? buttons : [])));
  wide.append(make("table", "month", caption, make("thead", "", make("tr", "", ...heads)), body));
  return [wide, make("div", "narrow", ...list)];
};
