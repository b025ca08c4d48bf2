"""`feedbuilder`, and `python -m feedbuilder`: nothing is loaded before it is known that there is something to do."""

from __future__ import annotations

import sys

from feedbuilder.unchanged import nothing_to_do


def run() -> None:
    """Run the command line."""
    code = nothing_to_do(sys.argv[1:])
    if code is not None:
        sys.exit(code)
    from feedbuilder.cli.main import run as run_commands  # noqa: PLC0415

    run_commands()


if __name__ == "__main__":
    run()
