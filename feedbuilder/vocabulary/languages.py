"""Whether a language code may stand in a feed's `language` element.

Spec: RSS 2.0, `language` <https://www.rssboard.org/rss-specification>; Apple's RSS guide
<https://help.apple.com/itc/podcasts_connect/#/itcb54353390>: an ISO 639 code, with modifiers such as "en-us", and a
wrong one fails the feed. RFC 5646 and the IANA subtag registry, as langcodes 3 carries it, say which codes exist.
"""

from __future__ import annotations

import re
from typing import Final

import langcodes

_FORM: Final = re.compile(r"[a-z]{2,3}(?:-(?:[a-z]{2}|[0-9]{3}))?", re.ASCII | re.IGNORECASE)
"""Language and perhaps region: at most seven characters, and the Podcast Index stores eight."""


def is_feed_language(tag: str) -> bool:
    """Whether `tag` is a real language code, alone or with a region in use today; case does not matter.

    Scripts and variants (`zh-Hans`) are refused; a region says the same to directories (`zh-CN`).

    >>> [is_feed_language(tag) for tag in ("en", "pt-BR", "en-us", "haw", "es-419")]
    [True, True, True, True, True]
    >>> [is_feed_language(tag) for tag in ("jp", "en-UK", "en_US", "English", "zh-Hans", "")]
    [False, False, False, False, False, False]
    """
    if not _FORM.fullmatch(tag) or not langcodes.tag_is_valid(tag):
        return False
    written = langcodes.Language.get(tag, normalize=False)
    return written.territory == langcodes.Language.get(tag).territory  # differs for UK (GB), YU (RS), 840 (US)
