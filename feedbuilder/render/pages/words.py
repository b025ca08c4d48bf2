"""The few words that the pages say themselves, in the language of what they stand around.

Spec: https://www.w3.org/International/questions/qa-scripts (which scripts run from right to left)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final

import langcodes

FALLBACK: Final = "en"
_RIGHT_TO_LEFT: Final = frozenset(
    {"Adlm", "Arab", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi"}
)


def words_in(language: str) -> Mapping[str, Any]:
    """Return the words of a language, by what they are for; English where there is no translation.

    >>> words_in("de-AT")["chapters"], words_in("eo")["chapters"]
    ('Kapitel', 'Chapters')
    """
    return _table().get(language_of_words(language), {})


def language_of_words(language: str) -> str:
    """Return the language in which a page in `language` speaks of itself.

    >>> language_of_words("pt-BR"), language_of_words("eo")
    ('pt', 'en')
    """
    primary = language.lower().partition("-")[0]
    return primary if primary in _table() else FALLBACK


def direction_of(language: str) -> str:
    """Return `rtl` or `ltr`, by the script that the language is usually written in.

    >>> direction_of("ar-EG"), direction_of("ckb"), direction_of("en")
    ('rtl', 'rtl', 'ltr')
    """
    return "rtl" if langcodes.Language.get(language).maximize().script in _RIGHT_TO_LEFT else "ltr"


def written_date(moment: datetime, language: str) -> str:
    """Return a day as a reader of the language writes it; the ISO form where the words are not in that language.

    >>> from datetime import UTC
    >>> day = datetime(2025, 1, 15, tzinfo=UTC)
    >>> written_date(day, "de"), written_date(day, "ja"), written_date(day, "eo")
    ('15. Januar 2025', '2025年1月15日', '2025-01-15')
    """
    if language.lower().partition("-")[0] not in _table():
        return moment.date().isoformat()
    words = words_in(language)
    return str(words["date"].format(day=moment.day, month=words["months"][moment.month - 1], year=moment.year))


@cache
def _table() -> dict[str, dict[str, Any]]:
    content = files(__package__).joinpath("words.json").read_text("utf-8")
    return json.loads(content)  # type: ignore[no-any-return]
