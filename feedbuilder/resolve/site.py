"""What the pages are made with, from the config."""

from __future__ import annotations

from collections.abc import Mapping

from feedbuilder.config import Config
from feedbuilder.model import Link
from feedbuilder.render.pages.site import Site


def resolve_site(config: Config, templates: Mapping[str, str]) -> Site:
    """Return how the config wants its pages; `templates` are the owner's own, by file name."""
    return Site(
        folder_url=config.feed.folder_url,
        feed_name=config.feed.file_name,
        zone=config.show.timezone,
        links=tuple(Link(label=link.label, url=link.url) for link in config.site.links),
        templates=templates,
        styles_feed=config.site.style_feed,
    )
