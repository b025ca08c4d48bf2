"""A JSON file as strictly as its strictest reader takes it.

Spec: https://www.rfc-editor.org/rfc/rfc8259 (4: a key stands once; 8.1: UTF-8, no byte order mark)
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

from feedbuilder.check.rules import Fault

_NUMBERS: Final = frozenset({int, float})  # and not bool, which is an int to isinstance


@dataclass(frozen=True, kw_only=True, slots=True)
class JsonFile:
    """What is in a file of JSON, and how long the episode is that it belongs to."""

    text: str
    value: Any  # None when it is no JSON
    faults: tuple[Fault, ...] = ()
    duration_ms: int | None = None

    def line_of(self, key: str, index: int) -> int | None:
        """Return the line on which a key stands for the time `index`, from 0."""
        for number, found in enumerate(re.finditer(f'"{re.escape(key)}"\\s*:', self.text)):
            if number == index:
                return self.text.count("\n", 0, found.start()) + 1
        return None


def read_json(content: bytes, duration_ms: int | None = None) -> JsonFile:
    """Return a file of JSON with all that is wrong with it."""
    faults: list[Fault] = []

    def constant(name: str) -> None:
        faults.append(Fault(f"{name} is not JSON"))

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(found)
        if len(made) < len(found):
            doubled = next(key for key, _ in found if sum(key == other for other, _ in found) > 1)
            faults.append(Fault(f"the key {doubled!r} stands twice"))
        return made

    if content.startswith(b"\xef\xbb\xbf"):
        faults.append(Fault("it starts with a byte order mark", 1))
    try:
        text = content.decode("utf-8-sig")
        value = json.loads(text, parse_constant=constant, object_pairs_hook=pairs)
    except UnicodeDecodeError as error:
        return JsonFile(text="", value=None, faults=(Fault(f"byte {error.start} is not UTF-8"),))
    except json.JSONDecodeError as error:
        return JsonFile(text=text, value=None, faults=(*faults, Fault(f"this is not JSON: {error.msg}", error.lineno)))
    except RecursionError:
        return JsonFile(text=text, value=None, faults=(*faults, Fault("it nests too deep")))
    return JsonFile(text=text, value=value, faults=tuple(faults), duration_ms=duration_ms)


def is_number(value: object) -> TypeGuard[float]:
    """Whether a value is a finite number of JSON; true and false are none."""
    return type(value) in _NUMBERS and -1e12 < value < 1e12  # type: ignore[operator]
