"""The weekly letter: whether it comes once whatever is killed, how fast it goes out, and what an answer gives away.

    python benchmarks/digest.py kills [--subscribers 5000] [--kills 200] [--seed 1] [--store postgresql://…]
    python benchmarks/digest.py tokens [--count 100000]
    python benchmarks/digest.py answers [--pairs 2000]
    python benchmarks/digest.py speed --postfix FOLDER [--letters 10000]    # FOLDER holds smtp-sink and smtp-source

`kills` needs the shared folder (HOBNOB_SHARED); its store is a file of its own, or the empty database that is named.
Exits 1 when a bar is missed.
"""

import argparse
import importlib
import sys
from pathlib import Path

OPTIONS: dict[str, dict[str, object]] = {
    "kills": {"subscribers": 5000, "kills": 200, "seed": 1, "store": ""},
    "tokens": {"count": 100_000},
    "answers": {"pairs": 2000},
    "speed": {"letters": 10_000, "postfix": Path()},
}


def main() -> int:
    """0 when every bar is kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    modes = parser.add_subparsers(dest="mode", required=True)
    for mode, options in OPTIONS.items():
        one = modes.add_parser(mode)
        for name, usual in options.items():
            one.add_argument(f"--{name}", type=type(usual), default=usual)
    asked = parser.parse_args()
    # Beside this file lies api.py, which would be taken for the package.
    sys.path[0] = str(Path(__file__).with_name("letters"))
    return int(importlib.import_module(asked.mode).measure(asked))


if __name__ == "__main__":
    sys.exit(main())
