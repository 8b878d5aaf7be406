"""The ways out: JSON, feeds and the command line."""
