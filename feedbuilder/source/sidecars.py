"""Transcripts in files of their own: SRT, VTT, SBV, podcast JSON, Whisper's JSON and table, text with names and times.

Every kind becomes the lines that front matter would have held; a stated end is kept. What a file is, its content says:
names lie more often.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from pathlib import Path

from feedbuilder.errors import Place, Problem, Severity
from feedbuilder.memory import FORGETFUL, Memory
from feedbuilder.problems import problem
from feedbuilder.source.decoding import YamlFaultError, decode_text, read_whole
from feedbuilder.source.other_formats import HEAD_BYTES, told_from_text, told_from_words
from feedbuilder.source.spool import packed
from feedbuilder.source.transcripts import TranscriptRecord

Read = tuple[TranscriptRecord, list[Problem]]

_JSON = re.compile(r'\s*(?:\{|\[\s*(?:[\[{\]]|"[^"\n]{0,200}"\s*[,\]]))')  # and no `[12:34]`, `[Music]`
_TTML = re.compile(r"\s*(?:<\?xml[^>]{0,500}>\s*)?(?:<!--(?:(?!-->).){0,2000}-->\s*)?<(?:\w{1,20}:)?tt[\s>]", re.DOTALL)


def read_sidecar(text: str, path: str) -> Read:
    """Read a transcript of any of the kinds; an unreadable part is named and left out."""
    # The readers are imported where they are wanted: most archives have none of these files, or of one kind.
    if _TTML.match(text):
        from feedbuilder.source.sidecar_ttml import read_ttml  # noqa: PLC0415

        return read_ttml(text, path)
    if fault := told_from_words(text, path):
        return TranscriptRecord(), [fault]
    if _JSON.match(text):
        from feedbuilder.source.sidecar_json import read_json  # noqa: PLC0415

        return read_json(text, path)
    return _read_words(text, path)


def _read_words(text: str, path: str) -> Read:
    from feedbuilder.source.sidecar_captions import has_timings, read_captions  # noqa: PLC0415

    if has_timings(text):
        return read_captions(text, path)
    from feedbuilder.source.sidecar_table import read_table, separator_of  # noqa: PLC0415

    if separator := separator_of(text):
        return read_table(text, path, separator)
    from feedbuilder.source.sidecar_text import read_text  # noqa: PLC0415

    return read_text(text, path)


def decode_sidecar(content: bytes, path: str) -> tuple[str, list[Problem]]:
    """Return the text of a transcript file, and what had to be replaced in it.

    Raises:
        YamlFaultError: when it is no text.
    """
    if fault := told_from_text(content, path):
        raise YamlFaultError(fault)
    return decode_text(content, path)


def read_sidecar_of(episode: Path, name: str, place: Place, root: Path, memory: Memory = FORGETFUL) -> Read:
    """Read the transcript file that an episode file names by a path from its own folder.

    It must lie below `root` or beside the episode: whatever it holds is published.
    """
    file = episode.parent / name
    try:
        real = file.resolve()
        if not any(real.is_relative_to(folder.resolve()) for folder in (root, episode.parent)):
            message = f"{name} leads out of the archive"
            return TranscriptRecord(), [problem("transcript-file", place, message, "move the file into the archive")]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(place.path), name))
        content = _content(file, path)
    except YamlFaultError as error:
        return TranscriptRecord(), [replace(error.fault, severity=Severity.WARNING)]
    except (OSError, ValueError) as error:
        message = f"the transcript {name} cannot be read: {getattr(error, 'strerror', None) or error}"
        return TranscriptRecord(), [problem("transcript-file", place, message, "correct its name")]
    record, faults = memory.of(("sidecar", content, path), lambda: _parsed(content, path))
    return record._replace(place=place), faults


def _content(file: Path, path: str) -> bytes:
    """Return what a file holds; of one too large, its beginning, where that shows that it is no text."""
    try:
        return read_whole(file, path)
    except YamlFaultError:
        with file.open("rb") as opened:
            head = opened.read(HEAD_BYTES)
        if told_from_text(head, path):
            return head
        raise


def _parsed(content: bytes, path: str) -> Read:
    try:
        text, faults = decode_sidecar(content, path)
    except YamlFaultError as error:
        return TranscriptRecord(), [replace(error.fault, severity=Severity.WARNING)]
    record, more = read_sidecar(text, path)
    return record._replace(lines=packed(record.lines)), faults + more
