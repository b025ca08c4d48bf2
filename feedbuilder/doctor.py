"""What is wrong with the times: by how much each transcript's clock differs from its audio's, and what would mend it.

archive on disk ──source──▶ records ──resolve──▶ Show on the archive's own clock ──captions──▶ findings, lines to write

Nothing is written. Where the audio can be heard, its pauses tell the offset; else the lengths do, when enough
transcripts go past the ends of their audio by the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from feedbuilder.captions import time_words
from feedbuilder.captions.clock import read_clock
from feedbuilder.config import Config, MissingAudio
from feedbuilder.errors import ExitCode, Place, Severity, UsageError
from feedbuilder.model import Episode, Span
from feedbuilder.resolve.offsets import Agreement, Certainty, Finding, Measured, Verdict, agree, judge
from feedbuilder.resolve.show import resolve_show
from feedbuilder.source.archive import EpisodeFile, read_archive
from feedbuilder.source.ledger import read_ledger
from feedbuilder.source.sound import UnreadableSoundError, find_speech
from feedbuilder.timecode import seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Remedy:
    """A line for the owner to write, into the config or into an episode's front matter."""

    place: Place  # of the line it replaces, or of what it is added to
    line: str
    under: str | None  # the setting that the line stands below; None: the top level
    replaces: bool  # whether there is such a line already
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Diagnosis:
    """What was found; `remedies` are all the lines to write."""

    show: str
    findings: tuple[Finding, ...]
    remedies: tuple[Remedy, ...]
    faults: int  # that keep episodes out of the show; a build names them

    @property
    def exit_code(self) -> ExitCode:
        """Return 3 when something is to be done, else 0."""
        is_due = any(finding.verdict in (Verdict.CHANGE, Verdict.UNSURE) for finding in self.findings)
        return ExitCode.HELD if is_due else ExitCode.OK


def diagnose(
    config: Config,
    *,
    now: datetime,
    only: Collection[str] = (),
    listen: bool = True,
    progress: Callable[[str], None] = lambda _: None,
) -> Diagnosis:
    """Compare the times of every episode with its audio.

    `only` names the slugs or files to look at. With `listen`, local audio is heard, seconds for an hour of it.

    Raises:
        UsageError: when an episode is not there, or the archive cannot be read.
    """
    progress("reading the archive")
    bare = _without_offset(config)
    archive = read_archive(bare)
    timeless = replace(archive, episodes=tuple(map(_without_own_offset, archive.episodes)))
    resolution = resolve_show(timeless, bare, read_ledger(config), now)
    files = {file.path: file for file in archive.episodes}
    episodes = [one for one in resolution.show.episodes if not only or {one.slug, one.source} & set(only)]
    if unknown := set(only) - {name for one in episodes for name in (one.slug, one.source)}:
        raise UsageError(f"no episode is called {', '.join(sorted(unknown))}")
    known: list[Measured] = []
    for episode in episodes:
        progress(f"comparing {episode.slug}")
        known.append(examine(episode, files[episode.source], listen=listen))
    agreement = agree(known, config.show.audio_offset)
    findings = tuple(judge(episode, config.show.audio_offset, agreement) for episode in known)
    return Diagnosis(
        show=resolution.show.title,
        findings=findings,
        remedies=tuple(prescribe(config, agreement, known, findings)),
        faults=sum(fault.severity is Severity.ERROR for fault in (*archive.problems, *resolution.problems)),
    )


def _without_offset(config: Config) -> Config:
    """Return a config that moves no times, listens to nothing, and holds nothing back for want of audio."""
    show = config.show.model_copy(update={"audio_offset": 0})
    captions = config.captions.model_copy(update={"align": False})
    return config.model_copy(update={"show": show, "captions": captions, "missing_audio": MissingAudio.PUBLISH})


def _without_own_offset(file: EpisodeFile) -> EpisodeFile:
    return replace(file, record=file.record.model_copy(update={"audio_offset": None}))


def examine(episode: Episode, file: EpisodeFile, *, listen: bool) -> Measured:
    """Gather what an episode, on the archive's own clock, and its audio tell."""
    transcript, enclosure = episode.transcript, episode.enclosure
    starts_ms = [line.start_ms for line in transcript.lines if line.start_ms is not None] if transcript else []
    timing = time_words(transcript) if transcript and starts_ms else None
    speech, unheard = None, "it has no transcript with times"
    if timing:
        speech, unheard = _listen(enclosure.file if enclosure else None) if listen else (None, "")
    return Measured(
        slug=episode.slug,
        place=file.place("audio_offset"),
        field=file.names.shown("audio_offset"),
        own_ms=file.record.audio_offset,
        audio_ms=enclosure.duration_ms if enclosure else None,
        words_end_ms=timing.ends_ms[-1] if timing else None,
        last_line_ms=max(starts_ms, default=None),
        last_chapter_ms=max((clip.startOffset for clip in file.record.quotableClips), default=None),
        clock=read_clock(timing, speech) if timing and speech is not None else None,
        unheard=unheard or None,
    )


def _listen(file: Path | None) -> tuple[tuple[Span, ...] | None, str]:
    """Return where somebody speaks in a file, or why that is not known."""
    if file is None:
        return None, "its audio is not at hand"
    try:
        return find_speech(file), ""
    except UnreadableSoundError as error:
        return None, f"its sound cannot be decoded ({error})"
    except UsageError as error:  # the extra is not installed
        return None, str(error)


def prescribe(
    config: Config, agreement: Agreement | None, known: Sequence[Measured], findings: Sequence[Finding]
) -> Iterator[Remedy]:
    """Yield the lines that mend what was found: one for the show, then one for every episode that is not like it."""
    show_ms = agreement.offset_ms if agreement else config.show.audio_offset
    if agreement:
        yield Remedy(
            place=config.place("show", "audio_offset"),
            line=offset_line("audio_offset", show_ms),
            under="show",
            replaces="audio_offset" in config.show.model_fields_set,
            reason=agreement.reason,
        )
    for episode, finding in zip(known, findings, strict=True):
        kept_ms = show_ms if episode.own_ms is None else episode.own_ms
        wanted_ms = finding.offset_ms
        if finding.certainty is Certainty.SURE and wanted_ms is not None and wanted_ms != kept_ms:
            outer, _, field = episode.field.rpartition(".")
            yield Remedy(
                place=episode.place,
                line=offset_line(field, wanted_ms),
                under=outer or None,
                replaces=episode.own_ms is not None,
                reason=finding.evidence,
            )


def offset_line(field: str, offset_ms: int) -> str:
    """Return the line that states an offset.

    >>> offset_line("audio_offset", -30_200), offset_line("audio_offset", 4000)
    ('audio_offset: -30.2', 'audio_offset: 4')
    """
    return f"{field}: {seconds(offset_ms)}"
