"""`hobnob doctor`: looks at everything that may be amiss, and says what a person should do, worst first."""

from api.cli.doctor.look import examine

__all__ = ["examine"]
