"""Chapters from the archive's clips, or from transcript headings where an episode has no clips."""

from __future__ import annotations

from collections.abc import Sequence

from feedbuilder.errors import Problem
from feedbuilder.model import Chapter, Heading, Picture, TranscriptLine
from feedbuilder.problems import problem
from feedbuilder.resolve.links import absolute_url, is_placeholder, mended_clip_url
from feedbuilder.source.archive import EpisodeFile
from feedbuilder.timecode import clock


def resolve_chapters(
    episode: EpisodeFile, lines: Sequence[TranscriptLine], headings: Sequence[Heading], measured_ms: int | None,
    pictures: dict[str, Picture],
) -> tuple[tuple[Chapter, ...], list[Problem]]:  # fmt: skip
    """Return the chapters in order, no two at the same moment.

    `measured_ms` is the length of the real audio; a length that was only declared bounds nothing.
    """
    problems: list[Problem] = []
    if episode.record.quotableClips:
        chapters = _from_clips(episode, pictures, problems)
    else:
        chapters = _from_headings(episode, lines, headings, problems)
    if measured_ms is not None:
        beyond = [chapter for chapter in chapters if chapter.start_ms >= measured_ms]
        if beyond:
            message = (
                f"{len(beyond)} of {len(chapters)} chapters start after the audio ends ({clock(measured_ms)}): left out"
            )
            problems.append(
                problem("chapter-beyond-end", episode.place("quotableClips"), message, "correct their starts")
            )
            chapters = [chapter for chapter in chapters if chapter.start_ms < measured_ms]
    elif episode.record.duration and (late := [c for c in chapters if c.start_ms >= (episode.record.duration or 0)]):
        message = f"{len(late)} chapters start after the declared duration ({clock(episode.record.duration)}): kept"
        problems.append(
            problem("declared-too-short", episode.place("duration"), message, "correct or delete `duration`")
        )
    return _with_sound_ends(chapters, measured_ms, episode, problems), problems


def _from_clips(episode: EpisodeFile, pictures: dict[str, Picture], problems: list[Problem]) -> list[Chapter]:
    chapters: dict[int, Chapter] = {}
    clips = sorted(episode.record.quotableClips, key=lambda clip: clip.startOffset)
    for clip in clips:
        if clip.startOffset in chapters:
            first = chapters[clip.startOffset].title
            if first != clip.name:
                message = f"two chapters start at {clock(clip.startOffset)}: kept {first!r}, left out {clip.name!r}"
                remedy = "give each chapter its own start"
                problems.append(problem("doubled-chapter", episode.place("quotableClips"), message, remedy))
            continue
        url = None
        if clip.url and not is_placeholder(clip.url):
            url = absolute_url(mended_clip_url(clip.url), None)
            if url is None:
                message = f"{clip.url!r} is no web address: left out"
                problems.append(problem("bad-url", episode.place("quotableClips"), message, "correct or delete it"))
        chapters[clip.startOffset] = Chapter(
            title=" ".join(clip.name.split()),
            start_ms=clip.startOffset,
            end_ms=clip.endOffset,
            url=url,
            picture=pictures.get(clip.image or "") or _remote_picture(clip.image),
        )
    return list(chapters.values())


def _remote_picture(value: str | None) -> Picture | None:
    url = absolute_url(value, None) if value and not is_placeholder(value) else None
    return Picture(url=url) if url else None


def _from_headings(
    episode: EpisodeFile, lines: Sequence[TranscriptLine], headings: Sequence[Heading], problems: list[Problem]
) -> list[Chapter]:
    """Take each heading's time from the first line below it that has one; time only goes forward."""
    chapters: list[Chapter] = []
    lost = 0
    ends = [*(heading.before_line for heading in headings[1:]), len(lines)][: len(headings)]
    for heading, end in zip(headings, ends, strict=True):
        section = lines[heading.before_line : end]
        start_ms = (
            0 if heading.before_line == 0 else next((l.start_ms for l in section if l.start_ms is not None), None)
        )
        if start_ms is None or (chapters and start_ms <= chapters[-1].start_ms):
            lost += 1
        else:
            chapters.append(Chapter(title=heading.title, start_ms=start_ms))
    if lost:
        message = f"{lost} of {len(headings)} headings have no time of their own that fits, so they are no chapters"
        problems.append(problem("heading-without-time", episode.place(), message, "give the line below each a `sec`"))
    return chapters


def _with_sound_ends(
    chapters: list[Chapter], measured_ms: int | None, episode: EpisodeFile, problems: list[Problem]
) -> tuple[Chapter, ...]:
    """Keep an end only where it lies between its own start and the next one's, and inside the audio."""
    sound: list[Chapter] = []
    dropped = 0
    for index, chapter in enumerate(chapters):
        limit = chapters[index + 1].start_ms if index + 1 < len(chapters) else measured_ms
        end_ms = chapter.end_ms
        if end_ms is not None and (end_ms <= chapter.start_ms or (limit is not None and end_ms > limit)):
            end_ms = None
            dropped += 1
        sound.append(
            Chapter(
                title=chapter.title, start_ms=chapter.start_ms, end_ms=end_ms, url=chapter.url,
                picture=chapter.picture,
            )
        )  # fmt: skip
    if dropped:
        message = f"{dropped} chapter end{'s' * (dropped > 1)} before its own start or after the next one: left out"
        problems.append(
            problem("chapter-end", episode.place("quotableClips"), message, "nothing: players use the next start")
        )
    return tuple(sound)
