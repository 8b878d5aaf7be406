"""What is being done just now, told to whoever watches; nobody does unless a command says so."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import Protocol


class Span(Protocol):
    """A stretch of work that somebody watches."""

    def tell(self, name: str, value: str) -> None:
        """What is known of it by now; never an address of a person or of a private page, and no token."""
        ...


Watch = Callable[[str, dict[str, str]], AbstractContextManager[Span]]
"""Given the name of a stretch of work, and what is known of it; what it raises passes through."""


class _Unseen:
    def tell(self, name: str, value: str) -> None:
        pass


class _Spans:
    def __init__(self, spans: list[Span]) -> None:
        self._spans = spans

    def tell(self, name: str, value: str) -> None:
        for one in self._spans:
            one.tell(name, value)


_UNSEEN = nullcontext[Span](_Unseen())
_watching: list[Watch] = []


def span(name: str, **told: str) -> AbstractContextManager[Span]:
    """The block is one stretch of work of this name: a microsecond when nobody watches."""
    return _watched(name, told) if _watching else _UNSEEN


@contextmanager
def watched_by(watch: Watch) -> Iterator[None]:
    """All work of this program, until the block ends."""
    _watching.append(watch)
    try:
        yield
    finally:
        _watching.remove(watch)


@contextmanager
def _watched(name: str, told: dict[str, str]) -> Iterator[Span]:
    with ExitStack() as stack:
        yield _Spans([stack.enter_context(watch(name, told)) for watch in _watching])
