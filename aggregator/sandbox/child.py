"""Child: reads pages, one after the other, in a process that can do nothing else."""

import contextlib
import os
import pickle
import resource
import signal
import sys
from pathlib import Path
from typing import Any

from aggregator.sandbox.wire import LENGTH, read_page, tell_error

MEMORY = 1 << 30
"""Bytes of address space beyond what the child has at its start."""

CPU_SECONDS = 10
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
FORBIDDEN = (
    *("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.startfile", "os.system"),
    *("os.chmod", "os.chown", "os.kill", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink"),
    *(
        "os.truncate",
        "os.utime",
        "pty.",
        "shutil.",
        "signal.pthread_kill",
        "sqlite3.",
        "tempfile.",
        "urllib.",
        "webbrowser.",
    ),
)


def main() -> None:
    """Answers length-prefixed tasks from standard input until it ends."""
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    _silence()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which lets the page be read to its end
    limit_resources()
    sys.addaudithook(refuse_ways_out)
    while head := questions.read(LENGTH.size):
        allow_cpu(CPU_SECONDS)
        answer = answer_task(questions.read(LENGTH.unpack(head)[0]))
        answers.write(LENGTH.pack(len(answer)) + answer)
        answers.flush()


def answer_task(pickled: bytes) -> bytes:
    """Whatever a parser raises is told; only the end of memory ends the child."""
    try:
        return read_page(pickle.loads(pickled))  # noqa: S301 - from the parent
    except MemoryError:
        os._exit(os.EX_OSERR)
    except (Exception, RecursionError) as error:  # noqa: BLE001 - an adapter may raise anything, and the parent must know
        return tell_error(error)


def refuse_ways_out(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook (PEP 578): limits on memory close no sockets. It stops careless code, not hostile Python."""
    if event == "open":
        if arguments[2] & WRITING and not isinstance(arguments[0], int):
            raise PermissionError(f"a parser may not write {arguments[0]!r}")
    elif event.startswith(FORBIDDEN):
        raise PermissionError(f"a parser may not do {event}")


def limit_resources() -> None:
    """Memory relative to what is in use; no bytes into files, no core files."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    with contextlib.suppress(OSError):  # no /proc, as on macOS, where the limit is not kept anyway
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def allow_cpu(seconds: int) -> None:
    """That much more from now on: the limit counts from the start of the process. SIGXCPU ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _silence() -> None:
    """What libraries print must not be taken for an answer."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.close(null)


if __name__ == "__main__":
    main()
