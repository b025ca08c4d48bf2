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
from typing import TYPE_CHECKING, Any

from feedbuilder.errors import OutputError
from feedbuilder.memory import FORGETFUL, Memory, fingerprint
from feedbuilder.publish.disk import stage
from feedbuilder.source.inputs import state_of_program
from feedbuilder.unchanged import FOLDER

if TYPE_CHECKING:
    pass

_BEGIN = (
    "PRAGMA journal_mode = OFF",  # what a stopped run leaves is thrown away
    "PRAGMA synchronous = OFF",
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
        return pickle.loads(found[0][0]) if found else None

    def remember(self, question: object, answer: object) -> None:
        """Keep an answer."""
        if self._since_ns is not None:
            packed = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
            self._rows("INSERT OR REPLACE INTO answers VALUES (?, ?)", fingerprint(question), packed)

    def is_in_doubt(self, changed_ns: int) -> bool:
        """Whether a file that was changed at a time could have been changed once more since, and look the same."""
        return self._since_ns is None or changed_ns >= self._since_ns

    def forget_unasked(self) -> None:
        """Forget what nobody asked for: what it was of is gone."""
        for (key,) in self._rows("SELECT question FROM answers"):
            if key not in self._asked:
                self._rows("DELETE FROM answers WHERE question = ?", key)

    def close(self) -> None:
        """Write everything down."""
        if self._since_ns is not None:
            self._rows("COMMIT")
        self._database.close()

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
    file = config.parent / os.fsdecode(FOLDER) / f"{config.name}.{kind}"
    seal = file.with_name(f"{file.name}.seal")
    memory = _opened(file, seal, keeps=keeps)
    if memory is None:
        yield FORGETFUL
        return
    inode = _inode(file)
    try:
        yield memory
        if keeps:
            memory.forget_unasked()
    finally:
        memory.close()
        if keeps and inode is not None and _inode(file) == inode:  # else another run has put its own there
            with suppress(OSError, OutputError):
                _put_seal(file, seal, is_sound=memory.is_sound)


def _opened(file: Path, seal: Path, *, keeps: bool) -> StoredMemory | None:
    try:
        is_ours = _sealed(file) == seal.read_bytes()
    except OSError:
        is_ours = False
    try:
        if not keeps:
            return StoredMemory(file, None) if is_ours else None
        started = _started(seal)
        started.write_bytes(b"")  # what time it is by the clock of this file system
        if not is_ours:
            file.unlink(missing_ok=True)
        return StoredMemory(file, started.stat().st_mtime_ns)
    except Exception:  # whatever SQLite and the file system say
        return None


def _put_seal(file: Path, seal: Path, *, is_sound: bool) -> None:
    staged, content = _started(seal), _sealed(file)
    staged.unlink(missing_ok=True)
    if not is_sound:
        seal.unlink(missing_ok=True)
        file.unlink()
    elif not seal.is_file() or seal.read_bytes() != content:
        stage(content, staged)
        staged.replace(seal)


def _inode(file: Path) -> int | None:
    with suppress(OSError):
        return file.stat().st_ino
    return None


def _started(seal: Path) -> Path:
    return seal.with_name(f"{seal.name}.new")


def _sealed(file: Path) -> bytes:
    """Return what tells this file, as it is now, from all others that this program did not write."""
    known = file.stat()
    version = (known.st_ino, known.st_size, known.st_mtime_ns, known.st_ctime_ns)
    return fingerprint((version, sys.version, state_of_program()))
