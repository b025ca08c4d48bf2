"""feedbuilder: an archive of podcast episodes goes in; a feed, chapters and captions come out.

The map, in the order data takes: `source` reads files, `resolve` makes the show of `model`, `captions` times its words,
`render` turns it into files, `check` reads them back, `publish` writes them. `build` is the way through all of it.

    >>> from datetime import UTC, datetime
    >>> from pathlib import Path
    >>> from feedbuilder import read_config
    >>> from feedbuilder.build import build
    >>> report = build(read_config(Path("feedbuilder.yaml")), now=datetime.now(UTC))  # doctest: +SKIP
"""

from __future__ import annotations

TYPE_CHECKING = False  # as checkers know it: to import `typing` would take a fifth of a run that has nothing to do
if TYPE_CHECKING:
    from feedbuilder.build import Report
    from feedbuilder.config import Config
    from feedbuilder.errors import FeedbuilderError, Problem
    from feedbuilder.model import Episode, Show
    from feedbuilder.source.settings import read_config

__all__ = ["Config", "Episode", "FeedbuilderError", "Problem", "Report", "Show", "__version__", "read_config"]
__version__ = "0.1.0"

_HOMES = {
    "Config": "config",
    "Episode": "model",
    "FeedbuilderError": "errors",
    "Problem": "errors",
    "Report": "build",
    "Show": "model",
    "read_config": "source.settings",
}


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for: importing the package costs next to nothing."""
    if name in _HOMES:
        from importlib import import_module  # noqa: PLC0415  (a run that has nothing to do needs none of it)

        return getattr(import_module(f"feedbuilder.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'feedbuilder' has no attribute {name!r}")
