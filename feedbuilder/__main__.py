"""`feedbuilder`, and `python -m feedbuilder`: nothing is loaded before it is known that there is something to do."""

from __future__ import annotations

import gc
import sys

from feedbuilder.unchanged import nothing_to_do


def run() -> None:
    """Run the command line."""
    code = nothing_to_do(sys.argv[1:])
    if code is not None:
        sys.exit(code)
    gc.disable()  # a run is short and makes few circles of objects; to look for them costs it a tenth of its time
    from feedbuilder.cli.main import run as run_commands  # noqa: PLC0415

    try:
        run_commands()
    finally:
        gc.freeze()  # nor are they looked for at the end, when the system takes all of the memory back


if __name__ == "__main__":
    run()
