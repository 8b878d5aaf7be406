"""A regular group: its rhythm, how it is known, and whether it still meets. Pure."""
