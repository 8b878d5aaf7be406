"""Pages of rendered events in the formats that other programs read."""
