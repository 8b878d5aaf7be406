"""`hobnob demo`: invented organisations of a real town, on this machine only."""

from api.cli.demo.run import run_demo

__all__ = ["run_demo"]
