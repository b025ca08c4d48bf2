"""The file-name part of each episode: safe on every file system, and nobody else's."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence

from feedbuilder.errors import Problem
from feedbuilder.problems import problem
from feedbuilder.source.archive import EpisodeFile

MAX_SLUG_BYTES = 200  # file systems take names of 255 bytes; this leaves room for an ending
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)  # names Windows keeps for itself


def resolve_slugs(
    episodes: Sequence[EpisodeFile], out_already: Collection[str] = ()
) -> tuple[dict[str, str], list[Problem]]:
    """Return each episode's slug by path; who comes second to a name is told in a problem instead.

    The files that are `out_already` come first: their names are public.
    """
    slugs: dict[str, str] = {}
    taken: dict[str, str] = {}
    problems: list[Problem] = []
    for episode in sorted(episodes, key=lambda episode: episode.path not in out_already):
        slug = safe_slug(episode.slug)
        if (other := taken.setdefault(slug.casefold(), episode.path)) != episode.path:
            message = f"its files would have the same names as those of {other} ({slug}), so it is held"
            remedy = f"give it a `{episode.names.shown('slug')}:` of its own"
            problems.append(problem("doubled-slug", episode.place("slug"), message, remedy))
        else:
            slugs[episode.path] = slug
    return slugs, problems


def safe_slug(text: str) -> str:
    """Return a name for files made of letters with their marks, digits, dots, dashes and underscores.

    >>> safe_slug("../../etc/pass wd"), safe_slug("Über uns"), safe_slug("CON.1")
    ('etc-pass-wd', 'Über-uns', 'CON-.1')
    >>> safe_slug("हिन्दी में"), safe_slug("ที่นี่"), safe_slug("I ❤️ it")
    ('हिन्दी-में', 'ที่นี่', 'I-it')
    """
    slug = "".join(_safe_characters(unicodedata.normalize("NFC", text))).strip(".-_")
    slug = re.sub(r"\.{2,}", ".", slug).encode()[:MAX_SLUG_BYTES].decode(errors="ignore").rstrip(".-") or "episode"
    return _RESERVED.sub(r"\1-", slug, count=1) if _RESERVED.match(slug) else slug


def _safe_characters(text: str) -> Iterator[str]:
    """Yield what a name may have, and one dash for every run of anything else.

    Vowels of Indic scripts and Thai are marks on a letter; a mark on an emoji means nothing without it.
    """
    after_letter = after_dash = False
    for character in text:
        is_mark = after_letter and unicodedata.category(character) in {"Mn", "Mc"}
        if is_mark or character.isalnum() or character in "._-":
            yield character
            after_letter, after_dash = is_mark or character.isalpha(), False
        elif not after_dash:
            yield "-"
            after_letter, after_dash = False, True
