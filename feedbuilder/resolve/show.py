"""The whole show from an archive: which episodes come out, as what, in which order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from feedbuilder.config import Config, LicenseSection, LocationSection, MissingAudio
from feedbuilder.errors import Place, Problem, RefusedError, Severity
from feedbuilder.model import (
    Episode,
    EpisodeType,
    License,
    Link,
    Location,
    Person,
    Picture,
    Show,
    Soundbite,
    UpdateFrequency,
)
from feedbuilder.problems import problem
from feedbuilder.resolve.chapters import resolve_chapters
from feedbuilder.resolve.dates import as_utc, in_zone, resolve_dates
from feedbuilder.resolve.enclosures import resolve_duration, resolve_enclosure
from feedbuilder.resolve.identity import resolve_guids, show_guid
from feedbuilder.resolve.links import absolute_url, fill_pattern, is_placeholder
from feedbuilder.resolve.notes import resolve_links, resolve_notes
from feedbuilder.resolve.people import PeopleResolver
from feedbuilder.resolve.pictures import artwork_fault, public_pictures, resolve_picture
from feedbuilder.resolve.transcript import resolve_transcript
from feedbuilder.source.archive import Archive, EpisodeFile
from feedbuilder.source.records import LicenseRecord, LocationRecord, PersonRecord
from feedbuilder.vocabulary.languages import is_feed_language
from feedbuilder.vocabulary.licenses import LICENSES

MAX_SLUG = 120  # characters; leaves room for an ending in every file system
_CONTENT_LINKS = {"youtube": "Watch on YouTube"}  # what an app can offer beside its own player
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # names Windows keeps for itself


@dataclass(frozen=True, kw_only=True, slots=True)
class Resolution:
    """The show, and what had to be said about it."""

    show: Show
    problems: tuple[Problem, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Context:
    """What every episode of one archive is resolved against."""

    archive: Archive
    config: Config
    pictures: dict[str, Picture]
    people: PeopleResolver
    hosts: tuple[Person, ...]


def resolve_show(archive: Archive, config: Config, now: datetime) -> Resolution:
    """Decide dates and identity over the whole show, then resolve each episode on its own.

    Raises:
        RefusedError: when audio is missing and the config says that this stops the build.
    """
    guid = config.show.guid or show_guid(config.feed.url)
    moments, problems = resolve_dates(archive.episodes, config.show, archive.names, now)
    guids, more = resolve_guids(archive.episodes, guid)
    problems += more
    slugs, more = resolve_slugs(archive.episodes)
    problems += more

    pictures = public_pictures(archive.media.pictures, config)
    people = PeopleResolver(archive.people, pictures, config)
    config_place = Place(config.path)
    hosts, more = people.resolve([PersonRecord(name=name) for name in config.show.hosts], "host", config_place)
    problems += more
    context = _Context(archive=archive, config=config, pictures=pictures, people=people, hosts=hosts)

    episodes: list[Episode] = []
    for file in archive.episodes:
        if file.path in moments and file.path in guids and file.path in slugs:
            episode, more = resolve_episode(
                file, guid=guids[file.path], slug=slugs[file.path], published=moments[file.path], context=context
            )
            problems += more
            if episode is not None:
                episodes.append(episode)
    if config.missing_audio is MissingAudio.FAIL and any(fault.code == "missing-audio" for fault in problems):
        raise RefusedError("episodes have no audio, and missing_audio is fail", problems)
    episodes.sort(key=_newest_first, reverse=True)
    problems += _doubled_numbers(episodes, archive)
    show, more = _channel(config, guid, episodes, context)
    return Resolution(show=show, problems=tuple(problems + more))


def resolve_episode(
    file: EpisodeFile, *, guid: str, slug: str, published: datetime, context: _Context
) -> tuple[Episode | None, list[Problem]]:
    """Resolve one episode; None when its audio is missing and the config holds such episodes."""
    config, record = context.config, file.record
    enclosure, problems = resolve_enclosure(file, context.archive.media, config)
    if any(fault.severity is Severity.ERROR for fault in problems):
        return None, problems
    duration_ms, more = resolve_duration(file, enclosure)
    problems += more
    persons, more = _persons(file, context)
    problems += more
    links, more = resolve_links(file, config.archive.site_url)
    problems += more
    notes, more = resolve_notes(file, persons, links, config.archive.site_url)
    problems += more
    picture, more = resolve_picture(record.image, context.pictures, context.archive.media.pictures, file.place("image"))
    problems += more
    if picture is not None and (fault := artwork_fault(picture, file.place("image"))):
        problems.append(fault)
    language = _language(file, config, problems)
    transcript, more = resolve_transcript(file, language)
    problems += more
    measured_ms = enclosure.duration_ms if enclosure else None
    chapters, more = resolve_chapters(
        file, transcript.lines if transcript else (), transcript.headings if transcript else (), measured_ms,
        context.pictures,
    )  # fmt: skip
    problems += more
    episode = Episode(
        slug=slug,
        source=file.path,
        guid=guid,
        title=" ".join(record.title.split()),
        published=as_utc(published),
        edited=as_utc(in_zone(record.date, config.show)) if record.date else None,
        page_url=_page_url(file, config, problems),
        season=record.season,
        season_name=record.season_name or config.show.seasons.get(record.season or 0),
        episode=record.episode,
        episode_display=record.episode_display,
        episode_type=record.type,
        duration_ms=duration_ms,
        enclosure=enclosure,
        explicit=config.show.explicit if record.explicit is None else record.explicit,
        block=record.block,
        author=record.author,
        categories=tuple(dict.fromkeys(" ".join(topic.split()) for topic in record.topics)),
        notes=notes,
        picture=picture,
        persons=persons,
        chapters=chapters,
        transcript=transcript,
        soundbites=_soundbites(file, duration_ms, problems),
        license=_license(record.license, file.place("license"), problems),
        location=_location(record.location),
        content_links=_content_links(file, config),
        language=language,
    )
    return episode, problems


def resolve_slugs(episodes: Sequence[EpisodeFile]) -> tuple[dict[str, str], list[Problem]]:
    """Return the file-name part of each episode: safe on every file system, and nobody else's."""
    slugs: dict[str, str] = {}
    taken: dict[str, str] = {}
    problems: list[Problem] = []
    for episode in episodes:
        slug = safe_slug(episode.slug)
        if (other := taken.setdefault(slug.casefold(), episode.path)) != episode.path:
            message = f"its files would have the same names as those of {other} ({slug}), so it is held"
            problems.append(problem("doubled-slug", episode.place("slug"), message, "give it a `slug:` of its own"))
        else:
            slugs[episode.path] = slug
    return slugs, problems


def safe_slug(text: str) -> str:
    """Return a name for files made of letters, digits, dots, dashes and underscores.

    >>> safe_slug("../../etc/pass wd"), safe_slug("Über uns"), safe_slug("CON")
    ('etc-pass-wd', 'Über-uns', 'CON-')
    """
    slug = re.sub(r"[^\w.\-]+", "-", unicodedata.normalize("NFC", text)).strip(".-_")
    slug = re.sub(r"\.{2,}", ".", slug)[:MAX_SLUG].rstrip(".-") or "episode"
    return f"{slug}-" if _RESERVED.fullmatch(slug) else slug


def _newest_first(episode: Episode) -> tuple[datetime, int, float, str]:
    return (episode.published, episode.season or 0, episode.episode or 0, episode.slug)


def _doubled_numbers(episodes: Iterable[Episode], archive: Archive) -> list[Problem]:
    """Name full episodes that share season and number; both stay, because both are real."""
    files = {file.path: file for file in archive.episodes}
    first: dict[tuple[int | None, float], Episode] = {}
    problems: list[Problem] = []
    for episode in reversed(list(episodes)):
        if episode.episode is None or episode.episode_type is not EpisodeType.FULL:
            continue
        other = first.setdefault((episode.season, episode.episode), episode)
        if other is not episode:
            number = (f"season {episode.season} " if episode.season else "") + f"episode {episode.episode:g}"
            place = files[episode.source].place("episode")
            message = f"{number} is also the number of {other.source}"
            problems.append(problem("doubled-number", place, message, "renumber one of the two"))
    return problems


def _persons(file: EpisodeFile, context: _Context) -> tuple[tuple[Person, ...], list[Problem]]:
    """Return hosts and guests: an item's persons replace the channel's, so the hosts are named again."""
    hosts = context.hosts
    problems: list[Problem] = []
    if file.record.hosts is not None:
        hosts, problems = context.people.resolve(file.record.hosts, "host", file.place("hosts"))
    guests, more = context.people.resolve(file.record.guests, "guest", file.place("guests"))
    host_names = {host.name for host in hosts}
    return (*hosts, *(guest for guest in guests if guest.name not in host_names)), problems + more


def _language(file: EpisodeFile, config: Config, problems: list[Problem]) -> str:
    declared = file.record.language
    if declared and not is_feed_language(declared):
        message = f"{declared!r} is not a language code; the show's {config.show.language} is used"
        problems.append(problem("bad-language", file.place("language"), message, "use a code such as en or pt-BR"))
        declared = None
    return declared or config.show.language


def _page_url(file: EpisodeFile, config: Config, problems: list[Problem]) -> str | None:
    declared = file.record.link
    if declared and not is_placeholder(declared):
        url = absolute_url(declared, config.archive.site_url)
        if url is None:
            problems.append(problem("bad-url", file.place("link"), f"{declared!r} is no web address", "write it whole"))
        return url
    pattern = config.archive.episode_url
    number = f"{file.record.episode:g}" if file.record.episode is not None else None
    return fill_pattern(pattern, slug=file.slug, season=file.record.season, episode=number) if pattern else None


def _soundbites(file: EpisodeFile, duration_ms: int | None, problems: list[Problem]) -> tuple[Soundbite, ...]:
    found: list[Soundbite] = []
    for index, record in enumerate(file.record.soundbites):
        if record.duration <= 0 or (duration_ms and record.start + record.duration > duration_ms):
            message = "the soundbite is empty, or ends after the episode: left out"
            problems.append(
                problem("soundbite", file.place("soundbites", index), message, "correct start and duration")
            )
        else:
            found.append(Soundbite(start_ms=record.start, duration_ms=record.duration, title=record.title))
    return tuple(found)


def _license(declared: LicenseRecord | LicenseSection | None, place: Place, problems: list[Problem]) -> License | None:
    if declared is None:
        return None
    known = declared.identifier.lower() in LICENSES
    if not known and declared.url is None:
        message = f"{declared.identifier!r} is not on the namespace's list, and has no `url` of its text: left out"
        problems.append(
            problem("unknown-license", place, message, "write identifier and url, or use cc-by-4.0 and the like")
        )
        return None
    return License(identifier=declared.identifier.lower() if known else declared.identifier, url=declared.url)


def _location(declared: LocationRecord | LocationSection | None) -> Location | None:
    return Location(**declared.model_dump()) if declared else None


def _content_links(file: EpisodeFile, config: Config) -> tuple[Link, ...]:
    declared = [(link.label, link.url) for link in file.record.content_links]
    known = [
        (words, link.url) for link in file.record.links if (words := _CONTENT_LINKS.get(link.label.lower())) is not None
    ]
    urls = [
        (label, absolute_url(url, config.archive.site_url))
        for label, url in declared + known
        if not is_placeholder(url)
    ]
    return tuple(Link(label=label, url=url) for label, url in urls if url)


def _channel(config: Config, guid: str, episodes: list[Episode], context: _Context) -> tuple[Show, list[Problem]]:
    show, place = config.show, Place(config.path)
    artwork, problems = resolve_picture(show.image, context.pictures, context.archive.media.pictures, place)
    if artwork is None:
        remedy = "set show.image to a square JPEG or PNG of 1400 to 3000 pixels"
        problems.append(problem("no-artwork", place, "the show has no artwork; directories refuse it", remedy))
    elif fault := artwork_fault(artwork, place):
        problems.append(replace(fault, code="no-artwork", severity=Severity.WARNING, rule="C7"))
    if not episodes:
        problems.append(problem("no-episodes", place, "no episode can be published", "see what is said of each file"))
    frequency = show.update_frequency
    changes = [moment for episode in episodes for moment in (episode.published, episode.edited) if moment]
    return (
        Show(
            title=show.title,
            link=show.link,
            feed_url=config.feed.url,
            description=show.description,
            language=show.language,
            guid=guid,
            author=show.author,
            owner_name=show.owner.name if show.owner else None,
            owner_email=show.owner.email if show.owner else None,
            managing_editor=show.managing_editor or (f"{show.owner.email} ({show.owner.name})" if show.owner else None),
            copyright=show.copyright,
            artwork=artwork,
            categories=show.categories,
            explicit=show.explicit,
            show_type=show.type,
            complete=show.complete,
            block=show.block,
            new_feed_url=show.new_feed_url,
            hubs=config.feed.hubs,
            locked=show.locked,
            medium=show.medium,
            funding=tuple(Link(label=link.label, url=link.url) for link in show.funding),
            persons=context.hosts,
            license=_license(show.license, place, problems),
            location=_location(show.location),
            txt=tuple((entry.purpose, entry.value) for entry in show.txt),
            update_frequency=UpdateFrequency(**frequency.model_dump()) if frequency else None,
            published=max((episode.published for episode in episodes), default=None),
            updated=max(changes, default=None),
            episodes=tuple(episodes),
        ),
        problems,
    )
