"""What adapters read with: pages, calendars, structured data, dates and rhythms; pure."""
