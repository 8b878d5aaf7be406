"""Reading against the libraries: HTML with JSON-LD (extruct), and iCalendar with expansion (recurring-ical-events).

    python benchmarks/reading.py

Exits 1 when either falls below its bar, or reads something else than the library. Needs the extra `bench`.
"""

import sys

import reading_html
import reading_ical


def main() -> int:
    return reading_html.main() | reading_ical.main()


if __name__ == "__main__":
    sys.exit(main())
