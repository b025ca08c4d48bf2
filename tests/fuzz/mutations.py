"""Make one input from others: what mutating fuzzers do, in few lines."""

from __future__ import annotations

import random
from collections.abc import Sequence

from seeds import WORDS

LONGEST_BYTES = 50_000


def mutated(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """Return data with a few bytes, words or lines changed, doubled, moved, removed or taken from another input."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3, 5, 10))):
        at = chance.randint(0, len(changed))
        end = min(len(changed), at + chance.choice((1, 1, 2, 4, 16, 64, 500)))
        kind = chance.randrange(8)
        if kind == 0 and changed:
            changed[min(at, len(changed) - 1)] = chance.randrange(256)
        elif kind == 1:
            changed[at:at] = chance.choice(WORDS)
        elif kind == 2:
            changed[at:end] = chance.choice(WORDS)
        elif kind == 3:
            del changed[at:end]
        elif kind == 4:
            changed[at:at] = changed[at:end] * chance.choice((1, 2, 10, 100))
        elif kind == 5:
            other = chance.choice(others)
            start = chance.randint(0, len(other))
            changed[at:end] = other[start : start + chance.choice((4, 40, 400))]
        elif kind == 6:
            lines = bytes(changed).split(b"\n")
            chance.shuffle(lines) if chance.random() < 0.3 else lines.insert(
                chance.randint(0, len(lines)), chance.choice(lines)
            )
            changed = bytearray(b"\n".join(lines))
        else:
            changed[at:at] = str(chance.choice((0, -1, 1e9, 2**31, 2**63, 1.5, chance.random()))).encode()
    return bytes(changed[:LONGEST_BYTES])
