"""Phrases of Chinese, Japanese and Thai, which are written without spaces.

BudouX (https://github.com/google/budoux) knows them; it is loaded only where there is such text.
"""

from __future__ import annotations

import re
from itertools import accumulate

_KANA = re.compile("[\u3041-\u30ff]")
_TRADITIONAL = re.compile("hant|tw|hk|mo", re.IGNORECASE)


def thai_phrases(text: str) -> list[str]:
    """Split Thai without spaces into phrases, the last of which takes the space that follows."""
    from budoux import load_default_thai_parser  # noqa: PLC0415

    phrases: list[str] = load_default_thai_parser().parse(text)
    return [*phrases[:-1], phrases[-1] + " "]


def phrase_ends(text: str, language: str) -> set[int]:
    """Find where the phrases of a Chinese or Japanese text end, counted in characters."""
    import budoux  # noqa: PLC0415

    if _KANA.search(text):
        parser = budoux.load_default_japanese_parser()
    elif _TRADITIONAL.search(language):
        parser = budoux.load_default_traditional_chinese_parser()
    else:
        parser = budoux.load_default_simplified_chinese_parser()
    return set(accumulate(map(len, parser.parse(text))))
