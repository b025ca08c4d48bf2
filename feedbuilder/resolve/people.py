"""Hosts and guests: from the keys in episode files to names, pages and pictures.

Spec: podcast:person, https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/tags/person.md
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from collections.abc import Mapping as Map
from functools import partial

from feedbuilder.config import Config
from feedbuilder.errors import Place, Problem
from feedbuilder.model import Link, Person, Picture
from feedbuilder.problems import problem
from feedbuilder.resolve.links import absolute_url, fill_pattern, is_placeholder
from feedbuilder.resolve.pictures import resolve_picture
from feedbuilder.source.media import PictureFile
from feedbuilder.source.people import PersonFile
from feedbuilder.source.records import PersonPage, PersonRecord
from feedbuilder.vocabulary.people import find_group, find_role

_KEY = re.compile(r"[a-z0-9._-]+")
MAX_NAME = 128  # characters; the namespace's limit
_PROFILES = {
    "linkedin": ("LinkedIn", "https://www.linkedin.com/in/{}/"),
    "twitter": ("X", "https://x.com/{}"),
    "github": ("GitHub", "https://github.com/{}"),
}


class PeopleResolver:
    """Knows the people pages of an archive and the pictures that could be found for them."""

    def __init__(
        self, pages: Map[str, PersonFile], pictures: Map[str, Picture], files: Map[str, PictureFile | Problem],
        config: Config,
    ) -> None:  # fmt: skip
        self._pages = pages
        self._has_pages = config.archive.people is not None
        self._pictures = pictures
        self._files = files
        self._site_url = config.archive.site_url
        self._pattern = config.archive.person_url

    def resolve(
        self, records: Iterable[PersonRecord], role: str, place: Callable[[int, str], Place]
    ) -> tuple[tuple[Person, ...], list[Problem]]:
        """Return the people meant, in the order named; who cannot be found is named in a problem.

        `place` tells where a field of the person with a number stands.
        """
        people: list[Person] = []
        problems: list[Problem] = []
        for index, record in enumerate(records):
            page = self._pages.get(record.name)
            if page is None and record.url is None and self._is_key(record.name):
                problems.append(self._unknown(record.name, place(index, "name")))
                continue
            if record.role and find_role(record.role) is None:
                message = f"the role {record.role!r} is not in the podcast taxonomy"
                remedy = "use one of its roles, such as guest or editor"
                problems.append(problem("unknown-role", place(index, "role"), message, remedy))
            if record.group and find_group(record.group) is None:
                message = f"the group {record.group!r} is not in the podcast taxonomy"
                remedy = "use one of its groups, such as cast"
                problems.append(problem("unknown-role", place(index, "group"), message, remedy))
            people.append(self._person(record, page, role, partial(place, index), problems))
        return tuple(dict.fromkeys(people)), problems

    def _is_key(self, name: str) -> bool:
        """Whether a name must have been meant for a page: `jane`, or one nearly so called, but not `Sting`."""
        looks_so = _KEY.fullmatch(name) or (" " not in name and difflib.get_close_matches(name, self._pages, n=1))
        return self._has_pages and bool(looks_so)

    def _unknown(self, key: str, place: Place) -> Problem:
        near = difflib.get_close_matches(key, self._pages, n=1)
        remedy = f"write `{near[0]}`, if that is who is meant; or" if near else "add the page, or"
        message = f"`{key}` has no page among the people, so the feed cannot name them"
        return problem("unknown-person", place, message, f"{remedy} write the person's full name")

    def _person(
        self, record: PersonRecord, page: PersonFile | None, role: str, place: Callable[[str], Place],
        problems: list[Problem],
    ) -> Person:  # fmt: skip
        links = _links(page.record) if page else ()
        if record.picture or page is None:
            picture, more = resolve_picture(record.picture, self._pictures, self._files, place("picture"))
        else:
            picture, more = resolve_picture(page.record.picture, self._pictures, self._files, page.place("picture"))
        problems += more
        urls = [(record.url, place("url"))] + ([(page.record.web, page.place("web"))] if page else [])
        own: str | None = None
        for value, where in urls:
            if value and not is_placeholder(value) and (url := absolute_url(value, self._site_url)) is None:
                problems.append(problem("bad-url", where, f"{value!r} is no web address", "write it whole: https://…"))
            elif value and not is_placeholder(value):
                own = own or url
        known = find_role(record.role or role)
        site_page = fill_pattern(self._pattern, slug=record.name) if page and self._pattern else None
        return Person(
            name=(page.record.title if page else record.name)[:MAX_NAME],
            role=(record.role or role).lower(),
            group=(record.group or (known[0] if known else "cast")).lower(),
            url=own or site_page or (links[0].url if links else None),
            picture=picture,
            links=links,
        )


def _links(page: PersonPage) -> tuple[Link, ...]:
    """Return the person's own addresses; a profile is a handle, or its URL pasted whole."""
    links: list[Link] = []
    for field, (label, pattern) in _PROFILES.items():
        handle = (getattr(page, field) or "").strip().strip("/").removeprefix("@")
        if handle and not is_placeholder(handle):
            url = absolute_url(handle if "://" in handle else pattern.format(handle), None)
            if url:
                links.append(Link(label=label, url=url))
    if page.web and not is_placeholder(page.web) and (url := absolute_url(page.web, None)):
        links.append(Link(label="Website", url=url))
    return tuple(links)
