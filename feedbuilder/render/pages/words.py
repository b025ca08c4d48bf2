"""The few words that the pages say themselves, in the language of what they stand around."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final

FALLBACK: Final = "en"


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
