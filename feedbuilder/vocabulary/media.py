"""What a feed may say it is (`podcast:medium`), and which kinds of file an enclosure may be.

Spec: <https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/tags/medium.md> at commit 088a437;
Apple's RSS guide <https://help.apple.com/itc/podcasts_connect/#/itcb54353390>, `enclosure` (six formats and their
types); RFC 5334 and RFC 7845 (Ogg, Opus), RFC 9639 (FLAC).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

MEDIUMS: Final[tuple[str, ...]] = (
    "podcast",
    "music",
    "video",
    "film",
    "audiobook",
    "newsletter",
    "blog",
    "publisher",
    "course",
)
"""The mediums of a feed with its own items; a feed without the tag is a `podcast`."""

MEDIA_TYPES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "mp3": ("audio/mpeg",),
        "m4a": ("audio/x-m4a", "audio/m4a", "audio/mp4"),
        "mp4": ("video/mp4",),
        "m4v": ("video/x-m4v",),
        "mov": ("video/quicktime",),
        "pdf": ("application/pdf",),
        "ogg": ("audio/ogg", "application/ogg"),
        "opus": ("audio/ogg", "audio/opus"),  # RFC 7845 gives .opus files audio/ogg; audio/opus is RTP's, yet common
        "wav": ("audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"),
        "flac": ("audio/flac", "audio/x-flac"),
        "aac": ("audio/aac", "audio/x-aac", "audio/aacp"),
    }
)
"""Extension, in lower case and without the dot → the MIME types accepted for it. The first is the one written."""

APPLE_EXTENSIONS: Final[frozenset[str]] = frozenset({"m4a", "mp3", "mov", "mp4", "m4v", "pdf"})
"""The extensions Apple Podcasts lists; it judges by the extension in the enclosure's URL and skips any other file."""
