"""Rules of what files say of each other: what the feed names is there, what is there is named, captions agree.

Spec: ours; an app that follows a link must find something
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from lxml.etree import _Element

from feedbuilder.check import specs
from feedbuilder.check.captions import Captions
from feedbuilder.check.feed import Feed, Item, at, attribute
from feedbuilder.check.rules import APPS, DIRECTORIES, Fault, Faults, rule, shortened
from feedbuilder.check.transcripts import TAG

_SPAN_SLACK_MS: Final = 2000
_TEXT_FOLDERS: Final = frozenset({"chapters", "transcripts"})
_TEXT_ENDINGS: Final = frozenset({".json", ".srt", ".vtt", ".txt"})  # a page in HTML may be the site's own


class TextLink(NamedTuple):
    """A chapters or transcript file that an item names."""

    element: _Element
    role: str  # "chapters" or "transcript"
    path: str  # inside the feed's folder
    item: Item


def text_links(feed: Feed) -> Iterator[TextLink]:
    """Yield the chapters and transcript files of the feed's own folder that items name."""
    for item in feed.items:
        for role in ("chapters", "transcript"):
            for element in item.all(f"podcast:{role}"):
                path = feed.local_path(attribute(element, "url"))
                if path:
                    yield TextLink(element, role, path, item)


def media_links(feed: Feed) -> Iterator[tuple[_Element, str, bool, Item | None]]:
    """Yield (element, address, whether it is artwork, item) of enclosures and pictures."""
    for node, item in ((feed.channel, None), *((item, item) for item in feed.items)):
        for name, key, is_artwork in (
            ("itunes:image", "href", True), ("podcast:image", "href", False), ("podcast:person", "img", False),
            ("enclosure", "url", False),
        ):  # fmt: skip
            for element in node.all(name):
                if element.get(key):
                    yield element, attribute(element, key), is_artwork, item


def is_text_file(path: str) -> bool:
    """Whether a file of an output folder is a chapters or transcript file by its place and name."""
    parts = PurePosixPath(path)
    return parts.parts[0] in _TEXT_FOLDERS and len(parts.parts) > 1 and parts.suffix in _TEXT_ENDINGS


@rule(
    "L1",
    "A transcript or chapters file in the feed's own folder is there",
    error=APPS,
    spec=specs.tag("transcript"),
    remedy="publish the file, or do not name it",
)
def _named_texts_are_there(feed: Feed) -> Faults:
    for link in text_links(feed) if feed.folder_paths else ():
        if link.path not in feed.folder_paths:
            yield at(link.element, f"there is no file {link.path}", link.item, "url")


@rule(
    "L1b",
    "Audio and pictures in the feed's own folder are there",
    warning=DIRECTORIES,
    spec=specs.APPLE,
    remedy="publish the file; if your server has it from elsewhere, say so with check.ignore",
)
def _named_media_are_there(feed: Feed) -> Faults:
    told: set[str] = set()
    for element, url, _, item in media_links(feed) if feed.folder_paths else ():
        path = feed.local_path(url)
        if path and path not in feed.folder_paths and path not in told:
            told.add(path)
            yield at(element, f"there is no file {path}", item)


@rule(
    "L2",
    "Every transcript and chapters file of the folder is named in the feed",
    warning=APPS,
    spec=specs.tag("transcript"),
    remedy="delete it, or name it in the feed",
)
def _texts_are_named(feed: Feed) -> Faults:
    named = {link.path for link in text_links(feed)}
    for path in sorted(feed.folder_paths - named):
        parts = PurePosixPath(path)
        is_track = parts.suffix == ".vtt" and str(parts.with_suffix(".json")) in named  # of chapters, for web players
        if is_text_file(path) and not is_track:
            yield Fault("no item names it", None, "", None, path)


@dataclass(frozen=True, slots=True)
class Pair:
    """The captions of one episode in both formats."""

    srt: Captions
    vtt: Captions


@rule(
    "T12",
    "The SRT and the WebVTT of an episode have the same words and span",
    warning=APPS,
    spec=specs.TRANSCRIPTS,
    key="transcript",
    remedy="make both from one transcript",
)
def _same_words(pair: Pair) -> Faults:
    if not pair.srt.cues or not pair.vtt.cues:
        return
    srt, vtt = _words(pair.srt), _words(pair.vtt)
    missing = _first_missing(vtt, srt)
    if missing is not None and _first_missing(srt, vtt) is not None:
        yield Fault(f"the words differ from those of the WebVTT, first at {shortened(missing)}")
    for edge, of_srt, of_vtt in (
        ("start", pair.srt.cues[0].start_ms, pair.vtt.cues[0].start_ms),
        ("end", pair.srt.cues[-1].end_ms, pair.vtt.cues[-1].end_ms),
    ):
        if abs(of_srt - of_vtt) > _SPAN_SLACK_MS:
            yield Fault(f"the captions {edge} {abs(of_srt - of_vtt) / 1000:g} s apart from those of the WebVTT")


def _words(captions: Captions) -> list[str]:
    text = "\n".join([cue.text for cue in captions.cues])
    plain = unescape(TAG.sub("", text)) if captions.kind == "vtt" else text
    return plain.replace("--\u2009>", "-->").split()  # as SRT writes an arrow that is to be no timing line


def _first_missing(words: list[str], among: list[str]) -> str | None:
    """Return the first words that `among` lacks in its place; names of speakers, up to a colon, may be added in it."""
    if words == among:
        return None
    position = 0
    for number, word in enumerate(words):
        skipped = position
        while skipped < len(among) and among[skipped] != word:
            skipped += 1
        if skipped > position and (skipped == len(among) or not among[skipped - 1].endswith(":")):
            return " ".join(words[number : number + 8])
        position = skipped + 1
    return None


FEED_RULES: Final = (_named_texts_are_there, _named_media_are_there, _texts_are_named)
PAIR_RULES: Final = (_same_words,)
