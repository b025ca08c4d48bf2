"""Chapters from the archive's clips, or from transcript headings where an episode has no clips."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as Map
from dataclasses import replace
from functools import partial

from feedbuilder.errors import Place, Problem
from feedbuilder.model import Chapter, Picture, Transcript
from feedbuilder.problems import problem
from feedbuilder.render.plain_text import plain_title
from feedbuilder.resolve.links import absolute_url, is_placeholder, mended_clip_url
from feedbuilder.resolve.pictures import resolve_picture
from feedbuilder.resolve.transcript import moved_by
from feedbuilder.source.archive import EpisodeFile
from feedbuilder.source.media import PictureFile
from feedbuilder.timecode import clock


def resolve_chapters(
    episode: EpisodeFile, transcript: Transcript | None, measured_ms: int | None, pictures: Map[str, Picture],
    files: Map[str, PictureFile | Problem], offset_ms: int,
) -> tuple[tuple[Chapter, ...], list[Problem]]:  # fmt: skip
    """Return the chapters in order, no two at the same moment.

    `measured_ms` is the length of the real audio; a length that was only declared bounds nothing. `offset_ms` is added
    to the clips' times; a transcript's headings are on the audio's clock already.
    """
    problems: list[Problem] = []
    if episode.record.quotableClips:
        chapters = _moved(_from_clips(episode, pictures, files, problems), offset_ms)
    else:
        chapters = _from_headings(episode, transcript, problems)
    declared_ms = episode.record.duration
    if measured_ms is not None:
        beyond = [chapter for chapter in chapters if chapter.start_ms >= measured_ms]
        if beyond:
            message = f"{len(beyond)} of {len(chapters)} chapters after the audio ends ({clock(measured_ms)}): left out"
            place = _clip_place(episode, beyond[0].start_ms - offset_ms)
            problems.append(problem("chapter-beyond-end", place, message, "correct their starts"))
            chapters = [chapter for chapter in chapters if chapter.start_ms < measured_ms]
    elif declared_ms and (late := _later_than(declared_ms, chapters, transcript)):
        message = f"{late} after the declared duration ({clock(declared_ms)}): kept"
        remedy = f"correct or delete `{episode.names.shown('duration')}`"
        problems.append(problem("declared-too-short", episode.place("duration"), message, remedy))
    sound, contradicted = _with_sound_ends(chapters, measured_ms)
    if contradicted:
        count = len(contradicted)
        message = f"{count} chapter end{'s' * (count > 1)} before its own start or after the next one: left out"
        place = _clip_place(episode, contradicted[0].start_ms - offset_ms, "endOffset")
        problems.append(problem("chapter-end", place, message, "nothing: players use the next start"))
    return sound, problems


def _later_than(declared_ms: int, chapters: list[Chapter], transcript: Transcript | None) -> str:
    """Return how many chapters and lines start after a declared end, in words; nothing when none does."""
    late = sum(chapter.start_ms >= declared_ms for chapter in chapters)
    lines = sum((line.start_ms or 0) >= declared_ms for line in transcript.lines) if transcript else 0
    counts = [
        (late, len(chapters), "chapters"),
        (lines, len(transcript.lines) if transcript else 0, "transcript lines"),
    ]
    return " and ".join(f"{count} of {total} {noun}" for count, total, noun in counts if count)


def _moved(chapters: list[Chapter], offset_ms: int) -> list[Chapter]:
    """Return the chapters on the audio's clock; of those that began before the audio, the last is its first."""
    if not offset_ms:
        return chapters
    moved = [
        replace(chapter, start_ms=chapter.start_ms + offset_ms, end_ms=moved_by(chapter.end_ms, offset_ms))
        for chapter in chapters
    ]
    early = [chapter for chapter in moved if chapter.start_ms <= 0]
    return [*(replace(chapter, start_ms=0) for chapter in early[-1:]), *moved[len(early) :]]


def _clip_place(episode: EpisodeFile, start_ms: int, field: str = "startOffset") -> Place:
    """Return where the clip that starts at a time of the archive's own stands."""
    starts = [clip.startOffset for clip in episode.record.quotableClips]
    index = starts.index(start_ms) if start_ms in starts else 0
    return episode.place("quotableClips", index, field)


def _from_clips(
    episode: EpisodeFile, pictures: Map[str, Picture], files: Map[str, PictureFile | Problem], problems: list[Problem]
) -> list[Chapter]:
    chapters: dict[int, Chapter] = {}
    for index, clip in sorted(enumerate(episode.record.quotableClips), key=lambda entry: entry[1].startOffset):
        title = plain_title(clip.name)
        place = partial(episode.place, "quotableClips", index)
        if clip.startOffset in chapters:
            first = chapters[clip.startOffset].title
            if first != title:
                message = f"two chapters start at {clock(clip.startOffset)}: kept {first!r}, left out {title!r}"
                problems.append(problem("doubled-chapter", place(), message, "give each chapter its own start"))
            continue
        url, more = _link(clip.url, place)
        problems += more
        picture: Picture | None = None
        if clip.image is not None:
            picture, more = resolve_picture(clip.image, pictures, files, place("image"))
            problems += more
        chapters[clip.startOffset] = Chapter(
            title=title, start_ms=clip.startOffset, end_ms=clip.endOffset, url=url, picture=picture
        )
    return list(chapters.values())


def _link(value: str | None, place: Callable[[str], Place]) -> tuple[str | None, list[Problem]]:
    if value is None:
        return None, []
    if is_placeholder(value):
        message = f"{value!r} only keeps the place of the chapter's link: left out"
        return None, [problem("placeholder", place("url"), message, "write the address, or delete the line")]
    url = absolute_url(mended_clip_url(value), None)
    if url is None:
        return None, [
            problem("bad-url", place("url"), f"{value!r} is no web address: left out", "correct or delete it")
        ]
    return url, []


def _from_headings(episode: EpisodeFile, transcript: Transcript | None, problems: list[Problem]) -> list[Chapter]:
    """Take each heading's time from the first line below it that has one; time only goes forward."""
    if transcript is None:
        return []
    lines, headings = transcript.lines, transcript.headings
    chapters: list[Chapter] = []
    lost = 0
    ends = [*(heading.before_line for heading in headings[1:]), len(lines)][: len(headings)]
    for heading, end in zip(headings, ends, strict=True):
        section = lines[heading.before_line : end]
        timed = (line.start_ms for line in section if line.start_ms is not None)
        start_ms = 0 if heading.before_line == 0 else next(timed, None)
        if start_ms is None or (chapters and start_ms <= chapters[-1].start_ms):
            lost += 1
        else:
            chapters.append(Chapter(title=heading.title, start_ms=start_ms))
    if lost:
        message = f"{lost} of {len(headings)} headings have no time of their own that fits, so they are no chapters"
        field = episode.names.shown("transcript.sec").rpartition(".")[2]
        place = episode.transcript.place or episode.place()
        problems.append(problem("heading-without-time", place, message, f"give the line below each a `{field}`"))
    return chapters


def _with_sound_ends(chapters: list[Chapter], measured_ms: int | None) -> tuple[tuple[Chapter, ...], list[Chapter]]:
    """Keep an end only where it lies between its own start and the next one's; return the others' chapters as well."""
    sound: list[Chapter] = []
    dropped: list[Chapter] = []
    for index, chapter in enumerate(chapters):
        limit = chapters[index + 1].start_ms if index + 1 < len(chapters) else measured_ms
        end_ms = chapter.end_ms
        if end_ms is not None and (end_ms <= chapter.start_ms or (limit is not None and end_ms > limit)):
            dropped.append(chapter)
            chapter = replace(chapter, end_ms=None)  # noqa: PLW2901
        sound.append(chapter)
    return tuple(sound), dropped
