"""Bytes of a file → text that YAML and XML can carry, with a place for whatever stands in the way."""

from __future__ import annotations

import codecs
import re
from errno import EINVAL
from os import stat_result
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from feedbuilder.errors import Place, Problem
from feedbuilder.problems import problem
from feedbuilder.vocabulary.characters import FORBIDDEN, REPLACEMENT

MAX_BYTES = 8 * 1024 * 1024
_ATTEMPTS = 3  # at a file that somebody is writing; most editors need less than one

_SURELY_TEXT = bytes({*b"\t\n\r", *range(0x20, 0x100)} - {0x7F, 0xC2, 0xEF})
"""Bytes that are no part of a forbidden character in UTF-8."""
_PERHAPS_FORBIDDEN = re.compile(rb"\xc2[\x80-\x9f]|\xef\xbf[\xbe\xbf]")
_OTHER_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"), (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"), (codecs.BOM_UTF16_BE, "UTF-16"),
)  # fmt: skip
_LINE_BREAKS_OF_YAML_ONLY = ("\x85", "\u2028", "\u2029")  # to most editors they are inside a line


class YamlFaultError(Exception):
    """Reading a file cannot go on; holds the one problem that says why."""

    def __init__(self, fault: Problem) -> None:
        super().__init__(fault.message)
        self.fault = fault


def read_whole(file: Path, path: str) -> bytes:
    """Return what a file holds, all of one moment; `path` is what messages call it.

    Raises:
        YamlFaultError: when it is larger than a text file may be, or somebody is writing it.
        OSError: when the file system says no.
    """
    for _ in range(_ATTEMPTS):
        before = file.stat()
        if not (S_ISREG(before.st_mode) or S_ISDIR(before.st_mode)):  # a pipe could be waited for in vain
            raise OSError(EINVAL, "it is no ordinary file")
        if before.st_size > MAX_BYTES:
            raise YamlFaultError(_too_large(before.st_size, path))
        raw = file.read_bytes()
        after = file.stat()
        if len(raw) == after.st_size and _version(before) == _version(after):
            return raw
    raise YamlFaultError(
        problem("unreadable-file", Place(path), "the file is being written just now", "run again when it is whole")
    )


def read_archive_file(file: Path, path: str) -> bytes:
    """Return what a file of the archive holds, as `read_whole` does.

    Raises:
        YamlFaultError: when it cannot be read, for whatever reason.
    """
    try:
        return read_whole(file, path)
    except OSError as error:
        remedy = "make the file readable, or remove it"
        fault = problem("unreadable-file", Place(path), f"cannot be read: {error.strerror}", remedy)
        raise YamlFaultError(fault) from error


def _version(stat: stat_result) -> tuple[int, int, int]:
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def _too_large(length_bytes: int, path: str) -> Problem:
    message = f"the file has {length_bytes:,} bytes; the limit is {MAX_BYTES:,}"
    remedy = "move what is not the episode's own text into files of its own"
    return problem("file-too-large", Place(path), message, remedy)


def decode_text(raw: bytes, path: str) -> tuple[str, list[Problem]]:
    r"""Return a file's text with `\n` line ends, and what had to be replaced in it.

    Raises:
        YamlFaultError: when it is no UTF-8 text, or larger than a text file may be.
    """
    if len(raw) > MAX_BYTES:
        raise YamlFaultError(_too_large(len(raw), path))
    if other := next((name for mark, name in _OTHER_ENCODINGS if raw.startswith(mark)), None):
        raise YamlFaultError(
            problem("not-utf8", Place(path, 1, 1), f"the file is saved as {other}", "save the file as UTF-8")
        )
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise YamlFaultError(_not_utf8(raw, error.start, path)) from error
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    for character in _LINE_BREAKS_OF_YAML_ONLY:
        text = text.replace(character, " ")
    text = text.removeprefix("\ufeff")  # a second one: programs that join files leave it
    if 0 in raw:
        message, remedy = "the file holds NUL bytes, so it is not text", "restore the file, or save it as UTF-8"
        raise YamlFaultError(problem("not-text", _place_at(text, text.index("\x00"), path), message, remedy))
    found = FORBIDDEN.search(text) if _is_doubtful(raw) else None
    if found is None:
        return text, []
    count = len(FORBIDDEN.findall(text))
    return FORBIDDEN.sub(REPLACEMENT, text), [replaced(found[0], _place_at(text, found.start(), path), count)]


def _is_doubtful(raw: bytes) -> bool:
    """Tell whether text may hold forbidden characters: of bytes this is known ten times as fast."""
    others = raw.translate(None, _SURELY_TEXT)
    return bool(others.strip(b"\xc2\xef") or (others and _PERHAPS_FORBIDDEN.search(raw)))


def replaced(character: str, place: Place, count: int = 1) -> Problem:
    """Return the problem of characters that were replaced, the first of them at `place`."""
    message = f"the control character U+{ord(character):04X} was replaced by U+FFFD"
    if count > 1:
        message = f"{count} control characters were replaced by U+FFFD, the first one (U+{ord(character):04X}) here"
    return problem("forbidden-character", place, message, "delete the character; XML cannot carry it")


def _not_utf8(raw: bytes, index: int, path: str) -> Problem:
    before = raw[:index].decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    likely = raw[index : index + 1].decode("cp1252", "replace")
    message = f"byte 0x{raw[index]:02x} is not UTF-8"
    if likely.isprintable() and likely != "\ufffd":
        message += f" (in Windows and Latin-1 files it is {likely})"
    return problem("not-utf8", _place_at(before, len(before), path), message, "save the file as UTF-8")


def _place_at(text: str, index: int, path: str) -> Place:
    return Place(path, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))
