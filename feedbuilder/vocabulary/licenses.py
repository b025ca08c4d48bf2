"""The licence identifiers `podcast:license` knows; any other value is a custom licence, which must carry a `url`.

Spec: <https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/tags/license.md> and its companion list
docs/examples/license/licenses.json at commit 3e8c96a. The node value is the identifier in lower case.
"""

from __future__ import annotations

from typing import Final

LICENSES: Final[frozenset[str]] = frozenset(
    {
        "arr",  # All Rights Reserved
        "cc-by-4.0",
        "cc-by-nc-4.0",
        "cc-by-nc-nd-4.0",
        "pod-v4v-1.0",  # Podcast V4V License
    }
)
"""Every `shortname` of the list, lower-cased as the node value must be."""
