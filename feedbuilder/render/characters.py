"""Characters a text file may carry.

Spec: XML 1.0, fifth edition, 2.2 (https://www.w3.org/TR/xml/#charsets): what it has no place for, and of what it
discourages the control characters. Captions do without the same ones.
"""

from __future__ import annotations

import re
from typing import Final

REPLACEMENT: Final = "\ufffd"
_ILLEGAL = re.compile("[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    r"""Return the text with every character that has no place in it replaced by U+FFFD.

    The archive's own were replaced when it was read; a reference in its HTML, such as `&#1;`, can bring in new ones.

    >>> legal("a\x01b") == "a\ufffdb"
    True
    """
    if text.isprintable():  # as nothing illegal is, and most text; this is known much faster
        return text
    return _ILLEGAL.sub(REPLACEMENT, text)
