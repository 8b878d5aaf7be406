"""`python -m api.cli` is `hobnob`."""

from api.cli.main import main

main()
