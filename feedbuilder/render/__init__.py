"""Show → files. One pure module a format, none of which knows another; this registry is where they meet.

A new transcript format is one module and one line in `TRANSCRIPT_FORMATS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Final, NamedTuple
from urllib.parse import quote, unquote

from feedbuilder.captions import Layout, time_words
from feedbuilder.captions.align import snap_to_speech
from feedbuilder.captions.profiles import PROFILES
from feedbuilder.captions.timed import TimedTranscript
from feedbuilder.errors import RefusedError, UsageError
from feedbuilder.memory import FORGETFUL, Memory
from feedbuilder.model import Enclosure, Episode, KeptEpisode, Picture, Show, Span, TextFile, Transcript
from feedbuilder.render import chapters_json, chapters_vtt, srt, transcript_html, transcript_json, transcript_text, vtt


class TranscriptFormat(NamedTuple):
    """How one kind of transcript file is named, announced and made."""

    ending: str
    mime_type: str
    rel: str | None
    render: Callable[[TimedTranscript], bytes]


TRANSCRIPT_FORMATS: Final[Mapping[str, TranscriptFormat]] = {
    "vtt": TranscriptFormat("vtt", "text/vtt", "captions", lambda timed: vtt.render(timed.cues("vtt"))),
    "srt": TranscriptFormat("srt", "application/x-subrip", "captions", lambda timed: srt.render(timed.cues("srt"))),
    "json": TranscriptFormat("json", "application/json", None, lambda timed: transcript_json.render(timed.cues("vtt"))),
    "json-words": TranscriptFormat(
        "json", "application/json", None, lambda timed: transcript_json.render_words(timed.timing)
    ),
    "html": TranscriptFormat("html", "text/html", None, transcript_html.render),
    "txt": TranscriptFormat("txt", "text/plain", None, transcript_text.render),
}


def known_formats(names: Sequence[str]) -> tuple[str, ...]:
    """Return format names as they are, when each is one and no two of them would write the same file.

    Raises:
        UsageError: otherwise.
    """
    if unknown := [name for name in names if name not in TRANSCRIPT_FORMATS]:
        known = ", ".join(TRANSCRIPT_FORMATS)
        raise UsageError(f"transcripts: there is no format {', '.join(unknown)}; there are {known}")
    endings = [TRANSCRIPT_FORMATS[name].ending for name in names]
    if len(set(endings)) < len(endings):
        raise UsageError(f"transcripts: two of {', '.join(names)} would write the same file; choose one of them")
    return tuple(names)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which text files an episode gets, and how its captions are laid out."""

    transcripts: tuple[str, ...] = ("vtt", "srt", "json")
    layouts: Mapping[str, Layout] = field(default_factory=lambda: PROFILES["podcast"])
    chapters_track: bool = False  # chapters as WebVTT as well, for players on the web


TEXT_FOLDERS = frozenset({"chapters", "transcripts", "episodes"})

Tell = Callable[[str], None]
Content = bytes | Path
"""What goes into an output file: bytes, or a local file to copy."""


class OutputFile(NamedTuple):
    """One file of output/."""

    path: str  # inside the output folder, with forward slashes
    content: Content
    source: str  # the archive file it was made from


class Texts(NamedTuple):
    """The chapter and transcript files of one episode, and why its captions could not be moved to its sound."""

    files: tuple[OutputFile, ...]
    told: tuple[str, ...] = ()


def announced_files(episode: Episode, folder_url: str, wanted: Wanted) -> tuple[TextFile, ...]:
    """Return the chapter and transcript files an item points at, chapters first."""
    files: list[TextFile] = []
    if episode.chapters:
        path = _chapters_path(episode)
        files.append(TextFile(path=path, url=folder_url + quote(path), mime_type=chapters_json.MIME_TYPE))
    if episode.transcript:
        for kind in map(TRANSCRIPT_FORMATS.__getitem__, wanted.transcripts):
            path = _transcript_path(episode, kind.ending)
            files.append(
                TextFile(
                    path=path, url=folder_url + quote(path), mime_type=kind.mime_type,
                    language=episode.transcript.language, rel=kind.rel,
                )
            )  # fmt: skip
    return tuple(files)


def _chapters_path(episode: Episode, ending: str = "json") -> str:
    return f"chapters/{episode.slug}.{ending}"


def _transcript_path(episode: Episode, ending: str) -> str:
    return f"transcripts/{episode.slug}.{ending}"


def render_transcript(
    transcript: Transcript,
    wanted: Wanted,
    *,
    title: str,
    duration_ms: int | None,
    speech: tuple[Span, ...] | None = None,
    tell: Tell = lambda _: None,
) -> Iterator[tuple[str, bytes]]:
    """Yield the ending and the content of every transcript file.

    `duration_ms` is the measured length of the audio, `speech` where somebody speaks in it. `tell` is told why the
    captions could not be moved to the speech, if so.
    """
    timing = time_words(transcript, duration_ms=duration_ms)
    if speech is not None:
        heard = snap_to_speech(timing, speech)
        timing = heard.timing
        if heard.reason:
            tell(heard.reason)
    timed = TimedTranscript(title=title, transcript=transcript, timing=timing, layouts=wanted.layouts)
    for kind in map(TRANSCRIPT_FORMATS.__getitem__, wanted.transcripts):
        yield kind.ending, kind.render(timed)


def render_texts(episode: Episode, show: Show, wanted: Wanted) -> Texts:
    """Return the chapter and transcript files of one episode."""
    told: list[str] = []
    return Texts(tuple(_text_files(episode, show, wanted, told.append)), tuple(told))


def _text_files(episode: Episode, show: Show, wanted: Wanted, tell: Tell) -> Iterator[OutputFile]:
    measured_ms = episode.enclosure.duration_ms if episode.enclosure else None
    if episode.chapters:
        yield OutputFile(_chapters_path(episode), chapters_json.render(episode, show), episode.source)
        if wanted.chapters_track:
            content = chapters_vtt.render(episode.chapters, measured_ms)
            yield OutputFile(_chapters_path(episode, "vtt"), content, episode.source)
    if episode.transcript and wanted.transcripts:
        speech = episode.enclosure.speech if episode.enclosure else None
        rendered = render_transcript(
            episode.transcript, wanted, title=episode.title, duration_ms=measured_ms, speech=speech, tell=tell
        )
        for ending, content in rendered:
            yield OutputFile(_transcript_path(episode, ending), content, episode.source)


def render_show(
    show: Show,
    texts: Iterable[OutputFile],
    *,
    file_name: str,
    folder_url: str,
    wanted: Wanted,
    pages: Iterable[OutputFile] = (),
    style: str | None = None,
    memory: Memory = FORGETFUL,
    keys: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[OutputFile]:
    """Yield every file of the show in the order in which they refer to each other; the feed is last.

    `texts` are the chapter and transcript files of its episodes, `file_name` is the feed's, `folder_url` where its
    folder is public. `pages` are those of its website, if it has one, and `style` is the feed's own style sheet.
    `memory` knows the items of episodes that are as they were, for which `keys` stand, by file.
    """
    from feedbuilder.render import feed  # noqa: PLC0415  (feedgen and lxml are for whole shows only)

    made: dict[str, str] = {}
    for file in chain(_local_media(show, folder_url), texts, pages):
        made[file.path] = file.source
        yield file
    for kept in show.kept:
        yield from _as_they_were(kept, made)
    announced = {episode.slug: announced_files(episode, folder_url, wanted) for episode in show.episodes}
    yield OutputFile(file_name, feed.render(show, announced, style, memory, keys), "")


def _as_they_were(kept: KeptEpisode, made: Mapping[str, str]) -> Iterator[OutputFile]:
    for path, file in kept.files:
        if path not in made:
            yield OutputFile(path, file, kept.source)
        elif PurePosixPath(path).parts[0] in TEXT_FOLDERS:
            raise RefusedError(
                f"{kept.source} is broken, and {made[path]} would replace its {path}, which is out: mend the one, or "
                "give the other a slug of its own"
            )


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
