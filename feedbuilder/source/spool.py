"""Transcripts between reading and writing: nine tenths of an archive, of which one episode's is wanted at a time.

Those of a large archive wait on the disk. The file has no name, so nobody else can write to it, and it is gone with
the run, however that ends.
"""

from __future__ import annotations

import marshal
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple, overload

from feedbuilder.memory import short_digest
from feedbuilder.model import TranscriptLine

IN_MEMORY_BYTES = 16 * 2**20
_CAN_WAIT_ON_DISK = hasattr(os, "pread")  # Windows has neither that nor files without a name
_NO_REFERENCES = 2  # the version of marshal's format that writes the same lines as the same bytes


@dataclass(slots=True)
class Spool:
    """Where transcript lines are kept: in memory at first, then on the disk, and there is none, in memory again."""

    in_memory_bytes: int = IN_MEMORY_BYTES
    _held_bytes: int = 0
    _file: _NamelessFile | None = None

    @property
    def files(self) -> tuple[int, ...]:
        """The descriptors that a process which reads the lines must keep open."""
        return () if self._file is None else (self._file.descriptor,)

    def keep(self, lines: Sequence[TranscriptLine]) -> Sequence[TranscriptLine]:
        """Return the same lines, which take next to no memory until somebody reads them."""
        if isinstance(lines, ForgottenLines) or not lines:
            return lines or ()
        content = _packed(lines)
        if self._held_bytes + len(content) > self.in_memory_bytes and _CAN_WAIT_ON_DISK:
            with suppress(OSError):
                self._file = self._file or _NamelessFile()
                return SpooledLines(self._file.add(content), len(lines))
        self._held_bytes += len(content)
        return SpooledLines(content, len(lines))


class _Piece(NamedTuple):
    """A part of a file."""

    file: _NamelessFile
    start: int
    length: int

    def read(self) -> bytes:
        parts: list[bytes] = []
        start, end = self.start, self.start + self.length
        while start < end and (part := os.pread(self.file.descriptor, end - start, start)):
            parts.append(part)
            start += len(part)
        return b"".join(parts)


class _NamelessFile:
    """A temporary file that is only in this program's hands; read by place, because processes share its position."""

    def __init__(self) -> None:
        self.descriptor, path = tempfile.mkstemp(prefix="feedbuilder-")
        os.unlink(path)  # noqa: PTH108  (as tempfile made it)
        self.end = 0

    def add(self, content: bytes) -> _Piece:
        start, rest = self.end, memoryview(content)
        while rest:
            rest = rest[os.pwrite(self.descriptor, rest, self.end + len(content) - len(rest)) :]
        self.end += len(content)
        return _Piece(self, start, len(content))

    def __del__(self) -> None:
        with suppress(AttributeError, OSError):
            os.close(self.descriptor)


class KeptLines(Sequence[TranscriptLine]):
    """Transcript lines that are read from where they are each time: take them all at once."""

    __slots__ = ("_count", "_digest")

    def __init__(self, count: int, digest: bytes | None = None) -> None:
        self._count = count
        self._digest = digest

    @property
    def digest(self) -> bytes:
        """What stands for their content; most lines are never asked for it."""
        if self._digest is None:
            self._digest = short_digest(_packed(self))
        return self._digest

    def __len__(self) -> int:
        return self._count

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KeptLines) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    @overload
    def __getitem__(self, index: int) -> TranscriptLine: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[TranscriptLine]: ...
    def __getitem__(self, index: int | slice) -> TranscriptLine | Sequence[TranscriptLine]:
        return tuple(self)[index]

    def __reduce__(self) -> tuple[type[ForgottenLines], tuple[int, bytes]]:
        return ForgottenLines, (self._count, self.digest)  # a memory holds no words: they are in the archive


class SpooledLines(KeptLines):
    """Lines that are in memory, or in a piece of a file."""

    __slots__ = ("_where",)

    def __init__(self, where: bytes | _Piece, count: int) -> None:
        super().__init__(count)
        self._where = where

    def content(self) -> bytes:
        """Return the lines as they are packed."""
        return self._where if isinstance(self._where, bytes) else self._where.read()

    def __iter__(self) -> Iterator[TranscriptLine]:
        return map(TranscriptLine._make, zip(*marshal.loads(self.content()), strict=True))


class ForgottenLines(KeptLines):
    """Lines of which a memory knows how many there are, and what stands for them; `read` finds them in the archive."""

    __slots__ = ("_read",)

    def __init__(self, count: int, digest: bytes, read: Callable[[], Sequence[TranscriptLine]] | None = None) -> None:
        super().__init__(count, digest)
        self._read = read

    def __iter__(self) -> Iterator[TranscriptLine]:
        assert self._read is not None
        return iter(self._read())


def recalled(lines: Sequence[TranscriptLine], read: Callable[[], Sequence[TranscriptLine]]) -> Sequence[TranscriptLine]:
    """Return lines as a memory gave them, read by `read` where it holds none."""
    return ForgottenLines(len(lines), lines.digest, read) if isinstance(lines, ForgottenLines) else lines


def digest_of(lines: Sequence[TranscriptLine]) -> bytes:
    """Return what stands for the content of transcript lines, wherever they are kept."""
    return lines.digest if isinstance(lines, KeptLines) else short_digest(_packed(lines))


def packed(lines: Sequence[TranscriptLine]) -> Sequence[TranscriptLine]:
    """Return the same lines as the little they are kept as, in memory."""
    return SpooledLines(_packed(lines), len(lines)) if lines else ()


def _packed(lines: Sequence[TranscriptLine]) -> bytes:
    if isinstance(lines, SpooledLines):
        return lines.content()
    return marshal.dumps(list(zip(*lines, strict=True)), _NO_REFERENCES)
