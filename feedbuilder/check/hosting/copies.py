"""Rules of what is out beside what is in the output folder: the same feed, the same files, no promise broken.

Spec: Apple's RSS guide, `guid` ("never changes"); the podcast namespace, tags/guid.md
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml.etree import _Element

from feedbuilder.check import specs
from feedbuilder.check.feed import Feed, Item, Node, at, attribute
from feedbuilder.check.hosting.plan import Copy, Role
from feedbuilder.check.hosting.published import Hosting, Published, Sides
from feedbuilder.check.hosting.served import length_of
from feedbuilder.check.rules import APPS, DIRECTORIES, EVERYONE, Fault, Faults, rule, shortened
from feedbuilder.check.values import moment_of
from feedbuilder.online.questions import Question

_UPLOAD: Final = "upload output/, feed.xml last; if it is uploaded, empty the cache that stands before the server"
_NOT_SAID: Final = frozenset({"item", "lastBuildDate"})
_TOLD_ELSEWHERE: Final = _NOT_SAID | {"pubDate", "podcast:guid"}


@rule(
    "S1",
    "The podcast:guid is the one that is out",
    error="podcast-index psp1",
    spec=specs.tag("guid"),
    key="config:show.guid",
    remedy="write the podcast:guid that is out; apps know the show by it",
    in_archive="write the one that is out into show.guid; apps know the show by it",
)
def _show_guid_stays(hosting: Hosting) -> Faults:
    if sides := hosting.sides:
        out, here = _both(sides, "podcast:guid")
        if out and here and out.casefold() != here.casefold():
            yield sides.file.told(f"{out} is out, {here} is in the folder")


@rule(
    "S2",
    "Every episode that is out is in the output folder, by its guid",
    error=DIRECTORIES,
    spec=specs.APPLE,
    remedy="do not upload before it is there again: `feedbuilder diff --previous FEED-ADDRESS` shows what became of it",
)
def _no_guid_is_lost(hosting: Hosting) -> Faults:
    if sides := hosting.sides:
        for guid, item in _only_in(sides.out, sides.here).items():
            yield sides.file.told(f"{item.shown} ({shortened(guid, 60)}) is out, and not in the folder")


@rule(
    "S3",
    "Episodes keep the dates they are out with",
    warning=DIRECTORIES,
    spec=specs.APPLE,
    key="dateadded",
    remedy="keep the date that is out; apps sort by it, and may announce the episode again",
)
def _dates_stay(hosting: Hosting) -> Faults:
    if sides := hosting.sides:
        for out, here in _pairs(sides):
            before, after = out.text("pubDate"), here.text("pubDate")
            if before and after and moment_of(before) != moment_of(after):
                yield _of_item(sides, here, f"it is out with {before}, and has {after} in the folder")


@rule(
    "S4",
    "The feed that is out is the one in the output folder",
    warning=EVERYONE,
    spec=specs.RSS,
    remedy=_UPLOAD,
)
def _feed_is_current(hosting: Hosting) -> Faults:
    sides = hosting.sides
    if sides and hosting.body != hosting.content and not _is_newer(sides):
        told = list(_differing(sides))
        yield from told
        if not told and _says_the_same(sides):
            yield sides.file.told(f"{sides.file.shown} says the same in other bytes{_ages(sides)}")


@rule(
    "S4b",
    "Every episode of the output folder is out",
    error=DIRECTORIES,
    spec=specs.RSS,
    remedy=_UPLOAD,
)
def _no_episode_waits(hosting: Hosting) -> Faults:
    sides = hosting.sides
    if sides and not _is_newer(sides):
        for item in _only_in(sides.here, sides.out).values():
            yield _of_item(sides, item, f"it is not in the feed that is out{_ages(sides)}")


@rule(
    "S4c",
    "The files that are out are those in the output folder",
    warning=APPS,
    spec=specs.RSS,
    remedy=_UPLOAD,
)
def _files_are_current(file: Published) -> Faults:
    copy, whole = file.thing.copy, file.reply(Question.WHOLE)
    if copy is None or not file.there or file.is_page or _is_told_by_length(file, copy):
        return
    length = length_of(file)
    if length is not None and length != copy.length_bytes:
        yield _other(file, f"has {length:,} bytes, the folder's file {copy.length_bytes:,}")
    elif whole and whole.sha256 and whole.sha256 != copy.sha256:
        yield _other(file, f"has other bytes than the folder's file, though as many: {copy.length_bytes:,}")


@rule(
    "S4d",
    "The output folder is not older than the feed that is out",
    warning=EVERYONE,
    spec=specs.RSS,
    remedy="do not upload this folder: bring the archive up to date and build again, or find out what else publishes",
)
def _folder_is_current(hosting: Hosting) -> Faults:
    if (sides := hosting.sides) and _is_newer(sides):
        out, here = _both(sides, "lastBuildDate")
        yield sides.file.told(f"{sides.file.shown} is of {out}, the folder's feed of {here}")


def _differing(sides: Sides) -> Iterator[Fault]:
    if names := _other_names(sides.out.channel, sides.here.channel):
        yield sides.file.told(f"the show has another {', '.join(sorted(names))} there{_ages(sides)}")
    for out, here in _pairs(sides):
        if names := _other_names(out, here):
            yield _of_item(sides, here, f"it has another {', '.join(sorted(names))} in the feed that is out")
    both = _by_guid(sides.out).keys() & _by_guid(sides.here).keys()
    if [guid for guid in _by_guid(sides.out) if guid in both] != [
        guid for guid in _by_guid(sides.here) if guid in both
    ]:
        yield sides.file.told("the episodes stand in another order there")


def _ages(sides: Sides) -> str:
    out, here = _both(sides, "lastBuildDate")
    return f" (that is of {out}, the folder's of {here})" if out and here and out != here else ""


def _is_newer(sides: Sides) -> bool:
    out, here = map(moment_of, _both(sides, "lastBuildDate"))
    return bool(out and here and out > here)


def _both(sides: Sides, name: str) -> tuple[str, str]:
    return sides.out.channel.text(name), sides.here.channel.text(name)


def _only_in(feed: Feed, other: Feed) -> dict[str, Item]:
    known = _by_guid(other)
    return {guid: item for guid, item in _by_guid(feed).items() if guid not in known}


def _pairs(sides: Sides) -> Iterator[tuple[Item, Item]]:
    """Yield the episodes in both feeds: as they are out, and as they are in the folder."""
    here = _by_guid(sides.here)
    yield from ((item, here[guid]) for guid, item in _by_guid(sides.out).items() if guid in here)


def _by_guid(feed: Feed) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for item in feed.items:
        if item.guid:
            found.setdefault(item.guid, item)
    return found


def _says_the_same(sides: Sides) -> bool:
    nodes = [(sides.out.channel, sides.here.channel), *_pairs(sides)]
    is_same = not any(_other_names(out, here, _NOT_SAID) for out, here in nodes)
    return is_same and _by_guid(sides.out).keys() == _by_guid(sides.here).keys()


def _other_names(out: Node, here: Node, but: frozenset[str] = _TOLD_ELSEWHERE) -> set[str]:
    """Return the names of the elements that two nodes do not say alike."""
    names = (out.children.keys() | here.children.keys()) - but
    return {name for name in names if [*map(_said, out.all(name))] != [*map(_said, here.all(name))]}


def _said(element: _Element) -> list[object]:
    """Return what an element says, however its namespaces are abbreviated and its attributes ordered."""
    return [
        (part.tag, part.text or "", "" if part is element else part.tail or "", sorted(part.attrib.items()))
        for part in element.iter()
    ]


def _is_told_by_length(file: Published, copy: Copy) -> bool:
    """Whether H4 tells that the enclosure is of another length than the one the feed and the folder agree on."""
    said = attribute(file.thing.element, "length")
    return file.thing.role is Role.MEDIA and said == str(copy.length_bytes) and length_of(file) != copy.length_bytes


def _of_item(sides: Sides, item: Item, message: str) -> Fault:
    return at(item.element, message, item)._replace(url=sides.file.shown)


def _other(file: Published, message: str) -> Fault:
    return file.told(f"{file.shown} {message}")._replace(path=file.thing.path, line=None)


FILE_RULES: Final = (_files_are_current,)
RULES: Final = (
    _show_guid_stays, _no_guid_is_lost, _dates_stay, _feed_is_current, _no_episode_waits, _folder_is_current,
)  # fmt: skip
