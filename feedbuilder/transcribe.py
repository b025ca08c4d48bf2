"""Subtitle files on their own: a transcript goes in, captions come out; no feed, no config.

episode or transcript file ──source──▶ record ──resolve──▶ Transcript ──captions, render──▶ {name: bytes}
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from feedbuilder.captions.profiles import choose_layouts
from feedbuilder.errors import Place, Problem, Severity, UsageError
from feedbuilder.model import Span
from feedbuilder.problems import problem
from feedbuilder.render import Wanted, known_formats, render_transcript
from feedbuilder.resolve.transcript import resolve_transcript
from feedbuilder.source.archive import read_episode
from feedbuilder.source.decoding import YamlFaultError
from feedbuilder.source.field_names import FieldNames
from feedbuilder.source.records import KNOWN_FIELDS
from feedbuilder.source.sidecars import decode_sidecar, read_sidecar
from feedbuilder.source.transcripts import TranscriptRecord
from feedbuilder.source.walk import MARKDOWN, YAML


@dataclass(frozen=True, kw_only=True, slots=True)
class Subtitles:
    """What became of one file: its subtitle files by name, and what had to be said."""

    files: dict[str, bytes]
    problems: tuple[Problem, ...]


def transcribe(
    file: Path,
    *,
    formats: Sequence[str],
    profile: str = "podcast",
    language: str | None = None,
    offset_ms: int = 0,
    duration_ms: int | None = None,
    speech: tuple[Span, ...] | None = None,
) -> Subtitles:
    """Make subtitle files of one episode or transcript file.

    `language` is that of the words where the file does not say; `offset_ms` is added to every time; `duration_ms` is
    the measured length of the audio, None when it is not known; `speech` is where somebody speaks in it.

    Raises:
        UsageError: for a format there is not, and for a file that cannot be read.
    """
    wanted = Wanted(transcripts=known_formats(formats), layouts=choose_layouts(profile, {}))
    record, title, declared, problems = _read(file)
    if record is None:
        return Subtitles(files={}, problems=tuple(problems))
    place = Place(str(file), 1, 1)
    transcript, more = resolve_transcript(record, declared or language or "en", place, offset_ms=offset_ms)
    problems += more
    if transcript is None:
        problems.append(problem("no-words", place, "there is no transcript in this file", "name a file that has one"))
        return Subtitles(files={}, problems=tuple(problems))
    reasons: list[str] = []
    rendered = render_transcript(
        transcript, wanted, title=title, duration_ms=duration_ms, speech=speech, tell=reasons.append
    )
    files = {f"{file.stem}.{ending}": content for ending, content in rendered}
    for reason in reasons:
        message = f"the captions were not moved to the sound: {reason}"
        problems.append(problem("not-aligned", place, message, "check that the audio is this file's"))
    return Subtitles(files=files, problems=tuple(problems))


def _read(file: Path) -> tuple[TranscriptRecord | None, str, str | None, list[Problem]]:
    """Return the words of a file, its title and its language."""
    try:
        if not file.is_file():
            raise UsageError(f"there is no file {file}")
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error
    if file.suffix.lower() in MARKDOWN | YAML:
        episode, problems = read_episode(file, str(file), FieldNames.of({}, KNOWN_FIELDS), file.parent)
        if episode is not None:
            return episode.transcript, episode.record.title, episode.record.language, problems
        return None, "", None, [*problems, *_said_to_be_none(problems, file)]
    try:
        text, faults = decode_sidecar(file.read_bytes(), str(file))
    except YamlFaultError as error:
        return None, "", None, [error.fault]
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error
    record, more = read_sidecar(text, str(file))
    return record, file.stem, None, faults + more


def _said_to_be_none(problems: list[Problem], file: Path) -> list[Problem]:
    """Say that a file gave nothing, when all that was said of it so far is a note: a draft, a template."""
    if any(fault.severity is Severity.ERROR for fault in problems):
        return []
    return [problem("no-words", Place(str(file), 1, 1), "no subtitles were made of this file", "see the note above")]
