"""Where an event is, and how sure we are."""
