// What ical.js reads in the calendar on standard input, as JSON: each event, and the first dates of each rule, in UTC.
const ICAL = require("ical.js");
const MOST_DATES = 6;

const calendar = new ICAL.Component(ICAL.parse(require("fs").readFileSync(0, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);

const instant = (time) => (time === null ? null : time.isDate ? time.toString() : time.toJSDate().toISOString());
const dates = (event) => {
  const found = [];
  const coming = event.iterator();
  for (let next = coming.next(); next && found.length < MOST_DATES; next = coming.next()) found.push(instant(next));
  return found;
};
const told = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid,
    summary: event.summary,
    start: instant(event.startDate),
    end: instant(event.endDate),
    status: component.getFirstPropertyValue("status"),
    location: event.location,
    description: event.description,
    geo: component.getFirstPropertyValue("geo"),
    sequence: event.sequence,
    dates: event.isRecurring() ? dates(event) : null,
  };
});
process.stdout.write(JSON.stringify({ name: calendar.getFirstPropertyValue("x-wr-calname"), events: told }));
