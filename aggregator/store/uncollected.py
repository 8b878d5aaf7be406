"""Work on all that a store holds, without Python's search for cycles."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """What is read by the hundred thousand and let go of at the end holds no cycles: to search it again and again as it
    grows takes a third of the time. Of what holds some, memory is freed after the block.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
