"""Word of every change to what a show is made of."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Collection
from pathlib import Path
from threading import Event, Thread
from typing import Final

_SETTLED_MS: Final = 200  # an editor saves in several steps
_STEP_MS: Final = 50
_ENDED_S: Final = 2.0


def can_watch() -> bool:
    """Whether the library that knows of changes is there: it comes with feedbuilder[preview]."""
    return importlib.util.find_spec("watchfiles") is not None


class Watcher:
    """Calls `changed` after every change of what it looks at."""

    def __init__(self, changed: Callable[[], None]) -> None:
        """Look at nothing yet."""
        self._changed = changed
        self._looks_at: tuple[set[Path], set[Path]] = (set(), set())
        self._stop = Event()
        self._threads: list[Thread] = []

    def look_at(self, folders: Collection[Path], files: Collection[Path]) -> None:
        """Look at folders with all that is below them, and at single files, from now on; nothing else.

        A file need not be there, and an editor may put another in its place.
        """
        wanted = {path.resolve() for path in folders if path.is_dir()}, {path.resolve() for path in files}
        if wanted == self._looks_at:
            return
        self.stop()
        self._stop, self._looks_at = Event(), wanted
        below, single = wanted
        beside = {file.parent for file in single if file.parent.is_dir()}
        for places, is_deep, of in ((below, True, None), (beside, False, single)):
            if places:
                thread = Thread(target=self._follow, args=(places, is_deep, of, self._stop), daemon=True)
                self._threads = [*filter(Thread.is_alive, self._threads), thread]
                thread.start()

    def stop(self) -> None:
        """Look no longer."""
        self._stop.set()

    def end(self) -> None:
        """Look no longer, and wait until nobody does: watchfiles may crash where Python ends before it."""
        self.stop()
        for thread in self._threads:
            thread.join(_ENDED_S)

    def _follow(self, places: set[Path], is_deep: bool, of: set[Path] | None, stop: Event) -> None:
        from watchfiles import watch  # noqa: PLC0415  (an extra)

        for changes in watch(*sorted(places), recursive=is_deep, stop_event=stop, debounce=_SETTLED_MS, step=_STEP_MS):
            if of is None or any(Path(path) in of for _, path in changes):
                self._changed()
