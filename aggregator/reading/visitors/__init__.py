"""Whether a stranger may turn up, how often, and for how much: read from what a page says, never guessed."""

from aggregator.reading.visitors.terms import read_terms, shorten

__all__ = ["read_terms", "shorten"]
