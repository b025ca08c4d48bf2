"""What a report tells, in values: gathered from a build, from what the check found, and from the published files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from feedbuilder.check.captions import read_captions
from feedbuilder.errors import Problem, Severity
from feedbuilder.memory import FORGETFUL, Memory
from feedbuilder.model import Episode, Show
from feedbuilder.publish.shrinkage import chapter_count
from feedbuilder.report.captions import CaptionFacts, caption_facts
from feedbuilder.report.changes import LastChanges
from feedbuilder.report.remarks import WITHHELD, Remark
from feedbuilder.resolve.show import Upcoming

ReadOutput = Callable[[str], bytes | None]
"""Returns the file at a path of the output folder; None where there is none."""

_CAPTIONS = ("vtt", "srt")
_TRANSCRIPTS = (*_CAPTIONS, "json", "html", "txt")


@dataclass(frozen=True, kw_only=True, slots=True)
class EpisodeFacts:
    """One episode that is out."""

    guid: str
    source: str
    title: str
    language: str
    published: datetime
    is_kept: bool = False  # its file broke since; what was out of it stays, and only that is known
    season: int | None = None
    number: str = ""
    page_url: str | None = None
    has_audio: bool
    duration_ms: int | None
    chapters: int
    transcripts: tuple[str, ...]  # endings
    has_notes: bool
    has_picture: bool
    guests: int
    captions: CaptionFacts | None  # None where it has none
    to_mend: int  # faults


@dataclass(frozen=True, kw_only=True, slots=True)
class Withheld:
    """An archive file that is not out, and why."""

    place: str
    code: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """Everything on one build."""

    show: Show
    zone: tzinfo
    episodes: tuple[EpisodeFacts, ...]  # newest first
    held: tuple[str, ...]  # archive files that cannot be published as they stand
    upcoming: tuple[Upcoming, ...]  # soonest first
    withheld: tuple[Withheld, ...]  # because their owner wants it so
    remarks: tuple[Remark, ...]
    ignored: tuple[tuple[Remark, str], ...]  # with the reason that the config gives
    changes: LastChanges | None  # None: not known

    @property
    def as_of(self) -> datetime | None:
        """When the content changed last, in the show's zone."""
        moment = self.show.updated or self.show.published
        return moment.astimezone(self.zone) if moment else None

    @property
    def to_mend(self) -> int:
        """How many faults there are."""
        return sum(remark.cost.is_to_mend for remark in self.remarks)


def episode_facts(
    show: Show, paths: Collection[str], read: ReadOutput, to_mend: Mapping[str, int], memory: Memory = FORGETFUL
) -> tuple[EpisodeFacts, ...]:
    """Return the facts of every episode, newest first; its files are read one by one.

    `paths` are those in the output folder; `to_mend` counts faults by archive file.
    """
    found = [_of_episode(episode, paths, read, to_mend, memory) for episode in show.episodes]
    found += _of_kept(show, read, to_mend, memory)
    return tuple(sorted(found, key=lambda episode: episode.published, reverse=True))


def held_files(problems: Iterable[Problem], out: Collection[str], others: Collection[str]) -> tuple[str, ...]:
    """Return the archive files that an error keeps out, sorted; `others` are files that hold no episode."""
    broken = {fault.place.path for fault in problems if fault.severity is Severity.ERROR}
    return tuple(sorted(broken - {*out, *others}))


def withheld_files(problems: Iterable[Problem]) -> tuple[Withheld, ...]:
    """Return what its owner keeps back, but for what only waits for its time."""
    return tuple(
        Withheld(place=fault.place.path, code=fault.code, reason=fault.message)
        for fault in problems
        if fault.code in WITHHELD - {"scheduled"}
    )


def _of_episode(
    episode: Episode, paths: Collection[str], read: ReadOutput, to_mend: Mapping[str, int], memory: Memory
) -> EpisodeFacts:
    texts = {ending: path for ending in _TRANSCRIPTS if (path := f"transcripts/{episode.slug}.{ending}") in paths}
    chapters = f"chapters/{episode.slug}.json"
    number = episode.episode_display or ("" if episode.episode is None else f"{episode.episode:g}")
    return EpisodeFacts(
        guid=episode.guid, source=episode.source, title=episode.title, language=episode.language,
        published=episode.published, season=episode.season, number=number, page_url=episode.page_url,
        has_audio=episode.enclosure is not None, duration_ms=episode.duration_ms,
        chapters=chapter_count(read(chapters) or b"") if chapters in paths else 0, transcripts=tuple(texts),
        has_notes=bool(episode.notes.words_html), has_picture=episode.picture is not None,
        guests=sum(person.role == "guest" for person in episode.persons),
        captions=_captions(texts, read, episode.duration_ms, memory), to_mend=to_mend.get(episode.source, 0),
    )  # fmt: skip


def _of_kept(show: Show, read: ReadOutput, to_mend: Mapping[str, int], memory: Memory) -> Iterator[EpisodeFacts]:
    if not show.kept:
        return
    from feedbuilder.report.kept import item_facts  # noqa: PLC0415  (a show seldom has any)

    for kept in show.kept:
        item = item_facts(kept.item)
        texts = {path.rpartition(".")[2]: path for path, _ in kept.files if path.startswith("transcripts/")}
        chapters = next((path for path, _ in kept.files if path.startswith("chapters/") and path.endswith(".json")), "")
        yield EpisodeFacts(
            guid=kept.guid, source=kept.source, title=item.title, language=show.language, published=kept.published,
            is_kept=True, season=item.season, number=item.number, has_audio=item.has_audio,
            duration_ms=item.duration_ms, chapters=chapter_count(read(chapters) or b"") if chapters else 0,
            transcripts=tuple(ending for ending in _TRANSCRIPTS if ending in texts), has_notes=item.has_notes,
            has_picture=item.has_picture, guests=item.guests, captions=_captions(texts, read, item.duration_ms, memory),
            to_mend=to_mend.get(kept.source, 0),
        )  # fmt: skip


def _captions(
    texts: Mapping[str, str], read: ReadOutput, duration_ms: int | None, memory: Memory
) -> CaptionFacts | None:
    ending = next((ending for ending in _CAPTIONS if ending in texts), None)
    content = read(texts[ending]) if ending else None
    if content is None or ending is None:
        return None
    question = ("caption facts", ending, content, duration_ms)
    return memory.of(question, lambda: caption_facts(read_captions(content, ending), duration_ms))
