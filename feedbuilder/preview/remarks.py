"""What a preview says beside the pages: what is to be mended, what is not out yet, and the items of the feed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from lxml import etree

from feedbuilder.errors import Problem, Severity
from feedbuilder.model import Show
from feedbuilder.render.pages.addresses import INDEX, Here, episode_path
from feedbuilder.render.pages.templating import OWN_TEMPLATES, Templates
from feedbuilder.render.xml import strict_parser

PRIVATE: Final = ".preview/"
"""Below it stands what no build would publish."""
EVENTS: Final = PRIVATE + "events"
REMARKS: Final = PRIVATE + "remarks.html"
_STYLE: Final = PRIVATE + "preview.css"
_SCRIPT: Final = PRIVATE + "preview.js"
_ICON: Final = PRIVATE + "feedbuilder.svg"
_ASSETS: Final = Path(__file__).parent / "assets"
_ORDER: Final = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


class Mark(NamedTuple):
    """A badge on an episode of the index."""

    kind: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Remarks:
    """What stands on one page; the templates read it."""

    told: str
    all: str  # the way to the page of all remarks
    style: str
    script: str
    item: str | None = None  # the way to the item
    faults: Sequence[Problem] = ()
    marks: Mapping[str, Sequence[Mark]]  # of the episodes, by the path of their page


def remarks_on(
    show: Show,
    problems: Sequence[Problem],
    due: Mapping[str, datetime],
    folder_url: str,
    kept: Mapping[str, str],
) -> dict[str, Remarks]:
    """Return the remarks by the path of the page they belong on.

    `due` holds what is not out yet, by its file, and `kept` the files that broke after they came out, by their page.
    """
    of_file: dict[str, list[Problem]] = defaultdict(list)
    for fault in sorted(problems, key=lambda fault: (_ORDER[fault.severity], str(fault.place))):
        if fault.code != "scheduled":  # the mark says it
            of_file[fault.place.path].append(fault)
    marks = {
        episode_path(episode.slug): found
        for episode in show.episodes
        if (found := _marks(of_file.get(episode.source, ()), due.get(episode.source)))
    }
    marks |= {path: [_kept_mark(of_file.get(source, ()))] for path, source in kept.items()}
    sources = {episode.source for episode in show.episodes}
    elsewhere = [fault for path, faults in of_file.items() if path not in sources for fault in faults]
    remarks = {INDEX: _remarks(INDEX, folder_url, tell(show, problems, due), elsewhere, marks)}
    for episode in show.episodes:
        path, moment = episode_path(episode.slug), due.get(episode.source)
        told = f"{episode.source}: comes out {moment:%Y-%m-%d %H:%M %Z}." if moment else f"{episode.source}: out now."
        of_page = _remarks(path, folder_url, told, of_file.get(episode.source, ()), {})
        remarks[path] = replace(of_page, item=Here(path, folder_url).to(item_path(episode.slug)))
    for path, source in kept.items():
        told = f"{source} is broken: this page and its item stay as they were published."
        of_page = _remarks(path, folder_url, told, of_file.get(source, ()), {})
        remarks[path] = replace(of_page, item=Here(path, folder_url).to(item_path(PurePosixPath(path).stem)))
    return remarks


def _kept_mark(faults: Sequence[Problem]) -> Mark:
    """Return the badge of an episode that stays as it was published, with the reason."""
    why = next((fault.message for fault in faults if fault.severity is Severity.ERROR), "its file gives no episode")
    return Mark("error", f"stays as it was published: {why}")


def tell(show: Show, problems: Iterable[Problem], due: Mapping[str, datetime]) -> str:
    """Return one line about the whole."""
    told = f"{len(show.episodes) + len(show.kept)} episodes"
    if show.kept:
        told += f", {len(show.kept)} of them kept as published"
    if due:
        told += f", {len(due)} of them not out yet"
    found = [fault.severity for fault in problems if fault.code != "scheduled"]
    counts = [(severity, found.count(severity)) for severity in _ORDER if severity in found]
    told += "".join(f", {count} {severity}{'s' * (count != 1)}" for severity, count in counts)
    return f"{told}."


def page_of_remarks(told: str, problems: Iterable[Problem], here: Here, item: str | None = None) -> bytes:
    """Return a page of all that is to be said; `item` is the way to the item it is about, if it is about one."""
    faults = sorted(problems, key=lambda fault: (_ORDER[fault.severity], fault.code, str(fault.place)))
    values = {
        "told": told, "faults": faults, "style": here.to(_STYLE), "script": here.to(_SCRIPT),
        "icon": here.to(_ICON), "index": here.to(INDEX), "item": item,
    }  # fmt: skip
    return Templates({"all.html": (_ASSETS / "all.html").read_text("utf-8")}).render("all.html", values).encode()


def put_on_page(page: bytes, remarks: Remarks) -> bytes:
    """Return a page that was made without remarks, with them; unchanged, where it has no room for them."""
    words = Templates({}).render("remarks.html", {"remarks": remarks}).encode()
    dress = f'<link rel="stylesheet" href="{remarks.style}">\n<script src="{remarks.script}" defer></script>\n'.encode()
    head, has_head, rest = page.partition(b"</head>")
    body = re.search(rb"<body[^>]*>", rest)
    if not (has_head and body):
        return page
    return b"".join([head, dress, has_head, rest[: body.end()], b"\n", words, rest[body.end() :]])


def assets() -> dict[str, Path]:
    """Return what the remarks are dressed with."""
    own = {path: _ASSETS / path.removeprefix(PRIVATE) for path in (_STYLE, _SCRIPT)}
    return {**own, _ICON: OWN_TEMPLATES / _ICON.removeprefix(PRIVATE)}


def item_path(slug: str) -> str:
    """Return where a preview shows an episode's item."""
    return f"{PRIVATE}items/{slug}.xml.txt"


def item_of(feed: bytes, guid: str) -> bytes:
    """Return an episode's item as the feed has it, for people to read."""
    root = etree.fromstring(feed, strict_parser(keep_cdata=True))
    found = next(item for item in root.iter("item") if item.findtext("guid") == guid)
    return readable_item(etree.tostring(found, encoding="utf-8", with_tail=False))


def readable_item(item: bytes) -> bytes:
    """Return an item as it stands in a feed, set further to the left."""
    lines = item.decode().splitlines()
    return ("\n".join(line.removeprefix("    ") for line in lines) + "\n").encode()


def _marks(faults: Sequence[Problem], due: datetime | None) -> list[Mark]:
    marks = [Mark("due", f"comes out {due:%Y-%m-%d %H:%M}")] if due else []
    found = [fault.severity for fault in faults]
    for severity in (Severity.ERROR, Severity.WARNING):
        if count := found.count(severity):
            marks.append(Mark(severity, f"{count} {severity}{'s' * (count != 1)}"))
    return marks


def _remarks(
    path: str, folder_url: str, told: str, faults: Sequence[Problem], marks: Mapping[str, Sequence[Mark]]
) -> Remarks:
    here = Here(path, folder_url)
    return Remarks(
        told=told, all=here.to(REMARKS), style=here.to(_STYLE), script=here.to(_SCRIPT), faults=faults, marks=marks
    )
