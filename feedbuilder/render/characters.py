"""Characters a text file may carry.

Spec: XML 1.0, fifth edition, 2.2 (https://www.w3.org/TR/xml/#charsets); the same ones are replaced in captions.
"""

from __future__ import annotations

import re
from typing import Final

REPLACEMENT: Final = "\ufffd"
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    r"""Return the text with every character that XML cannot carry replaced by U+FFFD.

    The archive's own were replaced when it was read; a reference in its HTML, such as `&#1;`, can bring in new ones.

    >>> legal("a\x01b") == "a\ufffdb"
    True
    """
    return _ILLEGAL.sub(REPLACEMENT, text)
