"""Which bytes of a file a player asks for.

Spec: RFC 9110, 14 (range requests)
"""

from __future__ import annotations

import re
from typing import NamedTuple

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class ByteRange(NamedTuple):
    """A stretch of bytes; the last one belongs to it."""

    first: int
    last: int


class UnsatisfiableError(ValueError):
    """No byte of the file is in the range."""


def parse_range(header: str | None, length: int) -> ByteRange | None:
    """Return the stretch that is asked for; None where the whole file is to be sent.

    Several ranges at once no player needs, so they count as none can be given; what is no range is passed over, as the
    spec has it.

    >>> parse_range("bytes=2-", 10), parse_range("bytes=-3", 10), parse_range("bytes=0-99", 10)
    (ByteRange(first=2, last=9), ByteRange(first=7, last=9), ByteRange(first=0, last=9))
    >>> parse_range("lines=1-2", 10) is None
    True

    Raises:
        UnsatisfiableError: when no byte of the file is meant, or several ranges are asked for.
    """
    if header is None or not header.lower().startswith("bytes="):
        return None
    if "," in header:
        raise UnsatisfiableError
    found = _RANGE.fullmatch(header.replace(" ", "").lower())
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        wanted = min(int(found[2]), length)
        first, last = length - wanted, length - 1
    else:
        first, last = int(found[1]), min(int(found[2] or length), length - 1)
        if found[2] and int(found[2]) < first:
            return None
    if first > last:
        raise UnsatisfiableError
    return ByteRange(first, last)
