"""All pages of a show: the index, one for each episode, and what they are dressed with."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from feedbuilder.model import Episode, Link, Picture, Show
from feedbuilder.render import OutputFile, Wanted, announced_files
from feedbuilder.render.pages import pictures, sitemap, structured_data
from feedbuilder.render.pages.addresses import FEED_STYLE, INDEX, Here, content_policy, episode_path, public_url
from feedbuilder.render.pages.chapter_links import list_chapters
from feedbuilder.render.pages.listing import AT_LENGTH, Entry, group_entries, list_entries, number_of, opening
from feedbuilder.render.pages.pictures import Renditions, Shown
from feedbuilder.render.pages.talk import set_talk, spoken
from feedbuilder.render.pages.templating import Templates, as_json
from feedbuilder.render.pages.words import language_of_words, words_in, written_date
from feedbuilder.render.plain_text import plain_text
from feedbuilder.timecode import clock, seconds
from feedbuilder.vocabulary.characters import legal
from feedbuilder.vocabulary.languages import direction_of

STYLE: Final = "assets/feedbuilder.css"
SCRIPT: Final = "assets/feedbuilder.js"
ICON: Final = "assets/feedbuilder.svg"
NOT_FOUND: Final = "404.html"
DESCRIPTION_LENGTH: Final = 300  # characters that search engines and link previews show, with some to spare


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """What the pages are made with, besides the show itself."""

    folder_url: str
    feed_name: str
    zone: tzinfo = UTC  # whose days the dates are
    links: tuple[Link, ...] = ()  # where else listeners subscribe
    templates: Mapping[str, str] = field(default_factory=dict)  # the owner's own, by file name
    styles_feed: bool = False  # a style sheet for the feed as well
    remarks: Mapping[str, Any] = field(default_factory=dict)  # a preview's, by the path of the page


class Pages:
    """Renders the pages of one show; its templates are read once."""

    def __init__(self, show: Show, site: Site, wanted: Wanted, renditions: Renditions = MappingProxyType({})) -> None:
        self._show, self._site, self._wanted, self._renditions = show, site, wanted, renditions
        self._entries = list_entries(show)
        self._at = {entry.path: place for place, entry in enumerate(self._entries)}
        self._templates = Templates(site.templates)
        self._templates.add_filters(clock=clock, seconds=seconds, json=as_json, css=_css_string)
        self._assets = {
            path: self._templates.source(path.rpartition("/")[2]).encode() for path in (STYLE, SCRIPT, ICON)
        }

    @property
    def common_basis(self) -> object:
        """What every page is made from, besides what `basis_of` tells."""
        show = replace(self._show, episodes=(), kept=(), published=None, updated=None)
        return show, self._site, self._wanted.transcripts, self._copies(_pictures_of_show(show))

    def basis_of(self, episode: Episode) -> object:
        """Return what only this episode's page is made from: where it is equal, so is the page."""
        return episode, self._neighbours(episode), self._copies(_pictures_of(episode))

    def _copies(self, shown: Sequence[Picture]) -> list[object]:
        return [list(self._renditions.get(picture.file, ())) for picture in shown if picture.file]

    def _neighbours(self, episode: Episode) -> tuple[Entry | None, Entry | None]:
        place = self._at[episode_path(episode.slug)]
        newer = self._entries[place - 1] if place else None
        return newer, self._entries[place + 1] if place + 1 < len(self._entries) else None

    def episode(self, episode: Episode) -> OutputFile:
        """Return an episode's page."""
        show = self._show
        here = Here(episode_path(episode.slug), self._site.folder_url)
        paragraphs, files = spoken(episode), announced_files(episode, here.folder_url, self._wanted)
        newer, older = self._neighbours(episode)
        enclosure = episode.enclosure
        sound = here.link(enclosure.url) if enclosure else None
        summary = opening(plain_text(episode.notes.words_html), DESCRIPTION_LENGTH)
        picture = episode.picture or show.artwork
        canonical, linked = episode.page_url or here.url, self._elsewhere(picture)
        values = {
            "episode": episode,
            "number": number_of(episode),
            "summary": summary,
            "notes": episode.notes.words_html,
            "picture": picture,
            "linked_picture": linked,
            "enclosure": enclosure,
            "sound": sound,
            "sound_is_own": enclosure is not None and here.is_own(enclosure.url),
            "captions": next((file for file in files if file.mime_type == "text/vtt"), None),
            "transcripts": [file for file in files if file.mime_type.startswith(("text/", "application/x-subrip"))],
            "chapters": list_chapters(episode.chapters, sound, paragraphs),
            "parts": set_talk(paragraphs, episode.chapters),
            "talk_language": episode.transcript.language if episode.transcript else episode.language,
            "newer": newer,
            "older": older,
            "data": structured_data.of_episode(
                episode, show, canonical, public_url(here.folder_url, INDEX), summary, linked and linked.src
            ),
            "canonical": canonical,
            "block": show.block or episode.block,
            "policy": self._policy(here, [*_pictures_of(episode), show.artwork], [enclosure.url] if enclosure else []),
        }
        return self._page("episode.html", here, episode.language, episode.source, values)

    def around(self) -> Iterator[OutputFile]:
        """Yield everything but the episodes' pages; the index last, for it refers to all others."""
        show, site = self._show, self._site
        here = Here(INDEX, site.folder_url)
        for path, content in self._assets.items():
            yield OutputFile(path, content, "")
        if site.styles_feed:
            yield self._page(FEED_STYLE, Here(FEED_STYLE, site.folder_url), show.language, "", {})
        if not show.block:
            yield OutputFile("sitemap.xml", sitemap.render(self._sitemap()), "")
        policy = self._policy(here, _pictures_of_show(show), [])
        nowhere = Here(NOT_FOUND, site.folder_url, is_absolute=True)
        if nowhere.to("") == "/":  # hosts look for it at their root only
            nothing = {"data": None, "canonical": None, "block": True, "policy": policy}
            yield self._page(NOT_FOUND, nowhere, show.language, "", nothing)
        linked = self._elsewhere(show.artwork)
        values = {
            "groups": group_entries(self._entries, words_in(show.language)),
            "count": len(self._entries),
            "cover_of": self._covers(),
            "linked_picture": linked,
            "data": structured_data.of_show(show, here.url, linked and linked.src),
            "canonical": here.url,
            "block": show.block,
            "policy": policy,
        }
        yield self._page(INDEX, here, show.language, "", values)

    def _sitemap(self) -> Iterator[tuple[str, datetime | None]]:
        site = self._site
        yield public_url(site.folder_url, INDEX), self._show.updated
        for entry in self._entries:
            url = public_url(site.folder_url, entry.path)
            if not entry.block and entry.page_url in (None, url):  # another page than this is the one to be found
                yield url, entry.updated

    def _page(self, name: str, here: Here, language: str, source: str, values: Mapping[str, Any]) -> OutputFile:
        words = words_in(language)
        common = {
            "show": self._show,
            "site": self._site,
            "here": here,
            "language": language,
            "direction": direction_of(language),
            "words": words,
            "words_language": language_of_words(language),
            "direction_of": direction_of,
            "sized": partial(self._sized, here),
            "day": lambda moment: written_date(moment.astimezone(self._site.zone), language),
            "date": lambda moment: moment.astimezone(self._site.zone).date().isoformat(),
            "feed": here.to(self._site.feed_name),
            "index": here.to(INDEX) if here.path != INDEX else "./",
            "style": self._dressed(here, STYLE),
            "script": self._dressed(here, SCRIPT),
            "icon": self._dressed(here, ICON),
            "own_icon": self._has_icon(),
            "remarks": self._site.remarks.get(here.path),
        }
        text = self._templates.render(name, {**common, **values})
        return OutputFile(here.path, legal(text).encode(), source)

    def _sized(self, here: Here, picture: Picture, width: int, *, is_square: bool = False) -> Shown:
        return pictures.show(picture, self._renditions, here, width, is_square=is_square)

    def _has_icon(self) -> bool:
        """Whether the artwork stands for the pages in a browser's tabs, where the owner gives no other sign."""
        artwork = self._show.artwork
        copied = artwork is not None and artwork.file is not None and bool(self._renditions.get(artwork.file))
        return copied and ICON.rpartition("/")[2] not in self._site.templates

    def _listed_picture(self, entry: Entry) -> Picture | None:
        """Return an episode's picture where it is ours: dozens are not asked for elsewhere for the sake of a list."""
        picture, own = entry.picture, Here(INDEX, self._site.folder_url)
        is_ours = picture and (own.is_own(picture.url) or (picture.file and self._renditions.get(picture.file)))
        return picture if is_ours else None

    def _covers(self) -> Callable[[Entry], Picture | None] | None:
        """Return what gives each listed episode a picture; None where most have none, for then the show's is noise."""
        listed = self._entries[:AT_LENGTH]
        if 2 * sum(self._listed_picture(entry) is not None for entry in listed) < max(1, len(listed)):
            return None
        return lambda entry: self._listed_picture(entry) or self._show.artwork

    def _elsewhere(self, picture: Picture | None) -> Shown | None:
        return pictures.show_elsewhere(picture, self._renditions, self._site.folder_url) if picture else None

    def _policy(self, here: Here, shown: Sequence[Picture | None], media: Sequence[str]) -> str:
        asked = [each.url for each in shown if each and not (each.file and self._renditions.get(each.file))]
        return content_policy(here, asked, media)

    def _dressed(self, here: Here, path: str) -> str:
        """Return the way to an asset, which changes with its content: browsers keep what they have."""
        return f"{here.to(path)}?v={hashlib.sha256(self._assets[path]).hexdigest()[:8]}"


def _pictures_of(episode: Episode) -> list[Picture]:
    found = [episode.picture, *(person.picture for person in episode.persons)]
    return [picture for picture in found if picture is not None]


def _pictures_of_show(show: Show) -> list[Picture]:
    found = [show.artwork, *(person.picture for person in show.persons)]
    return [picture for picture in found if picture is not None]


def _css_string(text: str) -> str:
    """Return a text as a string of CSS.

    Spec: https://www.w3.org/TR/css-syntax-3/#consume-string-token
    """
    return '"' + "".join(f"\\{ord(each):x} " if each in '\\"\n\r\f<' else each for each in text) + '"'
