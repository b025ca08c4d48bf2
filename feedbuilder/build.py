"""The main job: an archive goes in; a feed, chapters and captions come out. Read this file first.

archive on disk ──source──▶ records ──resolve──▶ Show ──render──▶ {path: content} ──check, publish──▶ output/
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from feedbuilder.captions.profiles import choose_layouts
from feedbuilder.check.rendered import checked
from feedbuilder.config import HOST_FEED_NAME, Config
from feedbuilder.errors import ExitCode, Place, Problem, RefusedError, Severity, UsageError
from feedbuilder.ledger import AudioFacts, Ledger
from feedbuilder.model import Episode, Show
from feedbuilder.problems import problem
from feedbuilder.publish.acceptance import parse_acceptance
from feedbuilder.publish.artefacts import Artefacts, keys_of, read_artefacts, text_files, write_artefacts
from feedbuilder.publish.beside import with_report_kept
from feedbuilder.publish.last_good import broken_files, keep_last_good
from feedbuilder.publish.ledger_file import ledger_replaced
from feedbuilder.publish.manifest import outgoing_feed
from feedbuilder.publish.memory_file import remembered
from feedbuilder.publish.output_folder import Changes, claimed, publish
from feedbuilder.publish.published_feed import parse_feed
from feedbuilder.render import TEXT_FOLDERS, OutputFile, Texts, Wanted, known_formats, render_show
from feedbuilder.render.pages.addresses import FEED_STYLE
from feedbuilder.render.pages.pictures import PICTURES
from feedbuilder.resolve.show import Upcoming, resolve_show
from feedbuilder.source.archive import Archive, read_archive
from feedbuilder.source.inputs import Inputs, inputs_of
from feedbuilder.source.ledger import read_ledger
from feedbuilder.source.page_templates import read_page_templates

if TYPE_CHECKING:
    from feedbuilder.online.addresses import Reach

Progress = Callable[[str], None]
"""Called with a few words whenever a new step begins."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What a build did, or would do, and everything it has to say about the archive."""

    show: Show
    folder: Path
    changes: Changes
    problems: tuple[Problem, ...]
    upcoming: tuple[Upcoming, ...]  # soonest first
    next_change: datetime | None  # when, with nothing touched, a build would find something to do
    inputs: Inputs  # what it depends on
    ledger: Ledger  # as the build leaves it
    names: Mapping[str, tuple[str, ...]]  # guid → slug and files of every episode that is or was out

    @property
    def exit_code(self) -> ExitCode:
        """Return 3 when some episode was held back or kept as it was, else 0."""
        held = any(fault.severity is Severity.ERROR for fault in self.problems)
        return ExitCode.HELD if held or self.show.kept else ExitCode.OK


def build(
    config: Config,
    *,
    now: datetime,
    output: Path | None = None,
    only: Collection[str] = (),
    strict: bool = False,
    accept: Collection[str] = (),
    online: Reach | None = None,
    previous: bytes | None = None,
    dry_run: bool = False,
    wait_s: float = 0,
    processes: int = 1,
    progress: Progress = lambda _: None,
) -> Report:
    """Publish the archive a config describes.

    `now` decides which episodes are due. `only` limits the writing to the chapters and transcripts of the named
    episodes; the feed stays as it is. `strict` refuses to publish while anything is left to mend. `accept` names what
    the guard may let pass, as `publish` describes it. `online` lets servers be asked for audio that the archive says
    too little of, as far as it reaches. `previous` is a feed to be compared with in the place of the one that is out.
    A `dry_run` writes nothing. `wait_s` is how long to wait for another run. `processes` is how many may time captions
    at once.

    Raises:
        FeedbuilderError: one of its kinds, each with its exit code; what was published before is whole.
    """
    parse_acceptance(accept)  # a word that is none is told before anything else is done
    folder = output or config.resolve(config.output)
    wanted = Wanted(
        transcripts=known_formats(config.transcripts),
        layouts=choose_layouts(config.captions.profile, config.captions.changes),
        chapters_track=config.captions.chapters_track,
    )
    feed_path, folder_url = config.feed.file_name, config.feed.folder_url
    keep = config.generations_of(folder)
    with (
        nullcontext() if dry_run else claimed(folder, wait_s, keep=keep),
        remembered(config.folder / config.path, keeps=not dry_run) as memory,
    ):
        progress("reading the archive")
        archive, ledger = read_archive(config, memory), read_ledger(config)
        on_web, unanswered = _looked_up(archive, config, ledger, online, progress)
        progress(f"resolving {len(archive.episodes)} episodes")
        out = _out_too_early(ledger, now, folder, feed_path)
        resolution = resolve_show(archive, config, ledger, now, on_web=on_web, out=out, memory=memory)
        problems = (*archive.problems, *unanswered, *resolution.problems)
        inputs, spool = inputs_of(config, archive), archive.spool
        del archive  # of a large one, what was read takes more memory than what comes of it
        _refuse_early(resolution.show, problems, only, strict)
        show, notes = keep_last_good(resolution.show, folder, feed_path, ledger, broken_files(problems))
        names = _names(show, resolution.ledger)

        heard: list[Problem] = []  # what shows only while captions are timed
        artefacts = read_artefacts(config.folder / config.path, folder)
        keys = keys_of(show, wanted, artefacts)
        texts = _heard(text_files(show, wanted, artefacts, keys, spool, processes=processes), heard)
        files = render_show(
            show, texts, file_name=feed_path, folder_url=folder_url, wanted=wanted,
            pages=_pages(show, config, wanted, artefacts), style=FEED_STYLE if _styles_feed(config) else None,
            memory=memory, keys=keys,
        )  # fmt: skip
        files = checked(_told(files, progress), feed_path, folder_url)
        if config.report:
            files = with_report_kept(files, folder, accept=accept)
        if only:
            files = _only(files, show, only)
        try:
            with nullcontext() if only or dry_run else ledger_replaced(resolution.ledger, config, before=ledger):
                changes = publish(
                    files,
                    folder,
                    feed_path=feed_path,
                    show_guid=show.guid,
                    accept=accept,
                    partial=bool(only),
                    previous=_of_host(show, folder, feed_path, config) if previous is None else previous,
                    names=names,
                    allowed_losses=config.guard.allowed_losses,
                    keep=keep,
                    dry_run=dry_run,
                )
        except RefusedError as error:
            raise RefusedError(str(error), problems) from error
        if not (only or dry_run):
            write_artefacts(artefacts, config.folder / config.path)
    return Report(
        show=show,
        folder=folder,
        changes=changes,
        problems=(*problems, *notes, *heard),
        upcoming=resolution.upcoming,
        next_change=resolution.next_change,
        inputs=inputs,
        ledger=resolution.ledger,
        names=names,
    )


def _refuse_early(show: Show, problems: tuple[Problem, ...], only: Collection[str], strict: bool) -> None:
    to_mend = [fault for fault in problems if fault.severity is not Severity.NOTE]
    if strict and to_mend:
        count = "1 thing is" if len(to_mend) == 1 else f"{len(to_mend)} things are"
        raise RefusedError(f"--strict: {count} to be mended first; nothing was written", problems)
    if not show.episodes:
        raise RefusedError("no episode can be published; nothing was written", problems)
    if unknown := set(only) - {name for episode in show.episodes for name in (episode.slug, episode.source)}:
        raise UsageError(f"no episode is called {', '.join(sorted(unknown))}; nothing was written", problems)


def _looked_up(
    archive: Archive, config: Config, ledger: Ledger, online: Reach | None, progress: Progress
) -> tuple[dict[str, AudioFacts], list[Problem]]:
    if online is None:
        return {}, []
    from feedbuilder.look_up import look_up_audio  # noqa: PLC0415  (nothing of the network is loaded unasked)

    progress("asking the servers of the audio")
    return look_up_audio(archive, config, ledger, online)


def _names(show: Show, ledger: Ledger) -> dict[str, tuple[str, ...]]:
    slugs = {episode.guid: episode.slug for episode in show.episodes}
    return {
        guid: (slugs.get(guid, PurePosixPath(entry.file).stem), entry.file, *entry.former_files)
        for guid, entry in ledger.entries.items()
    }


def _out_too_early(ledger: Ledger, now: datetime, folder: Path, feed_path: str) -> set[str]:
    """Return the guids that are in the feed although their time has yet to come: then the clock went back."""
    early = {guid for guid, entry in ledger.entries.items() if entry.published and entry.published > now}
    if not early:
        return early
    try:
        return early & {item.guid for item in parse_feed(outgoing_feed(folder, feed_path).read_bytes()).items}
    except (OSError, ValueError):
        return set()  # there is no feed, or none that can be read, which the guard tells


def _of_host(show: Show, folder: Path, feed_path: str, config: Config) -> bytes | None:
    """Return the host's feed while it is the one that is out: as long as no feed of our own is.

    Raises:
        RefusedError: when a feed that is to run beside the host's has one of its guids.
    """
    try:
        content = (config.folder / HOST_FEED_NAME).read_bytes()
    except FileNotFoundError:
        return None
    if config.identity.mode == "takeover":
        return None if outgoing_feed(folder, feed_path).is_file() else content
    from feedbuilder.source.host_feed import read_host_feed  # noqa: PLC0415  (most shows run beside no host's feed)

    theirs = {item.guid for item in read_host_feed(content, HOST_FEED_NAME)[0].items}
    if shared := [episode for episode in show.episodes if episode.guid in theirs]:
        told = "".join(f"\n  {episode.source}: {episode.guid}" for episode in shared)
        raise RefusedError(
            f"apps would take {len(shared)} episodes of this feed for those of the host's, beside which it is to run "
            f"(identity.mode: parallel):{told}\ngive them guids of their own, or say identity.mode: takeover"
        )
    return None


def _heard(texts: Iterable[tuple[Episode, Texts]], heard: list[Problem]) -> Iterator[OutputFile]:
    for episode, (files, told) in texts:
        heard += [_not_aligned(episode, reason) for reason in told]
        yield from files


def _pages(show: Show, config: Config, wanted: Wanted, artefacts: Artefacts) -> Iterable[OutputFile]:
    if not config.site.enabled:
        return ()
    from feedbuilder.publish.page_files import page_files  # noqa: PLC0415  (jinja2 is for pages only)
    from feedbuilder.resolve.site import resolve_site  # noqa: PLC0415

    templates = read_page_templates(config.resolve(config.site.templates)) if config.site.templates else {}
    return page_files(show, resolve_site(config, templates), wanted, artefacts)


def _styles_feed(config: Config) -> bool:
    return config.site.enabled and config.site.style_feed


def _not_aligned(episode: Episode, reason: str) -> Problem:
    message = f"the captions were not moved to the sound: {reason}"
    return problem("not-aligned", Place(episode.source), message, "check that the audio is this episode's")


def _told(files: Iterable[OutputFile], progress: Progress) -> Iterator[OutputFile]:
    for file in files:
        progress(f"writing {file.path}")
        yield file


def _only(files: Iterable[OutputFile], show: Show, only: Collection[str]) -> Iterator[OutputFile]:
    sources = {episode.source for episode in show.episodes if {episode.slug, episode.source} & set(only)}
    return (
        file
        for file in files
        if file.path.startswith(PICTURES)  # which its page shows
        or (file.source in sources and PurePosixPath(file.path).parts[0] in TEXT_FOLDERS)
    )
