"""Which language codes may stand in a feed's `language` element, and which way their texts run.

Spec: RSS 2.0, `language` <https://www.rssboard.org/rss-specification>; Apple's RSS guide
<https://help.apple.com/itc/podcasts_connect/#/itcb54353390>: an ISO 639 code, with modifiers such as "en-us", and a
wrong one fails the feed. RFC 5646 and the IANA subtag registry, as langcodes 3 carries it, say which codes exist.
<https://www.w3.org/International/questions/qa-scripts> says which scripts run from right to left.
"""

from __future__ import annotations

import re
from typing import Final

# langcodes is loaded where it is needed: its tables take as long to load as all of markdown-it.

_FORM: Final = re.compile(r"[a-z]{2,3}(?:-(?:[a-z]{2}|[0-9]{3}))?", re.ASCII | re.IGNORECASE)
"""Language and perhaps region: at most seven characters, and the Podcast Index stores eight."""


_CODES: Final = """
    ar ca cs da de de-at de-ch de-de el en en-au en-ca en-gb en-ie en-in en-nz en-us es es-419 es-ar es-es es-mx
    fa fi fr fr-be fr-ca fr-ch fr-fr he hi hu id it it-it ja ja-jp ko ko-kr nb nl nl-be nl-nl no pl pl-pl pt pt-br
    pt-pt ro ru ru-ru sv sv-se th tr tr-tr uk vi zh zh-cn zh-hk zh-tw
"""
_COMMON: Final = frozenset(_CODES.split())
"""Codes that nearly every podcast has, which need no table."""

_RIGHT_TO_LEFT: Final = frozenset(
    {"Adlm", "Arab", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi"}
)


def is_language_code(tag: str) -> bool:
    """Whether `tag` is a BCP 47 code made of registered parts.

    >>> is_language_code("en"), is_language_code("zh-Hans-CN"), is_language_code("xx-yy")
    (True, True, False)
    """
    if tag.lower() in _COMMON:
        return True
    import langcodes  # noqa: PLC0415

    return langcodes.tag_is_valid(tag)


def is_feed_language(tag: str) -> bool:
    """Whether `tag` is a real language code, alone or with a region in use today; case does not matter.

    Scripts and variants (`zh-Hans`) are refused; a region says the same to directories (`zh-CN`).

    >>> [is_feed_language(tag) for tag in ("en", "pt-BR", "en-us", "haw", "es-419")]
    [True, True, True, True, True]
    >>> [is_feed_language(tag) for tag in ("jp", "en-UK", "en_US", "English", "zh-Hans", "")]
    [False, False, False, False, False, False]
    """
    if tag.lower() in _COMMON:
        return True
    if not _FORM.fullmatch(tag) or not is_language_code(tag):
        return False
    import langcodes  # noqa: PLC0415

    written = langcodes.Language.get(tag, normalize=False)
    return written.territory == langcodes.Language.get(tag).territory  # differs for UK (GB), YU (RS), 840 (US)


def direction_of(language: str) -> str:
    """Return `rtl` or `ltr`, by the script that the language is usually written in.

    >>> direction_of("ar-EG"), direction_of("ckb"), direction_of("en")
    ('rtl', 'rtl', 'ltr')
    """
    import langcodes  # noqa: PLC0415

    return "rtl" if langcodes.Language.get(language).maximize().script in _RIGHT_TO_LEFT else "ltr"
