"""What a preview says beside the pages: what is to be mended, what is not out yet, and the items of the feed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from lxml import etree

from feedbuilder.errors import Problem, Severity
from feedbuilder.model import Episode, Show
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
    show: Show, problems: Sequence[Problem], due: Mapping[str, datetime], folder_url: str
) -> dict[str, Remarks]:
    """Return the remarks by the path of the page they belong on; `due` holds what is not out yet, by its file."""
    of_file: dict[str, list[Problem]] = defaultdict(list)
    for fault in sorted(problems, key=lambda fault: (_ORDER[fault.severity], str(fault.place))):
        if fault.code != "scheduled":  # the mark says it
            of_file[fault.place.path].append(fault)
    marks = {
        episode_path(episode.slug): found
        for episode in show.episodes
        if (found := _marks(of_file.get(episode.source, ()), due.get(episode.source)))
    }
    sources = {episode.source for episode in show.episodes}
    elsewhere = [fault for path, faults in of_file.items() if path not in sources for fault in faults]
    remarks = {INDEX: _remarks(INDEX, folder_url, tell(show, problems, due), elsewhere, marks)}
    for episode in show.episodes:
        path, moment = episode_path(episode.slug), due.get(episode.source)
        told = f"{episode.source}: comes out {moment:%Y-%m-%d %H:%M %Z}." if moment else f"{episode.source}: out now."
        of_page = _remarks(path, folder_url, told, of_file.get(episode.source, ()), {})
        remarks[path] = replace(of_page, item=Here(path, folder_url).to(item_path(episode)))
    return remarks


def tell(show: Show, problems: Iterable[Problem], due: Mapping[str, datetime]) -> str:
    """Return one line about the whole."""
    told = f"{len(show.episodes)} episodes"
    if due:
        told += f", {len(due)} of them not out yet"
    found = [fault.severity for fault in problems if fault.code != "scheduled"]
    counts = [(severity, found.count(severity)) for severity in _ORDER if severity in found]
    told += "".join(f", {count} {severity}{'s' * (count != 1)}" for severity, count in counts)
    return f"{told}."


def page_of_remarks(told: str, problems: Iterable[Problem], here: Here) -> bytes:
    """Return a page of all that is to be said."""
    faults = sorted(problems, key=lambda fault: (_ORDER[fault.severity], fault.code, str(fault.place)))
    values = {
        "told": told, "faults": faults, "style": here.to(_STYLE), "script": here.to(_SCRIPT),
        "icon": here.to(_ICON), "index": here.to(INDEX),
    }  # fmt: skip
    return Templates({"all.html": (_ASSETS / "all.html").read_text("utf-8")}).render("all.html", values).encode()


def assets() -> dict[str, Path]:
    """Return what the remarks are dressed with."""
    own = {path: _ASSETS / path.removeprefix(PRIVATE) for path in (_STYLE, _SCRIPT)}
    return {**own, _ICON: OWN_TEMPLATES / _ICON.removeprefix(PRIVATE)}


def item_path(episode: Episode) -> str:
    """Return where a preview shows an episode's item."""
    return f"{PRIVATE}items/{episode.slug}.xml.txt"


def item_of(feed: bytes, guid: str) -> bytes:
    """Return an episode's item as the feed has it, for people to read."""
    root = etree.fromstring(feed, strict_parser(keep_cdata=True))
    found = next(item for item in root.iter("item") if item.findtext("guid") == guid)
    lines = etree.tostring(found, encoding="unicode", with_tail=False).splitlines()
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
