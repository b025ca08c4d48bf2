"""Hosts and guests: from the keys in episode files to names, pages and pictures.

Spec: podcast:person, https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/tags/person.md
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Map

from feedbuilder.config import Config
from feedbuilder.errors import Place, Problem
from feedbuilder.model import Link, Person, Picture
from feedbuilder.problems import problem
from feedbuilder.resolve.links import absolute_url, fill_pattern, is_placeholder
from feedbuilder.source.records import PersonPage, PersonRecord
from feedbuilder.vocabulary.people import find_group, find_role

MAX_NAME = 128  # characters; the namespace's limit
_PROFILES = {
    "linkedin": ("LinkedIn", "https://www.linkedin.com/in/{}/"),
    "twitter": ("X", "https://x.com/{}"),
    "github": ("GitHub", "https://github.com/{}"),
}


class PeopleResolver:
    """Knows the people pages of an archive and the pictures that could be found for them."""

    def __init__(self, pages: Map[str, PersonPage], pictures: Map[str, Picture], config: Config) -> None:
        self._pages = pages
        self._pictures = pictures
        self._site_url = config.archive.site_url
        self._pattern = config.archive.person_url

    def resolve(
        self, records: Iterable[PersonRecord], role: str, place: Place
    ) -> tuple[tuple[Person, ...], list[Problem]]:
        """Return the people meant, in the order named; who cannot be found is named in a problem."""
        people: list[Person] = []
        problems: list[Problem] = []
        for record in records:
            page = self._pages.get(record.name)
            if page is None and " " not in record.name and record.url is None and self._pages:
                message = f"`{record.name}` has no page among the people, so the feed cannot name them"
                problems.append(
                    problem("unknown-person", place, message, "add the page, or write the person's full name")
                )
                continue
            if record.role and find_role(record.role) is None:
                message = f"the role {record.role!r} is not in the podcast taxonomy"
                problems.append(
                    problem("unknown-role", place, message, "use one of its roles, such as guest or editor")
                )
            if record.group and find_group(record.group) is None:
                message = f"the group {record.group!r} is not in the podcast taxonomy"
                problems.append(problem("unknown-role", place, message, "use one of its groups, such as cast"))
            people.append(self._person(record, page, role))
        return tuple(dict.fromkeys(people)), problems

    def _person(self, record: PersonRecord, page: PersonPage | None, role: str) -> Person:
        links = _links(page) if page else ()
        picture = record.picture or (page.picture if page else None)
        found = self._pictures.get(picture) if picture else None
        site_page = fill_pattern(self._pattern, slug=record.name) if page and self._pattern else None
        own = record.url or (page.web if page else None)
        return Person(
            name=(page.title if page else record.name)[:MAX_NAME],
            role=(record.role or role).lower(),
            group=(record.group or "cast").lower(),
            url=(own and absolute_url(own, self._site_url)) or site_page or (links[0].url if links else None),
            picture=found,
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
