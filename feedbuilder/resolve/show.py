"""The whole show from an archive: which episodes come out, as what, in which order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from feedbuilder.config import Config, MissingAudio
from feedbuilder.errors import Problem, RefusedError, Severity
from feedbuilder.ledger import Ledger, LedgerEntry, moved
from feedbuilder.model import Episode, Link, Person, Picture, Show, UpdateFrequency
from feedbuilder.problems import problem
from feedbuilder.resolve.chapters import resolve_chapters
from feedbuilder.resolve.dates import as_utc, in_zone, resolve_dates
from feedbuilder.resolve.enclosures import doubled_audio, resolve_duration, resolve_enclosure, unused_rows
from feedbuilder.resolve.identity import Identity, resolve_identities, show_guid
from feedbuilder.resolve.links import absolute_url, fill_pattern, is_placeholder
from feedbuilder.resolve.notes import resolve_links, resolve_notes
from feedbuilder.resolve.numbers import check_numbers
from feedbuilder.resolve.people import PeopleResolver
from feedbuilder.resolve.pictures import artwork_fault, public_pictures, resolve_picture
from feedbuilder.resolve.podcast_tags import (
    resolve_content_links,
    resolve_license,
    resolve_location,
    resolve_soundbites,
)
from feedbuilder.resolve.slugs import resolve_slugs
from feedbuilder.resolve.transcript import check_clock, resolve_transcript
from feedbuilder.source.archive import Archive, EpisodeFile
from feedbuilder.source.records import PersonRecord
from feedbuilder.vocabulary.languages import is_feed_language


@dataclass(frozen=True, kw_only=True, slots=True)
class Resolution:
    """The show, what had to be said about it, what is to be remembered of it, and what comes next."""

    show: Show
    problems: tuple[Problem, ...]
    ledger: Ledger
    upcoming: tuple[Upcoming, ...]  # soonest first


class Upcoming(NamedTuple):
    """An episode whose time has not come yet."""

    due: datetime  # in the show's zone
    title: str
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Context:
    """What every episode of one archive is resolved against."""

    archive: Archive
    config: Config
    pictures: dict[str, Picture]
    people: PeopleResolver
    hosts: tuple[Person, ...]


def resolve_show(archive: Archive, config: Config, ledger: Ledger, now: datetime) -> Resolution:
    """Decide identity and dates over the whole show, then resolve each episode on its own.

    Raises:
        RefusedError: when audio is missing and the config says that this stops the build.
    """
    guid = config.show.guid or ledger.show_guid or show_guid(config.feed.url)
    identities, problems = resolve_identities(archive.episodes, guid, ledger)
    out_since = {
        path: known.entry.published for path, known in identities.items() if known.entry and known.entry.published
    }
    moments, more = resolve_dates(archive.episodes, config.show, out_since, now)
    problems += more
    slugs, more = resolve_slugs(archive.episodes, out_since)
    problems += more

    pictures = public_pictures(archive.media.pictures, config)
    people = PeopleResolver(archive.people, pictures, archive.media.pictures, config)
    hosts, more = people.resolve(
        [PersonRecord(name=name) for name in config.show.hosts],
        "host",
        lambda index, _: config.place("show", "hosts", index),
    )
    problems += more
    context = _Context(archive=archive, config=config, pictures=pictures, people=people, hosts=hosts)

    resolved: list[tuple[EpisodeFile, Episode]] = []
    upcoming: list[Upcoming] = []
    for file in archive.episodes:
        if file.path in moments and file.path in identities and file.path in slugs:
            identity, published = identities[file.path], moments[file.path]
            if published > now:
                upcoming.append(Upcoming(published.astimezone(config.show.timezone), file.record.title, file.path))
                continue
            episode, more = resolve_episode(
                file, identity=identity, slug=slugs[file.path], published=published, context=context
            )
            problems += more
            if episode is not None:
                resolved.append((file, episode))
    if config.missing_audio is MissingAudio.FAIL and any(fault.code == "missing-audio" for fault in problems):
        raise RefusedError("episodes have no audio, and missing_audio is fail", problems)
    resolved.sort(key=lambda entry: _oldest_first(entry[1]))
    problems += check_numbers(resolved, config.show.type)
    problems += unused_rows(archive.episodes, archive.media)
    problems += doubled_audio((file, episode.enclosure) for file, episode in resolved if episode.enclosure)
    show, more = _channel(config, guid, [episode for _, episode in reversed(resolved)], context)
    remembered = ledger.with_entries(_remembered(identities[file.path], episode) for file, episode in resolved)
    return Resolution(
        show=show,
        problems=tuple(dict.fromkeys(problems + more)),
        ledger=replace(remembered, show_guid=guid),
        upcoming=tuple(sorted(upcoming)),
    )


def _remembered(identity: Identity, episode: Episode) -> LedgerEntry:
    """Return the ledger's entry of an episode that is out now: what was known of it stays, what is new is added."""
    known = identity.entry or LedgerEntry(guid=episode.guid, published=None, file=episode.source)
    ids = {claim for claim in identity.claims if claim[0] != "guid"}
    return replace(
        moved(known, episode.source),
        published=known.published or episode.published,
        ids=tuple(sorted({*known.ids, *ids})),
    )


def resolve_episode(
    file: EpisodeFile, *, identity: Identity, slug: str, published: datetime, context: _Context
) -> tuple[Episode | None, list[Problem]]:
    """Resolve one episode; None when its audio is missing and the config holds such episodes."""
    config, record = context.config, file.record
    remembered = identity.entry.audio if identity.entry else None
    enclosure, problems = resolve_enclosure(file, context.archive.media, remembered, config)
    if any(fault.severity is Severity.ERROR for fault in problems):
        return None, problems
    duration_ms, more = resolve_duration(file, enclosure)
    problems += more
    persons, more = _persons(file, context)
    problems += more
    links, more = resolve_links(file, config.archive.site_url)
    problems += more
    language = _language(file, config, problems)
    notes, more = resolve_notes(file, persons, links, config.archive.site_url, language)
    problems += more
    picture, more = _picture(file, context)
    problems += more
    offset_ms = config.show.audio_offset if record.audio_offset is None else record.audio_offset
    who = file.names.shown("transcript.who").rpartition(".")[2]
    transcript, more = resolve_transcript(file.transcript, language, file.place(), who=who, offset_ms=offset_ms)
    problems += more
    measured_ms = enclosure.duration_ms if enclosure else None
    if transcript and measured_ms and (fault := check_clock(transcript, measured_ms, file.place())):
        problems.append(fault)
    files = context.archive.media.pictures
    chapters, more = resolve_chapters(file, transcript, measured_ms, context.pictures, files, offset_ms)
    problems += more
    soundbites, more = resolve_soundbites(file, duration_ms)
    problems += more
    license_, more = resolve_license(record.license, file.place("license"))
    problems += more
    content_links, more = resolve_content_links(file, config.archive.site_url)
    problems += more
    episode = Episode(
        slug=slug,
        source=file.path,
        guid=identity.guid,
        title=" ".join(record.title.split()),
        published=as_utc(published),
        edited=as_utc(in_zone(record.date, config.show)) if record.date else None,
        page_url=_page_url(file, config, problems),
        season=record.season,
        season_name=record.season_name or (None if record.season is None else config.show.seasons.get(record.season)),
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
        soundbites=soundbites,
        license=license_,
        location=resolve_location(record.location),
        content_links=content_links,
        language=language,
    )
    return episode, problems


def _oldest_first(episode: Episode) -> tuple[datetime, int, float, str]:
    return (episode.published, episode.season or 0, episode.episode or 0, episode.slug)


def _persons(file: EpisodeFile, context: _Context) -> tuple[tuple[Person, ...], list[Problem]]:
    """Return hosts and guests: an item's persons replace the channel's, so the hosts are named again."""
    hosts = context.hosts
    problems: list[Problem] = []
    if file.record.hosts is not None:
        hosts, problems = context.people.resolve(
            file.record.hosts, "host", lambda index, field: file.place("hosts", index, field)
        )
    guests, more = context.people.resolve(
        file.record.guests, "guest", lambda index, field: file.place("guests", index, field)
    )
    host_names = {host.name for host in hosts}
    return (*hosts, *(guest for guest in guests if guest.name not in host_names)), problems + more


def _picture(file: EpisodeFile, context: _Context) -> tuple[Picture | None, list[Problem]]:
    place = file.place("image")
    picture, problems = resolve_picture(file.record.image, context.pictures, context.archive.media.pictures, place)
    if picture is None:
        return None, problems
    if fault := artwork_fault(picture, place):
        problems.append(fault)
    return replace(picture, alt=file.record.image_alt), problems


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
        if url := absolute_url(declared, config.archive.site_url):
            return url
        problems.append(problem("bad-url", file.place("link"), f"{declared!r} is no web address", "write it whole"))
    pattern = config.archive.episode_url
    number = f"{file.record.episode:.12g}" if file.record.episode is not None else None
    if pattern is None:
        return None
    values = {"slug": file.slug, "season": file.record.season, "episode": number}
    if missing := [name for name, value in values.items() if value is None and f"{{{name}}}" in pattern]:
        message = f"archive.episode_url asks for {{{missing[0]}}}, which this episode has not; so it has no page link"
        problems.append(problem("bad-url", file.place(), message, f"give it a `{missing[0]}`, or a `link`"))
        return None
    return fill_pattern(pattern, **values)


def _channel(config: Config, guid: str, episodes: list[Episode], context: _Context) -> tuple[Show, list[Problem]]:
    show, place = config.show, config.place("show", "image")
    artwork, problems = resolve_picture(show.image, context.pictures, context.archive.media.pictures, place)
    if artwork is None:
        remedy = "set show.image to a square JPEG or PNG of 1400 to 3000 pixels"
        problems.append(problem("no-artwork", place, "the show has no artwork; directories refuse it", remedy))
    elif fault := artwork_fault(artwork, place):
        problems.append(replace(fault, code="no-artwork", severity=Severity.WARNING, rule="C7"))
    license_, more = resolve_license(show.license, config.place("show", "license"))
    problems += more
    if not episodes:
        problems.append(
            problem(
                "no-episodes",
                config.place("archive", "episodes"),
                "no episode can be published",
                "see what is said of each file",
            )
        )
    frequency = show.update_frequency
    changes = [moment for episode in episodes for moment in (episode.published, episode.edited) if moment]
    return (
        Show(
            title=show.title,
            link=absolute_url(show.link, None) or show.link,
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
            license=license_,
            location=resolve_location(show.location),
            txt=tuple((entry.purpose, entry.value) for entry in show.txt),
            update_frequency=UpdateFrequency(**frequency.model_dump()) if frequency else None,
            published=max((episode.published for episode in episodes), default=None),
            updated=max(changes, default=None),
            episodes=tuple(episodes),
        ),
        problems,
    )
