"""The smaller things the podcast namespace lets a show or an episode say: soundbites, licence, place, content links.

Spec: https://github.com/Podcastindex-org/podcast-namespace/tree/main/docs/tags (2026-05)
"""

from __future__ import annotations

from feedbuilder.config_show import LicenseSection, LocationSection
from feedbuilder.errors import Place, Problem
from feedbuilder.model import License, Link, Location, Soundbite
from feedbuilder.problems import problem
from feedbuilder.resolve.links import absolute_url, is_placeholder
from feedbuilder.source.archive import EpisodeFile
from feedbuilder.source.records import LicenseRecord, LocationRecord
from feedbuilder.vocabulary.licenses import LICENSES

_CONTENT_LINKS = {"youtube": "Watch on YouTube"}  # what an app can offer beside its own player


def resolve_soundbites(file: EpisodeFile, duration_ms: int | None) -> tuple[tuple[Soundbite, ...], list[Problem]]:
    """Return the soundbites that lie inside the episode."""
    found: list[Soundbite] = []
    problems: list[Problem] = []
    for index, record in enumerate(file.record.soundbites):
        if duration_ms and record.start + record.duration > duration_ms:
            place = file.place("soundbites", index)
            message = "the soundbite ends after the episode: left out"
            problems.append(problem("soundbite", place, message, "correct start and duration"))
        else:
            found.append(Soundbite(start_ms=record.start, duration_ms=record.duration, title=record.title))
    return tuple(found), problems


def resolve_license(
    declared: LicenseRecord | LicenseSection | None, place: Place
) -> tuple[License | None, list[Problem]]:
    """Return the licence, if the namespace knows it or its text has an address."""
    if declared is None:
        return None, []
    known = declared.identifier.lower() in LICENSES
    url = absolute_url(declared.url, None) if declared.url else None
    problems: list[Problem] = []
    if declared.url and url is None:
        message = f"{declared.url!r} is no web address"
        problems.append(problem("bad-url", place, message, "write it whole: https://…"))
    if not known and url is None:
        message = f"{declared.identifier!r} is not on the namespace's list, and has no `url` of its text: left out"
        remedy = "write identifier and url, or use cc-by-4.0 and the like"
        return None, [*problems, problem("unknown-license", place, message, remedy)]
    return License(identifier=declared.identifier.lower() if known else declared.identifier, url=url), problems


def resolve_location(declared: LocationRecord | LocationSection | None) -> Location | None:
    """Return the place as it was declared."""
    return Location(**declared.model_dump()) if declared else None


def resolve_content_links(file: EpisodeFile, site_url: str | None) -> tuple[tuple[Link, ...], list[Problem]]:
    """Return where else the episode can be seen or heard: declared links, and known ones among the others."""
    links: list[Link] = []
    problems: list[Problem] = []
    for index, record in enumerate(file.record.content_links):
        place = file.place("content_links", index, "url")
        if is_placeholder(record.url):
            message = f"the link {record.label!r} is {record.url!r}, which only keeps a place: left out"
            problems.append(problem("placeholder", place, message, "write the address, or delete the line"))
        elif url := absolute_url(record.url, site_url):
            links.append(Link(label=record.label, url=url))
        else:
            message = f"the link {record.label!r} is no web address: {record.url!r}"
            problems.append(problem("bad-url", place, message, "write it whole: https://…"))
    for record in file.record.links:  # their faults are told where the notes list them
        label = _CONTENT_LINKS.get(record.label.lower())
        if label and not is_placeholder(record.url) and (url := absolute_url(record.url, site_url)):
            links.append(Link(label=label, url=url))
    return tuple(links), problems
