"""The podcast: tags and Podlove simple chapters, as a feedgen extension.

Spec: https://github.com/Podcastindex-org/podcast-namespace/tree/main/docs/tags (2026-05);
https://podlove.org/simple-chapters/ (1.2)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import gcd

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml.etree import SubElement, _Element

from feedbuilder.model import Chapter, Episode, License, Location, Person, Picture, Show, TextFile
from feedbuilder.render.chapters_json import MIME_TYPE as CHAPTERS_TYPE
from feedbuilder.render.xml import NAMESPACES, add
from feedbuilder.timecode import seconds, timestamp


class PodcastExtension(BaseExtension):  # type: ignore[misc]  # feedgen is untyped
    """Channel tags."""

    show: Show

    def extend_rss(self, rss: _Element) -> _Element:
        """Append the tags to the channel."""
        show, channel = self.show, rss[0]
        add(channel, "podcast:guid", show.guid)
        add(channel, "podcast:locked", "yes" if show.locked else "no", owner=show.owner_email)
        add(channel, "podcast:medium", show.medium)
        for link in show.funding:
            add(channel, "podcast:funding", link.label, url=link.url)
        _add_persons(channel, show.persons)
        _add_license(channel, show.license)
        _add_location(channel, show.location)
        for purpose, value in show.txt:
            add(channel, "podcast:txt", value, purpose=purpose)
        if show.update_frequency is not None:
            frequency = show.update_frequency
            complete = "true" if frequency.complete else None
            add(channel, "podcast:updateFrequency", frequency.label, rrule=frequency.rrule, complete=complete)
        _add_picture(channel, show.artwork)
        return rss


class PodcastEntryExtension(BaseEntryExtension):  # type: ignore[misc]  # feedgen is untyped
    """Item tags."""

    episode: Episode
    files: Sequence[TextFile]

    def extend_rss(self, item: _Element) -> _Element:
        """Append the tags to the item."""
        episode = self.episode
        add(item, "podcast:season", episode.season, name=episode.season_name)
        if episode.episode is not None:
            add(item, "podcast:episode", _decimal(episode.episode), display=episode.episode_display)
        for file in self.files:
            if file.mime_type == CHAPTERS_TYPE:
                add(item, "podcast:chapters", url=file.url, type=file.mime_type)
            else:
                add(item, "podcast:transcript", url=file.url, type=file.mime_type, language=file.language, rel=file.rel)
        for bite in episode.soundbites:
            start, duration = seconds(bite.start_ms), seconds(bite.duration_ms)
            add(item, "podcast:soundbite", bite.title, startTime=start, duration=duration)
        _add_persons(item, episode.persons)
        _add_license(item, episode.license)
        _add_location(item, episode.location)
        for link in episode.content_links:
            add(item, "podcast:contentLink", link.label, href=link.url)
        _add_picture(item, episode.picture)
        _add_simple_chapters(item, episode.chapters)
        return item


def _decimal(number: float) -> str:
    """Return a number without an exponent and with no more decimals than it needs.

    >>> _decimal(20261123.0), _decimal(4.5)
    ('20261123', '4.5')
    """
    return f"{number:.3f}".rstrip("0").rstrip(".")


def _add_persons(parent: _Element, persons: Iterable[Person]) -> None:
    for person in persons:
        add(
            parent, "podcast:person", person.name, role=person.role, group=person.group, 
            img=person.picture.url if person.picture else None, href=person.url,
        )  # fmt: skip


def _add_license(parent: _Element, license_: License | None) -> None:
    if license_ is not None:
        add(parent, "podcast:license", license_.identifier, url=license_.url)


def _add_location(parent: _Element, location: Location | None) -> None:
    if location is not None:
        add(
            parent, "podcast:location", location.name, rel=location.rel, geo=location.geo, osm=location.osm,
            country=location.country,
        )  # fmt: skip


def _add_picture(parent: _Element, picture: Picture | None) -> None:
    """Name a picture of any shape, with what is known of it."""
    if picture is not None:
        add(
            parent, "podcast:image", href=picture.url, alt=picture.alt, aspect_ratio=_aspect_ratio(picture),
            width=picture.width_px, height=picture.height_px, type=picture.mime_type,
            purpose="artwork" if picture.width_px and picture.is_artwork else None,
        )  # fmt: skip


def _aspect_ratio(picture: Picture) -> str | None:
    if not picture.width_px or not picture.height_px:
        return None
    divisor = gcd(picture.width_px, picture.height_px)
    return f"{picture.width_px // divisor}/{picture.height_px // divisor}"


def _add_simple_chapters(item: _Element, chapters: Iterable[Chapter]) -> None:
    if not chapters:
        return
    parent = SubElement(item, f"{{{NAMESPACES['psc']}}}chapters", {"version": "1.2"})
    for chapter in chapters:
        add(
            parent, "psc:chapter", start=timestamp(chapter.start_ms, "."), title=chapter.title, href=chapter.url,
            image=chapter.picture.url if chapter.picture else None,
        )  # fmt: skip
