"""The same work on many machines: PgQueuer carries what is due from the scheduler that ticks to all who work."""

from aggregator.queue.install import install
from aggregator.queue.line import open_line
from aggregator.queue.put import Queue
from aggregator.queue.work import Worker

__all__ = ["Queue", "Worker", "install", "open_line"]
