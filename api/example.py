"""A question and its answer, for `/docs`: of the demo's invented chamber in a real town."""

QUESTION = "/v1/events?near=Visalia,+CA&kind=chamber&when=next_7_days&limit=1"

ANSWER = """\
{
 "items": [
  {
   "startDate": "2026-11-25T07:30:00-08:00",
   "endDate": "2026-11-25T09:00:00-08:00",
   "distance": 2881,
   "distanceText": "1.8 mi",
   "id": "00000050jrqystr",
   "source": "chamber_visalia",
   "identifier": "http://chamber.visalia.example/event/1-2",
   "name": "Good Morning Visalia Breakfast",
   "timeZone": "America/Los_Angeles",
   "virtualLocation": null,
   "organizer": {"name": "Valley Oak Chamber of Commerce", "url": "http://chamber.visalia.example/"},
   "url": "http://chamber.visalia.example/event/1-2",
   "description": "Breakfast, introductions round the table, and one local story. Guests are welcome.",
   "image": null,
   "keywords": [],
   "eventStatus": "EventScheduled",
   "previousStartDate": null,
   "eventAttendanceMode": "OfflineEventAttendanceMode",
   "isAccessibleForFree": false,
   "offers": [
    {"price": 15, "highPrice": 25, "priceCurrency": "USD", "description": "$15 members, $25 guests"}
   ],
   "visitorTerms": {
    "visitors": "open", "visitsAllowed": null, "guestFee": 25, "memberFee": 15, "oneSeatPerProfession": null,
    "newcomersExpected": null,
    "evidence": [
     {"about": "visitors", "quote": "$15 members, $25 guests", "authority": "page"},
     {"about": "guestFee", "quote": "$15 members, $25 guests", "authority": "page"},
     {"about": "memberFee", "quote": "$15 members, $25 guests", "authority": "page"}
    ]
   },
   "meetingPeople": [
    {"about": "coffee or food together", "speaksFor": true, "quote": "Good Morning Visalia Breakfast"},
    {
     "about": "everybody is introduced",
     "speaksFor": true,
     "quote": "Breakfast, introductions round the table, and one local story."
    }
   ],
   "superEvent": null,
   "sameAs": [],
   "doubts": ["coordinates 36.3302,-119.292 are the middle of Visalia, CA, where the address is not"],
   "location": {
    "name": "Orchard Room",
    "address": {
     "streetAddress": "210 Example Street",
     "addressLocality": "Visalia",
     "addressRegion": "CA",
     "postalCode": "93291",
     "addressCountry": "US"
    },
    "geo": {"latitude": 36.3551, "longitude": -119.301},
    "wheelchairAccessible": true,
    "accessibilityEvidence": [{"source": "chamber_visalia", "quote": "The room is wheelchair accessible."}]
   },
   "placePrecision": "postcode",
   "allDay": false,
   "endDateSource": "stated",
   "eventSchedule": null,
   "kind": "chamber",
   "withdrawn": false,
   "mergedInto": null,
   "firstSeen": "2026-11-23T23:49:23+00:00",
   "changedAt": "2026-11-23T23:49:23+00:00"
  }
 ],
 "total": null,
 "totalIsExact": null,
 "next": "jAHUZzmsk7UAAAAAawTQ7AAAAABrDn6AAAAAAAAAAAAAAAAAawb--AAAAAAAAAAC",
 "query": {
  "kind": "chamber",
  "limit": 1,
  "near": "Visalia, CA",
  "sort": "start",
  "units": "mi",
  "when": "next_7_days",
  "within": "15mi"
 },
 "window": {
  "start": "2026-11-23T15:49:00-08:00",
  "end": "2026-12-01T00:00:00-08:00",
  "timeZone": "America/Los_Angeles"
 },
 "resolvedPlace": {
  "name": "Visalia",
  "region": "CA",
  "country": "US",
  "latitude": 36.3302,
  "longitude": -119.2921,
  "precision": "town",
  "timeZone": "America/Los_Angeles"
 },
 "unplaced": 0,
 "asOf": "2026-11-23T23:49:00Z",
 "staleSources": [],
 "hints": []
}"""
