"""One episode: everything its item, chapters and transcripts need, from its file and what is known of the show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from feedbuilder.config import Config
from feedbuilder.errors import Problem, Severity
from feedbuilder.ledger import AudioFacts
from feedbuilder.memory import Memory
from feedbuilder.model import Chapter, Episode, Person, Picture, Transcript, TranscriptLine
from feedbuilder.problems import problem
from feedbuilder.render.pages.addresses import episode_path, public_url
from feedbuilder.render.plain_text import plain_title
from feedbuilder.resolve.chapters import resolve_chapters
from feedbuilder.resolve.dates import as_utc, in_zone
from feedbuilder.resolve.enclosures import KnownAudio, resolve_duration, resolve_enclosure
from feedbuilder.resolve.identity import Identity
from feedbuilder.resolve.links import absolute_url, fill_pattern, is_placeholder, unfilled
from feedbuilder.resolve.notes import resolve_links, resolve_notes
from feedbuilder.resolve.people import PeopleResolver
from feedbuilder.resolve.pictures import artwork_fault, resolve_picture
from feedbuilder.resolve.podcast_tags import (
    resolve_content_links,
    resolve_license,
    resolve_location,
    resolve_soundbites,
)
from feedbuilder.resolve.transcript import check_clock, resolve_transcript
from feedbuilder.source.archive import Archive, EpisodeFile
from feedbuilder.source.spool import packed, recalled
from feedbuilder.vocabulary.languages import is_feed_language


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """What every episode of one archive is resolved against."""

    archive: Archive
    config: Config
    pictures: dict[str, Picture]
    people: PeopleResolver
    hosts: tuple[Person, ...]
    on_web: Mapping[str, AudioFacts]
    memory: Memory


def resolve_episode(
    file: EpisodeFile, *, identity: Identity, slug: str, published: datetime, context: Context
) -> tuple[Episode | None, list[Problem]]:
    """Resolve one episode; None when its audio is missing and the config holds such episodes."""
    config, record = context.config, file.record
    known = known_audio(file, identity, config, context.on_web)
    enclosure, problems = resolve_enclosure(file, context.archive.media, known, config)
    if any(fault.severity is Severity.ERROR for fault in problems):
        return None, problems
    duration_ms, more = resolve_duration(file, enclosure)
    problems += more
    persons, more = _persons(file, context)
    problems += more
    links, more = resolve_links(file, config.archive.site_url)
    problems += more
    language = _language(file, config, problems)
    notes, more = context.memory.of(
        ("notes", file.digest, persons, links, config.archive.site_url, language),
        lambda: resolve_notes(file, persons, links, config.archive.site_url, language),
    )
    problems += more
    picture, more = _picture(file, context)
    problems += more
    offset_ms = config.show.audio_offset if record.audio_offset is None else record.audio_offset
    measured_ms = enclosure.duration_ms if enclosure else None
    transcript, chapters, more = _words(file, language, offset_ms, measured_ms, context)
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
        guid_is_permalink=identity.entry is not None and identity.entry.guid_is_permalink,
        title=plain_title(record.title),
        published=as_utc(published),
        edited=as_utc(in_zone(record.date, config.show)) if record.date else None,
        page_url=_page_url(file, slug, config, problems),
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
        links=links,
        language=language,
    )
    return episode, problems


Words = tuple[Transcript | None, tuple[Chapter, ...], list[Problem]]


def _words(file: EpisodeFile, language: str, offset_ms: int, measured_ms: int | None, context: Context) -> Words:
    """Return what is said, and where its chapters start."""
    files, named = context.archive.media.pictures, {clip.image for clip in file.record.quotableClips if clip.image}
    shown = [(name, context.pictures.get(name), files.get(name)) for name in sorted(named)]
    who = file.names.shown("transcript.who").rpartition(".")[2]

    said = partial(resolve_transcript, file.transcript, language, file.place(), who=who, offset_ms=offset_ms)

    def resolved() -> Words:
        transcript, problems = said()
        if transcript and measured_ms and (fault := check_clock(transcript, measured_ms, file.place())):
            problems.append(fault)
        chapters, more = resolve_chapters(file, transcript, measured_ms, context.pictures, files, offset_ms)
        if transcript:
            transcript = replace(transcript, lines=packed(transcript.lines))
        return transcript, chapters, problems + more

    question = ("words", file.digest, language, offset_ms, measured_ms, shown)
    transcript, chapters, problems = context.memory.of(question, resolved)
    if transcript:
        lines = context.archive.spool.keep(recalled(transcript.lines, partial(_lines_of, said)))
        transcript = replace(transcript, lines=lines)
    return transcript, chapters, problems


def _lines_of(said: Callable[[], tuple[Transcript | None, list[Problem]]]) -> Sequence[TranscriptLine]:
    transcript, _ = said()
    return transcript.lines if transcript else ()


def known_audio(file: EpisodeFile, identity: Identity, config: Config, on_web: Mapping[str, AudioFacts]) -> KnownAudio:
    """Return what others than the archive know of an episode's audio."""
    pattern, values = config.audio.episode_url, {**_pattern_values(file), "guid": identity.guid}
    return KnownAudio(
        of_host=identity.entry.audio if identity.entry else None,
        pattern_url=fill_pattern(pattern, **values) if pattern and not unfilled(pattern, **values) else None,
        on_web=on_web,
    )


def _persons(file: EpisodeFile, context: Context) -> tuple[tuple[Person, ...], list[Problem]]:
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


def _picture(file: EpisodeFile, context: Context) -> tuple[Picture | None, list[Problem]]:
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


def _page_url(file: EpisodeFile, slug: str, config: Config, problems: list[Problem]) -> str | None:
    declared = file.record.link
    if declared and not is_placeholder(declared):
        if url := absolute_url(declared, config.archive.site_url):
            return url
        problems.append(problem("bad-url", file.place("link"), f"{declared!r} is no web address", "write it whole"))
    pattern = config.archive.episode_url
    if pattern is None:
        return public_url(config.feed.folder_url, episode_path(slug)) if config.site.enabled else None
    values = _pattern_values(file)
    if missing := unfilled(pattern, **values):
        message = f"archive.episode_url asks for {{{missing}}}, which this episode has not; so it has no page link"
        problems.append(problem("bad-url", file.place(), message, f"give it a `{missing}`, or a `link`"))
        return None
    return fill_pattern(pattern, **values)


def _pattern_values(file: EpisodeFile) -> dict[str, object]:
    number = f"{file.record.episode:.12g}" if file.record.episode is not None else None
    return {"slug": file.slug, "season": file.record.season, "episode": number}
