"""Persistent parsing children that can be killed: what a page holds can hurt only the process that reads it."""

from aggregator.sandbox.pool import CHILD, Sandbox
from aggregator.sandbox.wire import Reading, read_kept, read_reading, write_reading

__all__ = ["CHILD", "Reading", "Sandbox", "read_kept", "read_reading", "write_reading"]
