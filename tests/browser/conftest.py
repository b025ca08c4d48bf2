"""A real browser, headless, on real pages: Debian's chromium, driven by Playwright.

SCREENSHOTS=folder python -m pytest tests/browser     keep pictures of the main pages, to look at
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from archives import NOW, SEEDS
from sites import DESK, edition_of, served, site_of

from feedbuilder import read_config
from feedbuilder.preview.edition import read_edition

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with playwright.sync_playwright() as driver:
        # CI runs as root, where chromium has no sandbox; the pages are our own.
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--mute-audio"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Open pages, and fail when one of them says anything on the console or asks anybody else for anything."""
    said: list[str] = []
    with ExitStack() as contexts:

        def opened(url: str, *, theme: str = "light", size: dict[str, int] = DESK, **options: Any) -> Any:
            context = chromium.new_context(color_scheme=theme, viewport=size, **options)
            contexts.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(8000)
            page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
            page.on("pageerror", lambda error: said.append(f"{error}"))
            page.on("request", lambda request: said.extend(_elsewhere(request.url)))
            page.on("response", lambda answer: said.extend([f"{answer.status} {answer.url}"] * (answer.status >= 400)))
            page.goto(url)
            return page

        yield opened
    assert said == []


def _elsewhere(url: str) -> list[str]:
    parts = urlsplit(url)
    return [] if parts.hostname == "127.0.0.1" or parts.scheme in {"data", "blob"} else [f"asked for {url}"]


@pytest.fixture(scope="session")
def previewed() -> Iterator[str]:
    """Return the address of the sample show's preview."""
    with served(read_edition(lambda: read_config(SEEDS / "feedbuilder.yaml"), NOW)) as server:
        yield server.address


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """Return the address of the sample show's pages as they are published."""
    with served(edition_of(site_of(SEEDS / "feedbuilder.yaml"))) as server:
        yield server.address


@pytest.fixture
def screenshot() -> Callable[[Any, str], None]:
    folder = os.environ.get("SCREENSHOTS")

    def taken(page: Any, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png")

    return taken
