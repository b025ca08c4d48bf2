"""Reading rules by name: what a subtitle house asks of its captions, for each format that is laid out in cards.

Sources: `podcast`: the podcast namespace's transcripts.md (SRT: 2 lines of 32, the name counted in) and Netflix's card
times; `netflix`: Timed Text Style Guide, general requirements and English (US); `bbc`: Subtitle Guidelines (160 to 180
words a minute, which is about 17 characters a second; 37 columns).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from feedbuilder.captions.cues import SRT_LAYOUT, VTT_LAYOUT, Layout

_BBC = Layout(columns=37, min_ms=1000, max_chars_per_second=17, gap_ms=0)

PROFILES: Final[Mapping[str, Mapping[str, Layout]]] = MappingProxyType(
    {
        "podcast": {"vtt": VTT_LAYOUT, "srt": SRT_LAYOUT},
        "netflix": {"vtt": Layout(columns=42), "srt": Layout(columns=42, speaker_prefix=True)},
        "bbc": {"vtt": _BBC, "srt": replace(_BBC, speaker_prefix=True)},
    }
)
"""Profile → format → layout."""


def choose_layouts(profile: str, changes: Mapping[str, Mapping[str, Any]]) -> dict[str, Layout]:
    """Return the layout of each format, a profile's with single rules changed.

    >>> choose_layouts("podcast", {"srt": {"columns": 40}})["srt"].columns
    40
    """
    return {name: replace(layout, **changes.get(name, {})) for name, layout in PROFILES[profile].items()}
