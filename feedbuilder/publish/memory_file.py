"""The answers of earlier runs, kept in `.feedbuilder/` beside the config; the folder may be deleted at any time.

They are Python's own pickles, which can run code, and what comes of them is published. So they are only read from the
very file that a run on this machine left, as the seal beside it says: another, as it may come with a copy of the
archive or somebody's pull request, has another inode and other times, and is thrown away. So is what a killed run
leaves, and what another version of this program or of Python wrote.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from feedbuilder.errors import OutputError, RefusedError
from feedbuilder.memory import DIGEST_BYTES, FORGETFUL, Memory, fingerprint, short_digest, version_of
from feedbuilder.publish.disk import is_equal
from feedbuilder.publish.own_folder import has_folder, own_file, put_anew, read_own, replace_own
from feedbuilder.source.inputs import state_of_program

_PLAYED_BACK = ("-journal", "-wal", "-shm")  # what SQLite would bring into a database that is as we left it
_BEGIN = (
    "PRAGMA journal_mode = OFF",  # what a stopped run leaves is thrown away
    "PRAGMA synchronous = OFF",
    "PRAGMA cache_size = -16384",  # KiB: that of most shows is written when their output is out and has its room
    "BEGIN EXCLUSIVE",
    "CREATE TABLE IF NOT EXISTS answers (question BLOB PRIMARY KEY, answer BLOB NOT NULL)",
)


class StoredMemory(Memory):
    """Answers in a database, which is only read unless files may be changed since a time."""

    def __init__(self, file: Path, since_ns: int | None) -> None:
        """Open the database.

        Raises:
            ImportError: where Python has no SQLite.
            sqlite3.Error: when it cannot be used.
        """
        import sqlite3  # noqa: PLC0415  (some Pythons come without it)

        self._error = sqlite3.Error
        self._since_ns = since_ns
        self._asked: set[bytes] = set()
        self.is_sound = True
        mode = "ro" if since_ns is None else "rwc"
        uri = f"{file.absolute().as_uri()}?mode={mode}"
        self._database = sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None)
        try:
            for statement in () if since_ns is None else _BEGIN:
                self._database.execute(statement)
        except sqlite3.Error:
            self._database.close()
            raise

    def recall(self, question: object) -> Any:
        """Return what is remembered, or None."""
        key = fingerprint(question)
        self._asked.add(key)
        found = self._rows("SELECT answer FROM answers WHERE question = ?", key)
        return self._unpacked(found[0][0]) if found else None

    def remember(self, question: object, answer: object) -> None:
        """Keep an answer."""
        if self._since_ns is None:
            return
        key, packed = fingerprint(question), pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
        self._asked.add(key)
        self._rows("INSERT OR REPLACE INTO answers VALUES (?, ?)", key, short_digest(packed) + packed)

    def is_in_doubt(self, changed_ns: int) -> bool:
        """Whether a file that was changed at a time could have been changed once more since, and look the same."""
        return self._since_ns is None or changed_ns >= self._since_ns

    def forget_unasked(self) -> None:
        """Forget what nobody asked for: what it was of is gone."""
        if self._since_ns is None:
            return
        for (key,) in self._rows("SELECT question FROM answers"):
            if key not in self._asked:
                self._rows("DELETE FROM answers WHERE question = ?", key)

    def close(self) -> None:
        """Write everything down."""
        if self._since_ns is not None:
            self._rows("COMMIT")
        self._database.close()

    def _unpacked(self, answer: bytes) -> Any:
        """Return an answer; None where the disk has lost a part of it, as it may when the power fails."""
        with suppress(Exception):  # whatever a pickle raises that cannot be read
            if short_digest(answer[DIGEST_BYTES:]) == answer[:DIGEST_BYTES]:
                return pickle.loads(answer[DIGEST_BYTES:])
        self.is_sound = False
        return None

    def _rows(self, statement: str, *values: bytes) -> list[Any]:
        if self.is_sound:
            try:
                return self._database.execute(statement, values).fetchall()
            except self._error:  # the disk may be full: then this run remembers no more, and the next one nothing
                self.is_sound = False
        return []


@contextmanager
def remembered(config: Path, kind: str = "memory", *, keeps: bool = True) -> Iterator[Memory]:
    """Open the memory of a config; one that forgets, where there is no folder for it, or it is in use.

    Each `kind` is a file of its own, which forgets what its own runs no longer ask for. Unless it `keeps` something,
    nothing is written. A memory that cannot be read or written costs only time.
    """
    file = own_file(config, kind)
    seal = file.with_name(f"{file.name}.seal")
    program = state_of_program()
    memory = _opened(file, seal, program, keeps=keeps)
    if memory is None:
        yield FORGETFUL
        return
    inode = _inode(file)
    try:
        yield memory
        memory.forget_unasked()
    except RefusedError:  # by then everything was asked for
        memory.forget_unasked()
        raise
    except OutputError:
        memory.is_sound = False  # it may have taken the room that the output needed
        raise
    finally:
        is_there = inode is not None and _inode(file) == inode  # else another run has put its own there
        memory.close()
        if keeps and is_there:
            with suppress(OSError, OutputError):
                _put_seal(file, seal, program, is_sound=memory.is_sound)


def _opened(file: Path, seal: Path, program: bytes, *, keeps: bool) -> StoredMemory | None:
    beside = [file.with_name(f"{file.name}{ending}") for ending in _PLAYED_BACK]
    is_ours = False
    with suppress(OSError):
        is_ours = _sealed(file, program) == read_own(seal) and not any(map(os.path.lexists, beside))
    try:
        if not (keeps and has_folder(file)):
            return StoredMemory(file, None) if is_ours else None
        since_ns = put_anew(_started(seal))  # what time it is by the clock of this file system
        for stranger in () if is_ours else (file, *beside):
            stranger.unlink(missing_ok=True)
        return StoredMemory(file, since_ns)
    except Exception:  # whatever SQLite and the file system say
        return None


def _put_seal(file: Path, seal: Path, program: bytes, *, is_sound: bool) -> None:
    _started(seal).unlink(missing_ok=True)
    if not is_sound or state_of_program() != program:  # an upgrade meanwhile: the answers are those of the old one
        seal.unlink(missing_ok=True)
        file.unlink()
    elif not is_equal(content := _sealed(file, program), seal):
        replace_own(seal, content)


def _inode(file: Path) -> int | None:
    with suppress(OSError):
        return file.stat().st_ino
    return None


def _started(seal: Path) -> Path:
    return seal.with_name(f"{seal.name}.new")


def _sealed(file: Path, program: bytes) -> bytes:
    """Return what tells this file, as it is now, from all others that this program did not write."""
    return fingerprint((version_of(file.lstat()), sys.version, program))
