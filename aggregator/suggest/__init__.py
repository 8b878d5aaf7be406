"""What the public suggests. What is sent is read by `suggest.read`, and made into an event by `suggest.event`."""

from aggregator.suggest.suggestion import SOURCES, SUGGESTED, KeptSuggestion, Standing, Subject, Suggestion

__all__ = ["SOURCES", "SUGGESTED", "KeptSuggestion", "Standing", "Subject", "Suggestion"]
