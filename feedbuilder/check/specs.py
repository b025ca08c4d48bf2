"""Where each demand is written down."""

from __future__ import annotations

from typing import Final

RSS: Final = "https://www.rssboard.org/rss-specification"
XML: Final = "https://www.w3.org/TR/xml/"
URI: Final = "https://www.rfc-editor.org/rfc/rfc3986"
APPLE: Final = "https://help.apple.com/itc/podcasts_connect/#/itcb54353390"
APPLE_CATEGORIES: Final = "https://podcasters.apple.com/support/1691-apple-podcasts-categories"
APPLE_ARTWORK: Final = "https://podcasters.apple.com/support/896-artwork-requirements"
APPLE_CHAPTERS: Final = "https://podcasters.apple.com/support/5482-using-chapters-on-apple-podcasts"
APPLE_TRANSCRIPTS: Final = "https://podcasters.apple.com/support/5316-transcripts-on-apple-podcasts"
PSP: Final = "https://github.com/Podcast-Standards-Project/PSP-1-Podcast-RSS-Specification"
SPOTIFY: Final = "https://support.spotify.com/us/creators/article/podcast-specification-doc/"
YOUTUBE: Final = "https://support.google.com/youtube/answer/13525207"
GOOGLE: Final = "https://support.google.com/podcast-publishers/answer/9889544"
PODCAST_INDEX: Final = "https://github.com/Podcastindex-org/partytime"
AGGREGATOR: Final = "https://github.com/Podcastindex-org/aggrivator"
PRX: Final = "https://help.prx.org/hc/en-us/articles/360023748473"
WEBVTT: Final = "https://www.w3.org/TR/webvtt1/"
HTTP_LENGTH: Final = "https://www.rfc-editor.org/rfc/rfc9110#section-8.6"
HTTP_CONDITIONAL: Final = "https://www.rfc-editor.org/rfc/rfc9110#section-13"
HTTP_RANGES: Final = "https://www.rfc-editor.org/rfc/rfc9110#section-14"
HTTP_REDIRECTS: Final = "https://www.rfc-editor.org/rfc/rfc9110#section-15.4"
JSON: Final = "https://www.rfc-editor.org/rfc/rfc8259"
_NAMESPACE: Final = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs"
CHAPTERS: Final = f"{_NAMESPACE}/examples/chapters/jsonChapters.md"
TRANSCRIPTS: Final = f"{_NAMESPACE}/examples/transcripts/transcripts.md"


def tag(name: str) -> str:
    """Return the page of a tag of the podcast namespace."""
    return f"{_NAMESPACE}/tags/{name}.md"


def w3c(name: str, kind: str = "error") -> str:
    """Return what the W3C feed validator says of one of its messages."""
    return f"https://validator.w3.org/feed/docs/{kind}/{name}.html"
