"""Pages for people: what they show is decided in pure functions, written by templates, and needs no script."""
