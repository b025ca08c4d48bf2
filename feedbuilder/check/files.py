"""The files that a feed names in its own folder: what is known of its media and pictures, what is wrong with its texts.

What a text is found to be is remembered by what is in it; what is in a large file, by the file's size, times and inode.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from feedbuilder.check.captions import read_captions
from feedbuilder.check.examine import Broken, Finding, examine_pair, examine_text, findings, recalled
from feedbuilder.check.feed import Feed, Item
from feedbuilder.check.links import is_text_file, media_links, text_links
from feedbuilder.check.media import MediaFacts, PictureFacts
from feedbuilder.check.rules import Profile
from feedbuilder.errors import Problem
from feedbuilder.memory import Memory, fingerprint
from feedbuilder.source.media import AudioFile, read_audio_files
from feedbuilder.source.published_pictures import read_published_picture

ReadFile = Callable[[str], bytes]
"""Returns what is in the file at a path of the folder."""

TEXT_ENDINGS: Final = frozenset({".json", ".srt", ".vtt", ".html", ".txt"})


def media_facts(folder: Path, paths: Collection[str], feed: Feed, memory: Memory) -> dict[str, MediaFacts]:
    """Return what is known of the audio and video files of the folder that the feed names, by their paths."""
    found: dict[str, MediaFacts] = {}
    for item in feed.items:
        path = feed.local_path(item.attribute("url", "enclosure")) or ""
        if path in paths:
            found[path] = _media_facts(folder, path, item, memory)
    return found


def _media_facts(folder: Path, path: str, item: Item, memory: Memory) -> MediaFacts:
    size = (folder / path).stat().st_size
    found = read_audio_files(folder, (), (), [path], memory=memory)[path]
    if isinstance(found, AudioFile):
        return MediaFacts(item=item, length_bytes=size, duration_ms=found.duration_ms)
    if found.code == "audio-type":
        return MediaFacts(item=item, length_bytes=size, disagrees=found.message)
    return MediaFacts(item=item, length_bytes=size, flaw=found.message)


def picture_facts(folder: Path, paths: Collection[str], feed: Feed, memory: Memory) -> dict[str, PictureFacts]:
    """Return what is known of the pictures of the folder that the feed names, by their paths."""
    named: dict[str, tuple[str, bool, Item | None]] = {}
    for element, url, is_artwork, item in media_links(feed):
        path = feed.local_path(url) or ""
        if path in paths and not str(element.tag).endswith("enclosure"):
            before = named.get(path)
            named[path] = (url, is_artwork or bool(before and before[1]), before[2] if before else item)
    return {path: _picture_facts(folder / path, *told, memory) for path, told in named.items()}


def _picture_facts(file: Path, url: str, is_artwork: bool, item: Item | None, memory: Memory) -> PictureFacts:
    size, found = file.stat().st_size, read_published_picture(file, memory)
    if isinstance(found, Problem):
        return PictureFacts(url=url, is_artwork=is_artwork, length_bytes=size, item=item, flaw=found.message)
    return PictureFacts(
        url=url, is_artwork=is_artwork, length_bytes=size, width_px=found.width_px, height_px=found.height_px,
        mime_type=found.mime_type, color_mode=found.color_mode, dpi=found.dpi, item=item,
    )  # fmt: skip


class _Text(NamedTuple):
    """A chapters or transcript file as it was read."""

    path: str
    content: bytes
    digest: bytes  # that stands for the content


def text_findings(
    read: ReadFile, paths: Collection[str], feed: Feed | None, profile: Profile, memory: Memory
) -> Iterator[Finding]:
    """Yield what is wrong with the chapters and transcript files of the folder, one item's after another's."""
    for item, named in _by_item(paths, feed):
        captions: dict[str, _Text] = {}
        for path, role in named:
            content = read(path)
            text = _Text(path, content, fingerprint(content))
            yield from findings(_told_of_text(text, item, role, memory), path, profile, item)
            captions[PurePosixPath(path).suffix.lower()] = text
        if item and ".srt" in captions and ".vtt" in captions:
            told = _told_of_pair(captions[".srt"], captions[".vtt"], memory)
            yield from findings(told, captions[".srt"].path, profile, item)


def _by_item(paths: Collection[str], feed: Feed | None) -> Iterator[tuple[Item | None, list[tuple[str, str]]]]:
    """Yield (item, its files and what it takes each for); None has those that lie there and are named by no item."""
    links = {link.path: link for link in text_links(feed)} if feed else {}
    items: dict[int, Item | None] = {}
    named: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for path in sorted(path for path in paths if PurePosixPath(path).suffix.lower() in TEXT_ENDINGS):
        if link := links.get(path):
            items[link.item.number] = link.item
            named[link.item.number].append((path, link.role))
        elif is_text_file(path):
            named[0].append((path, ""))
    for number, files in named.items():
        yield items.get(number), files


def _told_of_text(text: _Text, item: Item | None, role: str, memory: Memory) -> Broken:
    duration_ms = item.duration_ms if item else None
    question = ("text", text.path, text.digest, duration_ms, role)
    return recalled(memory, question, lambda: examine_text(text.path, text.content, duration_ms, role))


def _told_of_pair(srt: _Text, vtt: _Text, memory: Memory) -> Broken:
    question = ("pair", srt.digest, vtt.digest)
    return recalled(
        memory, question, lambda: examine_pair(read_captions(srt.content, "srt"), read_captions(vtt.content, "vtt"))
    )
