"""Characters a text file may carry.

Spec: XML 1.0, fifth edition, 2.2 (https://www.w3.org/TR/xml/#charsets): what it has no place for, and of what it
discourages the control characters. Captions do without the same ones.
"""

from __future__ import annotations

import re
from typing import Final

REPLACEMENT: Final = "\ufffd"
FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def legal(text: str) -> str:
    r"""Return the text with every character that has no place in it replaced by U+FFFD.

    The archive's own were replaced when it was read; a reference in its HTML, such as `&#1;`, can bring in new ones.

    >>> legal("a\x01b") == "a\ufffdb"
    True
    """
    if text.isprintable():  # as nothing illegal is, and most text; this is known much faster
        return text
    return FORBIDDEN.sub(REPLACEMENT, text)
