"""What a pure function answered before need not be worked out again, in this run or in a later one."""

from __future__ import annotations

import hashlib
import io
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from feedbuilder.errors import Problem

Answer = TypeVar("Answer")
DIGEST_BYTES = 16


class Memory:
    """Answers to questions; this one forgets them at once.

    A question holds everything that its answer depends on but this program itself; its `fingerprint` stands for it.
    Whoever gets an answer does not change it.
    """

    def of(self, question: object, work_out: Callable[[], Answer]) -> Answer:
        """Return the answer to a question: as it is remembered, or else worked out."""
        answer: Answer | None = self.recall(question)
        if answer is None:
            answer = work_out()
            self.remember(question, answer)
        return answer

    def of_file(self, file: Path, question: object, work_out: Callable[[], Answer]) -> Answer:
        """Return the answer to a question on what is in a file, which is known by its size, times and inode.

        A problem is not remembered, for the disk may have been at fault and not the file.
        """
        try:
            known = file.stat()
        except OSError:
            return work_out()
        question = (question, str(file), version_of(known))
        answer: Answer | None = self.recall(question)
        if answer is None:
            answer = work_out()
            if not (isinstance(answer, Problem) or self.is_in_doubt(known.st_ctime_ns)):
                self.remember(question, answer)
        return answer

    def is_in_doubt(self, changed_ns: int) -> bool:
        """Whether a file that was changed at a time could have been changed once more since, and look the same."""
        del changed_ns
        return True

    def recall(self, question: object) -> Any:
        """Return what is remembered, or None."""
        del question

    def remember(self, question: object, answer: object) -> None:
        """Keep an answer."""


FORGETFUL = Memory()


class RunMemory(Memory):
    """Answers that are remembered as long as this program runs, and somebody asks for them now and then."""

    def __init__(self) -> None:
        self._answers: dict[bytes, Any] = {}
        self._asked: set[bytes] = set()

    def recall(self, question: object) -> Any:
        """Return what is remembered, or None."""
        key = fingerprint(question)
        self._asked.add(key)
        return self._answers.get(key)

    def remember(self, question: object, answer: object) -> None:
        """Keep an answer."""
        self._answers[fingerprint(question)] = answer

    def is_in_doubt(self, changed_ns: int) -> bool:
        """Whether a file may change again and look the same: not within the time that somebody looks at it anew."""
        del changed_ns
        return False

    def forget_unasked(self) -> None:
        """Forget what nobody asked for since the last time."""
        self._answers = {key: answer for key, answer in self._answers.items() if key in self._asked}
        self._asked.clear()


def fingerprint(value: object) -> bytes:
    """Return a short digest that stands for a value: the same for equal ones, in every run.

    It may be made of text, numbers, times, tuples, mappings in an order that is always the same, and dataclasses of
    these; sets have no order.
    """
    written = io.BytesIO()
    pickler = pickle.Pickler(written, pickle.HIGHEST_PROTOCOL)
    pickler.fast = True  # or what is used twice would be written otherwise than two equal ones
    pickler.dump(value)
    return short_digest(written.getbuffer())


def short_digest(content: bytes | memoryview) -> bytes:
    """Return `DIGEST_BYTES` bytes that stand for a content."""
    return hashlib.blake2b(content, digest_size=DIGEST_BYTES).digest()


def version_of(known: os.stat_result) -> tuple[int, int, int, int]:
    """Return by what a file is known that nobody has written to."""
    return known.st_size, known.st_mtime_ns, known.st_ctime_ns, known.st_ino
