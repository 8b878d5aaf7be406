"""Pool: children to read with at the same time, each replaced when it is killed or worn out."""

import asyncio
import contextlib
import os
import pickle
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from types import TracebackType
from typing import Self, cast

from aggregator.errors import ParseError, ParserKilledError
from aggregator.sandbox.wire import LENGTH, MAX_ANSWER, Reading, Task, read_reading
from aggregator.source import Follow, Page, Parse
from aggregator.trace import span

CHILD = "child"
"""The stretch of work in which a child is started."""

WALL_SECONDS = 15.0
QUIT_SECONDS = 1.0
MAX_PAGES = 2_000
"""Pages that one child reads; what leaks in a library leaks no further. To start one costs as much as 100 pages."""

DEATHS = {-signal.SIGXCPU: "it took too much CPU", os.EX_OSERR: "it took too much memory"}


class Child:
    """One process, started as a fresh interpreter: no secrets in its environment, no open files, no second main."""

    def __init__(self, program: Process) -> None:
        self._program = program
        self._questions = cast("asyncio.StreamWriter", program.stdin)
        self._answers = cast("asyncio.StreamReader", program.stdout)
        self._pages = 0

    @classmethod
    async def start(cls) -> Self:
        """The child imports this project from where its parent does."""
        return cls(
            await asyncio.create_subprocess_exec(
                *(sys.executable, "-B", "-P", "-m", "aggregator.sandbox.child"),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                limit=1 << 20,
                env={"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"},
            )
        )

    @property
    def is_usable(self) -> bool:
        """Alive, and not worn out."""
        return self._program.returncode is None and self._pages < MAX_PAGES

    async def ask(self, question: bytes, wall_seconds: float) -> bytes:
        """The answer; ParserKilledError when there is none in time. However it fails, the child is then dead."""
        self._pages += 1
        try:
            async with asyncio.timeout(wall_seconds):
                return await self._exchange(question)
        except TimeoutError as error:
            await self.kill()
            raise ParserKilledError(f"it took longer than {wall_seconds:g} s") from error
        except (OSError, asyncio.IncompleteReadError) as error:
            status = await self.kill()
            raise ParserKilledError(DEATHS.get(status, f"the parsing child ended with status {status}")) from error
        except BaseException:
            await self.kill()
            raise

    async def kill(self) -> int:
        """Ends it at once; its exit status (a signal is negative)."""
        with contextlib.suppress(ProcessLookupError):
            self._program.kill()
        self._questions.close()
        return await self._program.wait()

    async def close(self) -> None:
        """Lets it end by itself, for a moment."""
        self._questions.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._program.wait(), QUIT_SECONDS)
        await self.kill()

    async def _exchange(self, question: bytes) -> bytes:
        self._questions.write(LENGTH.pack(len(question)) + question)
        await self._questions.drain()
        size = LENGTH.unpack(await self._answers.readexactly(LENGTH.size))[0]
        if size > MAX_ANSWER:
            raise ParserKilledError(f"it gave an answer of {size} bytes")
        return await self._answers.readexactly(size)


class Sandbox:
    """An async context manager over `children` processes."""

    def __init__(self, children: int, wall_seconds: float = WALL_SECONDS) -> None:
        self._places: asyncio.LifoQueue[Child | None] = asyncio.LifoQueue()
        self._children: set[Child] = set()
        self._size = children
        self._wall_seconds = wall_seconds

    async def __aenter__(self) -> Self:
        try:
            for _ in range(self._size):
                self._places.put_nowait(await self._start())
        except BaseException:
            await self._close()  # interrupted between two children: nobody else knows of the first
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._close()

    async def read(self, parse: Parse, follow: Follow | None, page: Page) -> Reading:
        """What `parse` and `follow`, module-level functions or partials, find on the page.

        ParseError with the parser's own words, ParserKilledError when it went over its limits; both name the page.
        """
        question = pickle.dumps(Task(parse=parse, follow=follow, page=page), protocol=pickle.HIGHEST_PROTOCOL)
        child = await self._places.get()
        try:
            child = child or await self._start()
            return read_reading(await child.ask(question, self._wall_seconds))
        except ParseError as error:
            raise type(error)(f"{page.url}: {error}") from error
        finally:
            await self._give_back(child)

    async def _close(self) -> None:
        await asyncio.gather(*(child.close() for child in self._children))
        self._children.clear()

    async def _start(self) -> Child:
        with span(CHILD):
            child = await Child.start()
        self._children.add(child)
        return child

    async def _give_back(self, child: Child | None) -> None:
        """An empty place, in which the next page starts a child, when this one is not to be used again."""
        usable = child if child and child.is_usable else None
        self._places.put_nowait(usable)
        if child and not usable:
            self._children.discard(child)
            await child.close()
