"""Show → files. One pure module a format, none of which knows another; this registry is where they meet.

A new transcript format is one module and one line in `TRANSCRIPT_FORMATS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote, unquote

from feedbuilder.captions import SRT_LAYOUT, VTT_LAYOUT, Layout, make_cues, time_words
from feedbuilder.model import Cue, Enclosure, Episode, Picture, Show, TextFile
from feedbuilder.render import chapters_json, srt, transcript_json, vtt


class TranscriptFormat(NamedTuple):
    """How one kind of transcript file is made and announced."""

    mime_type: str
    rel: str | None
    layout: Layout
    render: Callable[[Sequence[Cue]], bytes]


TRANSCRIPT_FORMATS: Final[Mapping[str, TranscriptFormat]] = {
    "vtt": TranscriptFormat("text/vtt", "captions", VTT_LAYOUT, vtt.render),
    "srt": TranscriptFormat("application/x-subrip", "captions", SRT_LAYOUT, srt.render),
    "json": TranscriptFormat("application/json", None, VTT_LAYOUT, transcript_json.render),
}

Content = bytes | Path
"""What goes into an output file: bytes, or a local file to copy."""


class OutputFile(NamedTuple):
    """One file of output/."""

    path: str  # inside the output folder, with forward slashes
    content: Content
    source: str  # the archive file it was made from


def announced_files(episode: Episode, folder_url: str, formats: Sequence[str]) -> tuple[TextFile, ...]:
    """Return the chapter and transcript files an item points at, chapters first."""
    files: list[TextFile] = []
    if episode.chapters:
        path = f"chapters/{episode.slug}.json"
        files.append(TextFile(path=path, url=folder_url + quote(path), mime_type=chapters_json.MIME_TYPE))
    if episode.transcript:
        for name in formats:
            kind = TRANSCRIPT_FORMATS[name]
            path = f"transcripts/{episode.slug}.{name}"
            files.append(
                TextFile(
                    path=path, url=folder_url + quote(path), mime_type=kind.mime_type,
                    language=episode.transcript.language, rel=kind.rel,
                )
            )  # fmt: skip
    return tuple(files)


def render_episode(episode: Episode, show: Show, formats: Sequence[str]) -> Iterator[OutputFile]:
    """Yield the files of one episode."""
    if episode.chapters:
        content = chapters_json.render(episode, show)
        yield OutputFile(f"chapters/{episode.slug}.json", content, episode.source)
    if episode.transcript:
        measured_ms = episode.enclosure.duration_ms if episode.enclosure else None
        timing = time_words(episode.transcript, duration_ms=measured_ms)
        cues: dict[Layout, tuple[Cue, ...]] = {}
        for name in formats:
            kind = TRANSCRIPT_FORMATS[name]
            if kind.layout not in cues:
                cues[kind.layout] = make_cues(timing, kind.layout)
            yield OutputFile(f"transcripts/{episode.slug}.{name}", kind.render(cues[kind.layout]), episode.source)


def render_show(show: Show, *, file_name: str, formats: Sequence[str]) -> Iterator[OutputFile]:
    """Yield every file of the show in the order in which they refer to each other; the feed is last."""
    from feedbuilder.render import feed  # noqa: PLC0415  (feedgen and lxml are for whole shows only)

    folder_url = show.feed_url.rsplit("/", 1)[0] + "/"
    yield from _local_media(show, folder_url)
    for episode in show.episodes:
        yield from render_episode(episode, show, formats)
    announced = {episode.slug: announced_files(episode, folder_url, formats) for episode in show.episodes}
    yield OutputFile(file_name, feed.render(show, announced), "")


def _local_media(show: Show, folder_url: str) -> Iterator[OutputFile]:
    """Yield the local pictures and audio whose public address lies in the feed's own folder."""
    found: dict[str, OutputFile] = {}
    for media, source in _all_media(show):
        if media is not None and media.file is not None and media.url.startswith(folder_url):
            path = unquote(media.url.removeprefix(folder_url))
            found.setdefault(path, OutputFile(path, media.file, source))
    yield from found.values()


def _all_media(show: Show) -> Iterator[tuple[Picture | Enclosure | None, str]]:
    yield show.artwork, ""
    yield from ((person.picture, "") for person in show.persons)
    for episode in show.episodes:
        yield from ((person.picture, episode.source) for person in episode.persons)
        yield from ((chapter.picture, episode.source) for chapter in episode.chapters)
        yield episode.picture, episode.source
        yield episode.enclosure, episode.source
