"""The pages of an archive, as a build publishes them, and patience with a browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

from archives import NOW

from feedbuilder import read_config
from feedbuilder.preview.edition import Edition
from feedbuilder.preview.server import PreviewServer
from feedbuilder.render import OutputFile, Wanted, render_show, render_texts
from feedbuilder.render.pages.site import Pages, Site
from feedbuilder.resolve.show import resolve_show
from feedbuilder.source.archive import read_archive
from feedbuilder.source.ledger import read_ledger

AXE = Path(__file__).parents[1] / "peers/node_modules/axe-core/axe.min.js"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


def site_of(config_file: Path, *, styles_feed: bool = False) -> list[OutputFile]:
    """Return all files of a show, pages included."""
    config = read_config(config_file)
    show = resolve_show(read_archive(config), config, read_ledger(config), NOW).show
    folder_url, name, wanted = config.feed.folder_url, config.feed.file_name, Wanted()
    texts = [file for episode in show.episodes for file in render_texts(episode, show, wanted).files]

    site = Site(folder_url=folder_url, feed_name=name, zone=config.show.timezone, styles_feed=styles_feed)
    pages = Pages(show, site, wanted)
    return [
        *render_show(show, texts, file_name=name, folder_url=folder_url, wanted=wanted),
        *map(pages.episode, show.episodes),
        *pages.around(),
    ]


def until(page: Any, expression: str, seconds: float = 8) -> None:
    """Wait until an expression is true in the page; the pages' policy forbids Playwright's own way, which is `eval`."""
    end = monotonic() + seconds
    while not page.evaluate(expression):
        assert monotonic() < end, f"in {seconds} s it did not come true that {expression}"
        page.wait_for_timeout(40)


@contextmanager
def served(edition: Edition) -> Iterator[PreviewServer]:
    """Serve an edition on a port of its own."""
    server = PreviewServer(edition, 0)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def edition_of(files: list[OutputFile]) -> Edition:
    """Return files, as a build would publish them, for the server."""
    return Edition({file.path: partial(_itself, file.content) for file in files}, "")


def _itself(content: bytes | Path) -> bytes | Path:
    return content
