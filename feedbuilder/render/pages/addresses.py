"""Where pages stand, and how one of them refers to everything else: relative where it can be, so that a copy works."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit

INDEX: Final = "index.html"
FEED_STYLE: Final = "feed.css"


def episode_path(slug: str) -> str:
    """Return where an episode's page stands inside the output folder.

    Below a folder of its own, so that no slug can meet `audio/` or `chapters/`; a file and not a folder, so that it
    opens on any server, and from a disk.
    """
    return f"episodes/{slug}.html"


def public_url(folder_url: str, path: str) -> str:
    """Return the public address of a file in the output folder; the index is its folder's."""
    return folder_url + ("" if path == INDEX else quote(path))


class Here(NamedTuple):
    """The place of one page."""

    path: str  # inside the output folder
    folder_url: str = "/"  # where that is public
    is_absolute: bool = False  # for the page that stands in for any other, wherever that was asked for

    @property
    def url(self) -> str:
        """The page's public address."""
        return public_url(self.folder_url, self.path)

    def to(self, path: str) -> str:
        """Return the way to another file in the output folder.

        >>> Here("episodes/a.html", "https://a.example/").to("index.html")
        '../index.html'
        """
        return self._up + quote(path)

    def link(self, url: str) -> str:
        """Return the way to an address: relative to this page when it lies in the output folder.

        >>> here = Here("index.html", "https://a.example/")
        >>> here.link("https://a.example/audio/a.mp3"), here.link("https://b.example/")
        ('./audio/a.mp3', 'https://b.example/')
        """
        return self._up + url.removeprefix(self.folder_url) if self.is_own(url) else url

    def is_own(self, url: str) -> bool:
        """Whether an address lies in the output folder."""
        return url.startswith(self.folder_url)

    @property
    def _up(self) -> str:
        if self.is_absolute:
            return urlsplit(self.folder_url).path or "/"
        return "../" * self.path.count("/") or "./"


def content_policy(here: Here, pictures: Iterable[str], media: Iterable[str]) -> str:
    """Return what a browser may load for a page, given the addresses of its pictures, and of its sound or video.

    Those of other hosts open a whole scheme, because podcast audio is reached through redirects between hosts.

    Spec: https://www.w3.org/TR/CSP3/
    """

    def sources(urls: Iterable[str]) -> str:
        return " ".join(["'self'", *sorted({f"{urlsplit(url).scheme}:" for url in urls if not here.is_own(url)})])

    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        f"img-src {sources(pictures)}; media-src {sources(media)}; base-uri 'none'; form-action 'none'"
    )
