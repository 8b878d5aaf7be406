"""An editor's word on single fields of what a source says. What is typed is read by `aggregator.correct.read`."""

from aggregator.correct.override import EDITOR, Field, Override, Patch, correct, in_force

__all__ = ["EDITOR", "Field", "Override", "Patch", "correct", "in_force"]
