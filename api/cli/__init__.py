"""The commands; the only composition root."""
