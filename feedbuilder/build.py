"""The main job: an archive goes in; a feed, chapters and captions come out. Read this file first.

archive on disk ──source──▶ records ──resolve──▶ Show ──render──▶ {path: content} ──check, publish──▶ output/
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from feedbuilder.captions.profiles import choose_layouts
from feedbuilder.check.rendered import checked
from feedbuilder.config import Config
from feedbuilder.errors import ExitCode, Place, Problem, RefusedError, Severity
from feedbuilder.model import Episode, Show
from feedbuilder.problems import problem
from feedbuilder.publish.last_good import keep_last_good
from feedbuilder.publish.ledger_file import ledger_replaced
from feedbuilder.publish.output_folder import Changes, publish
from feedbuilder.render import OutputFile, Wanted, known_formats, render_show
from feedbuilder.resolve.show import Upcoming, resolve_show
from feedbuilder.source.archive import read_archive
from feedbuilder.source.ledger import ledger_file, read_ledger

Progress = Callable[[str], None]
"""Called with a few words whenever a new step begins."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What a build did, and everything it has to say about the archive."""

    show: Show
    folder: Path
    changes: Changes
    problems: tuple[Problem, ...]
    upcoming: tuple[Upcoming, ...]  # soonest first

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
    progress: Progress = lambda _: None,
) -> Report:
    """Publish the archive a config describes.

    `now` decides which episodes are due. `only` limits the writing to the chapters and transcripts of the named
    episodes; the feed stays as it is. `strict` refuses to publish while anything is left to mend. `accept` names what
    the guard may let pass, as `publish` describes it.

    Raises:
        FeedbuilderError: one of its kinds, each with its exit code; what was published before is whole.
    """
    folder = output or config.resolve(config.output)
    wanted = Wanted(
        transcripts=known_formats(config.transcripts),
        layouts=choose_layouts(config.captions.profile, config.captions.changes),
        chapters_track=config.captions.chapters_track,
    )
    progress("reading the archive")
    archive = read_archive(config)
    progress(f"resolving {len(archive.episodes)} episodes")
    ledger = read_ledger(config)
    resolution = resolve_show(archive, config, ledger, now)
    problems = (*archive.problems, *resolution.problems)
    _refuse_early(resolution.show, problems, only, strict)

    feed_path, folder_url = config.feed.file_name, config.feed.folder_url
    show, notes = keep_last_good(resolution.show, folder, feed_path, ledger, _broken(problems))
    heard: list[Problem] = []  # what shows only while captions are timed
    files = render_show(
        show,
        file_name=feed_path,
        folder_url=folder_url,
        wanted=wanted,
        tell=lambda *said: heard.append(_not_aligned(*said)),
    )
    files = checked(_told(files, progress), feed_path, folder_url)
    if only:
        files = _only(files, show, only)
    try:
        with nullcontext() if only else ledger_replaced(resolution.ledger, ledger_file(config)):
            changes = publish(
                files, folder, feed_path=feed_path, show_guid=show.guid, accept=accept, partial=bool(only)
            )
    except RefusedError as error:
        raise RefusedError(str(error), problems) from error
    return Report(show=show, folder=folder, changes=changes, problems=(*problems, *notes, *heard), upcoming=resolution.upcoming)


def _refuse_early(show: Show, problems: tuple[Problem, ...], only: Collection[str], strict: bool) -> None:
    to_mend = [fault for fault in problems if fault.severity is not Severity.NOTE]
    if strict and to_mend:
        raise RefusedError(f"--strict: {len(to_mend)} things are to be mended first; nothing was written", problems)
    if not show.episodes:
        raise RefusedError("no episode can be published; nothing was written", problems)
    if unknown := set(only) - {name for episode in show.episodes for name in (episode.slug, episode.source)}:
        raise RefusedError(f"no episode is called {', '.join(sorted(unknown))}; nothing was written", problems)


def _broken(problems: Iterable[Problem]) -> set[str]:
    """Return the files that give no episode although nobody withholds it: an emptied file has no fault of its own."""
    return {
        fault.place.path for fault in problems if fault.severity is Severity.ERROR or fault.code == "no-front-matter"
    }


def _not_aligned(episode: Episode, reason: str) -> Problem:
    message = f"the captions were not moved to the sound: {reason}"
    return problem("not-aligned", Place(episode.source), message, "check that the audio is this episode's")


def _told(files: Iterable[OutputFile], progress: Progress) -> Iterator[OutputFile]:
    for file in files:
        progress(f"writing {file.path}")
        yield file


def _only(files: Iterable[OutputFile], show: Show, only: Collection[str]) -> Iterator[OutputFile]:
    sources = {episode.source for episode in show.episodes if {episode.slug, episode.source} & set(only)}
    return (file for file in files if file.source in sources and isinstance(file.content, bytes))
