"""The report, as its reader meets it: in both themes, on a phone, with assistive technology, without a script."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from archives import NOW, REAL_ARCHIVE, SEEDS, built, config_text, episode_text, write_archive, write_real_config
from sites import DESK, PHONE
from test_every_page import faults

from feedbuilder import read_config
from feedbuilder.publish.beside import REPORT_PAGE
from feedbuilder.report.writing import with_report

LOOKS = [(DESK, "light"), (DESK, "dark"), (PHONE, "light"), (PHONE, "dark")]
HOSTILE = "</style></script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>\u202e&amp;"


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def report_on(config: Path, output: Path) -> Iterator[str]:
    """Build, serve the output folder as any web server does, and return the report's address."""
    with_report(built(config, output), read_config(config), now=NOW)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=output)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/{REPORT_PAGE}"
        finally:
            server.shutdown()
            thread.join()


def open_all(page: Any) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


@pytest.mark.parametrize(("size", "theme"), LOOKS, ids=["desk", "desk at night", "phone", "phone at night"])
def test_the_report_is_accessible_and_fits(
    open_page: Callable[..., Any], tmp_path: Path, screenshot: Callable[..., None], size: Any, theme: str
) -> None:
    shutil.copytree(SEEDS, tmp_path / "seeds", ignore=shutil.ignore_patterns(".feedbuilder"))
    with report_on(tmp_path / "seeds/feedbuilder.yaml", tmp_path / "out") as address:
        page = open_page(address, theme=theme, size=size)
        screenshot(page, f"report-{size['width']}-{theme}")
        assert page.locator("h1").inner_text() == "The Seed Show"
        assert page.locator(".state").inner_text().startswith("2 episodes published.")
        for _ in range(2):  # folded, and with everything open
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
            assert faults(page) == []
            open_all(page)


@pytest.mark.skipif(not REAL_ARCHIVE.is_dir(), reason="the real archive is not here")
@pytest.mark.parametrize(("size", "theme"), [(DESK, "dark"), (PHONE, "light")], ids=["desk", "phone"])
def test_the_report_on_a_real_show_is_accessible_and_fits(
    open_page: Callable[..., Any], tmp_path: Path, screenshot: Callable[..., None], size: Any, theme: str
) -> None:
    with report_on(write_real_config(tmp_path), tmp_path / "output") as address:
        page = open_page(address, theme=theme, size=size)
        screenshot(page, f"report-real-{size['width']}-{theme}")
        open_all(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert faults(page) == []
        assert page.locator("svg").count() == 6


def test_every_chart_says_what_it_shows_and_has_its_numbers(open_page: Callable[..., Any], tmp_path: Path) -> None:
    config = write_archive(tmp_path, {"a.md": episode_text(season=1), "b.md": episode_text(guid="two", season=2)})
    with report_on(config, tmp_path / "output") as address:
        page = open_page(address, java_script_enabled=False)
        for figure in page.locator("figure").all():
            name = figure.get_by_role("heading").inner_text()
            chart = figure.get_by_role("img", name=name)
            assert chart.count() == 1
            assert chart.locator("desc").text_content() in figure.inner_text()
            figure.locator("summary").click()
            assert figure.locator("tbody tr").count() > 0
            assert figure.locator("table").is_visible()


def test_hostile_words_stay_words(open_page: Callable[..., Any], tmp_path: Path) -> None:
    episodes = {
        "one.md": episode_text(
            title=HOSTILE, description=HOSTILE, links={"web": HOSTILE}, transcript=[{"line": HOSTILE, "sec": 1}]
        ),
        "later.md": episode_text(title=HOSTILE, guid="two", dateadded="2027-02-01"),
        "held.md": episode_text(title=HOSTILE, guid="three", dateadded=HOSTILE),
    }
    config = write_archive(tmp_path, episodes, config_text(show={"title": HOSTILE}))
    with report_on(config, tmp_path / "output") as address:
        page = open_page(address)
        open_all(page)
        assert page.evaluate("window.hacked") is None
        assert page.locator("script, img").count() == 0
        assert HOSTILE in page.locator("h1").inner_text()
        assert page.locator("bdi", has_text="window.hacked").count() >= 3
        assert page.locator(".state").inner_text().startswith("1 episode published, 1 held back, 1 scheduled.")
        assert faults(page) == []


def test_a_title_from_right_to_left_runs_so_on_an_english_page(open_page: Callable[..., Any], tmp_path: Path) -> None:
    config = write_archive(
        tmp_path, {"one.md": episode_text(title="كيف نبدأ", language="ar")}, config_text(show={"language": "ar"})
    )
    with report_on(config, tmp_path / "output") as address:
        page = open_page(address)
        assert page.evaluate("document.documentElement.lang") == "en"
        title = page.locator(".episodes [lang=ar]")
        assert title.inner_text() == "كيف نبدأ"
        assert title.evaluate("each => getComputedStyle(each).direction") == "rtl"
        assert faults(page) == []
