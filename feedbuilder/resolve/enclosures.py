"""The audio of an episode: the first source that knows wins, and a gap stays a gap.

The episode's own `audio:` or `enclosure:`, then the audio table, then a local file named after the episode, then the
address that `audio.episode_url` gives when a server knew it, then what the host's feed said when it was imported.

Spec: RSS 2.0 <enclosure>, https://www.rssboard.org/rss-specification#ltenclosuregtSubelementOfLtitemgt
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from feedbuilder.config import Config, MissingAudio
from feedbuilder.errors import Place, Problem, Severity
from feedbuilder.ledger import AudioFacts
from feedbuilder.model import Enclosure
from feedbuilder.problems import problem
from feedbuilder.resolve.links import absolute_url, is_placeholder
from feedbuilder.source.archive import EpisodeFile
from feedbuilder.source.media import AudioFile, Media
from feedbuilder.source.records import AudioRecord
from feedbuilder.timecode import clock
from feedbuilder.vocabulary.media import APPLE_EXTENSIONS, MEDIA_TYPES

TOLERANCE = 0.02
"""Share by which a declared duration may differ from the measured one: intros change, talks do not."""
ROUNDING_MS = 1000
"""What it may differ by however short the audio is: most are written in whole seconds."""


class KnownAudio(NamedTuple):
    """What others than the archive know of one episode's audio."""

    of_host: AudioFacts | None = None  # as the ledger remembers it
    pattern_url: str | None = None  # where audio.episode_url says that it is
    on_web: Mapping[str, AudioFacts] = MappingProxyType({})  # by address, now or when it was asked last


def resolve_enclosure(
    episode: EpisodeFile, media: Media, known: KnownAudio, config: Config
) -> tuple[Enclosure | None, list[Problem]]:
    """Return the enclosure, or None when nothing knows the audio."""
    found, place, problems = _first_known(episode, media, known, config)
    if found is None:
        return None, [
            *problems,
            _missing(episode, config, is_named=bool(problems or episode.faulty & {"audio", "enclosure"})),
        ]
    ending = PurePosixPath(urlsplit(found.url).path).suffix[1:].lower()
    if ending not in APPLE_EXTENSIONS:
        message = (
            f"the audio's address ends in {ending or 'nothing'!r}; Apple skips what is not mp3, m4a, mp4, m4v, mov"
        )
        problems.append(problem("audio-ending", place, message, "publish the audio as MP3 or M4A"))
    elif found.mime_type not in MEDIA_TYPES[ending]:
        message = f"the type {found.mime_type} does not fit the ending .{ending}"
        problems.append(problem("audio-type", place, message, f"use {MEDIA_TYPES[ending][0]}"))
    if not found.length_bytes:
        message = "the size of the audio file is not known; the feed has to say 0"
        remedy = f"write `{_field(episode)}: {{url: …, length: BYTES}}`, name it in the audio table, or ask: --online"
        problems.append(problem("audio-length", place, message, remedy))
    return found, problems


def _first_known(
    episode: EpisodeFile, media: Media, known: KnownAudio, config: Config
) -> tuple[Enclosure | None, Place, list[Problem]]:
    """Return the enclosure and where it is named."""
    found, place, problems = _of_archive(episode, media, config)
    if found is None and known.pattern_url and known.pattern_url in known.on_web:
        found = _enclosure(known.on_web[known.pattern_url])
    if found is None and known.of_host is not None and known.of_host.source == "import":
        found = _enclosure(known.of_host)
    if found is not None and not found.length_bytes and found.url in known.on_web:
        facts = known.on_web[found.url]
        found = replace(
            found, length_bytes=facts.length_bytes, duration_ms=found.duration_ms or facts.duration_ms,
            mime_type=facts.mime_type or found.mime_type,
        )  # fmt: skip
    return found, place, problems


def _of_archive(episode: EpisodeFile, media: Media, config: Config) -> tuple[Enclosure | None, Place, list[Problem]]:
    problems: list[Problem] = []
    for field, record in (("audio", episode.record.audio), ("enclosure", episode.record.enclosure)):
        if record is None:
            continue
        place = episode.place(field)
        if not is_placeholder(record.url):
            return _declared(record, place, media, config)
        message = f"{record.url!r} only keeps the audio's place"
        problems.append(problem("placeholder", place, message, "write the address, or delete the line"))
    row = next((media.table[key] for key in _table_keys(episode) if key in media.table), None)
    if row is not None:
        url = absolute_url(row.url, config.audio.base_url)
        if url is None:
            fault = problem("bad-url", row.place, f"{row.url!r} is no web address", "write it whole: https://…")
            return None, row.place, [*problems, fault]
        kind = row.mime_type or _type_of(url)
        found = Enclosure(url=url, mime_type=kind, length_bytes=row.length_bytes, duration_ms=row.duration_ms)
        return found, row.place, problems
    local = media.audio.get(episode.slug)
    if isinstance(local, AudioFile):
        return _local(local, config), episode.place(), problems
    if isinstance(local, Problem):
        message = f"{local.place}: {local.message}"
        problems.append(problem(local.code, episode.place(), message, local.remedy))
    return None, episode.place(), problems


def address_to_ask(episode: EpisodeFile, media: Media, known: KnownAudio, config: Config) -> str | None:
    """Return where a server could tell more of the audio than is known; None when there is nothing to ask."""
    found, _, _ = _first_known(episode, media, known._replace(on_web={}), config)
    if found is None:
        return known.pattern_url
    if found.file is not None or found.length_bytes:
        return None
    return found.url


def _enclosure(audio: AudioFacts) -> Enclosure:
    return Enclosure(
        url=audio.url,
        mime_type=audio.mime_type or _type_of(audio.url),
        length_bytes=audio.length_bytes,
        duration_ms=audio.duration_ms,
    )


def _table_keys(episode: EpisodeFile) -> list[str]:
    """Return what a row of the audio table may call the episode."""
    return [key for key in (episode.slug, episode.record.guid, *episode.record.ids.values()) if key]


def unused_rows(episodes: Iterable[EpisodeFile], media: Media) -> list[Problem]:
    """Name the rows of the audio table that no episode answers to: one may be misspelt, or be for a draft."""
    used = {key for episode in episodes for key in _table_keys(episode)}
    rows: dict[Place, list[str]] = {}
    for key, row in media.table.items():
        rows.setdefault(row.place, []).append(key)
    return [
        problem(
            "audio-table-unused", place, f"no episode is called {' or '.join(keys)}", "correct it, if it is misspelt"
        )
        for place, keys in rows.items()
        if not used & set(keys)
    ]


def _declared(
    record: AudioRecord, place: Place, media: Media, config: Config
) -> tuple[Enclosure | None, Place, list[Problem]]:
    local = media.audio.get(record.url)
    if isinstance(local, AudioFile):
        return _local(local, config), place, []
    if isinstance(local, Problem):
        return None, place, [problem(local.code, place, f"{record.url}: {local.message}", local.remedy)]
    url = absolute_url(record.url, None)
    if url is None:
        folder = config.audio.folder
        message = f"{record.url!r} is no web address, and no file of {folder or 'audio.folder, which is not set'}"
        remedy = "write it whole, https://…, or put the file into the folder that audio.folder names"
        return None, place, [problem("bad-url", place, message, remedy)]
    kind = record.type or _type_of(url)
    found = Enclosure(url=url, mime_type=kind, length_bytes=record.length, duration_ms=record.duration)
    return found, place, []


def _local(found: AudioFile, config: Config) -> Enclosure:
    base = config.audio.base_url or config.feed.folder_url + "audio/"
    return Enclosure(
        url=base.rstrip("/") + "/" + quote(found.path),
        mime_type=found.mime_type,
        length_bytes=found.length_bytes,
        duration_ms=found.duration_ms,
        speech=found.speech,
        file=found.file,
    )


def _type_of(url: str) -> str:
    ending = PurePosixPath(urlsplit(url).path).suffix[1:].lower()
    return MEDIA_TYPES.get(ending, ("audio/mpeg",))[0]


def _field(episode: EpisodeFile) -> str:
    """Return what the owner calls the field that names the audio."""
    return episode.names.shown("enclosure" if episode.record.enclosure and not episode.record.audio else "audio")


def _missing(episode: EpisodeFile, config: Config, *, is_named: bool) -> Problem:
    known = "the audio that is named cannot be used" if is_named else "no audio is known"
    remedy = f"name it with `{_field(episode)}:`, in the audio table (audio.table), or put the file into audio.folder"
    remedy = "see what is said of it" if is_named else remedy
    if config.missing_audio is MissingAudio.PUBLISH:
        return problem("missing-audio", episode.place(), f"{known}, so the item has no enclosure", remedy)
    message = f"{known}, so the episode is held (missing_audio)"
    return problem("missing-audio", episode.place(), message, remedy, severity=Severity.ERROR)


def resolve_duration(episode: EpisodeFile, enclosure: Enclosure | None) -> tuple[int | None, list[Problem]]:
    """Return the episode's length: measured, else declared; a disagreement between the two is named."""
    declared = episode.record.duration
    measured = enclosure.duration_ms if enclosure else None
    if enclosure and not measured and not declared:
        field = episode.names.shown("duration")
        return None, [problem("no-duration", episode.place(), "how long it is is not known", f"add `{field}: 1:05:09`")]
    if not measured or not declared:
        return measured or declared or None, []
    if abs(measured - declared) > max(TOLERANCE * measured, ROUNDING_MS):
        message = f"declared as {clock(declared)}, but the audio lasts {clock(measured)}; the audio is believed"
        return measured, [
            problem(
                "duration-differs",
                episode.place("duration"),
                message,
                f"correct or delete `{episode.names.shown('duration')}`",
            )
        ]
    return measured, []


def doubled_audio(enclosures: Iterable[tuple[EpisodeFile, Enclosure]]) -> list[Problem]:
    """Name episodes whose audio has the address of another's; all stay, for which one is wrong is not known."""
    first: dict[str, EpisodeFile] = {}
    problems: list[Problem] = []
    for episode, enclosure in enclosures:
        other = first.setdefault(enclosure.url, episode)
        if other is not episode:
            message = f"its audio is also that of {other.path}: {enclosure.url}"
            place = episode.place("audio" if episode.record.audio else "enclosure")
            problems.append(problem("doubled-audio", place, message, "correct the one that was copied by mistake"))
    return problems
