"""The core: what an event is, and how one gets from a page into the store and out again."""

__version__ = "0.1.0"
