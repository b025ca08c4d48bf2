"""Write the report once everything it tells of is out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from feedbuilder.build import Report
from feedbuilder.check.suppression import Suppression, suppression_faults
from feedbuilder.checkup import check
from feedbuilder.config import HOST_FEED_NAME, Config
from feedbuilder.errors import FeedbuilderError, OutputError, Problem
from feedbuilder.memory import FORGETFUL, Memory
from feedbuilder.publish.beside import REPORT_DATA, REPORT_PAGE
from feedbuilder.publish.disk import read_if_there
from feedbuilder.publish.memory_file import remembered
from feedbuilder.publish.output_folder import Changes, publish
from feedbuilder.render import OutputFile
from feedbuilder.report.changes import changes_of, changes_told
from feedbuilder.report.data import render_data
from feedbuilder.report.facts import Facts, episode_facts, held_files, withheld_files
from feedbuilder.report.page import render_page
from feedbuilder.report.remarks import WITHHELD, of_finding, of_problem, to_mend_by_source, without_echoes
from feedbuilder.source.ledger import ledger_file


def with_report(built: Report, config: Config, *, now: datetime, accept: Collection[str] = ()) -> Report:
    """Write the report on a build, and return the build with the report's files among its changes.

    `now` and `accept` are those of the build.

    Raises:
        OutputError: when the report cannot be written; the build's own files are out.
    """
    try:
        with remembered(config.folder / config.path, "check-memory") as memory:
            facts = gather(built, config, now=now, memory=memory)
        files = (OutputFile(REPORT_PAGE, render_page(facts), ""), OutputFile(REPORT_DATA, render_data(facts), ""))
        changes = publish(
            files, _place_of(built, config), feed_path=config.feed.file_name, show_guid=built.show.guid,
            accept=accept, partial=True,
        )  # fmt: skip
    except FeedbuilderError as error:
        raise OutputError(f"the episodes are out, and their report could not be written: {error}") from error
    return replace(built, changes=_together(built.changes, changes))


def _place_of(built: Report, config: Config) -> Path:
    """Return the folder that is out: a report belongs to the generation of its build, and makes none of its own."""
    return built.folder if config.generations_of(built.folder) is None else built.folder.resolve()


def gather(built: Report, config: Config, *, now: datetime, memory: Memory = FORGETFUL) -> Facts:
    """Return the facts of a build, with what the check finds in its output.

    Raises:
        FeedbuilderError: when that cannot be read.
    """
    ignore, unusable = _suppressions(config)
    checked = check(built.folder, now=now, config=config, ignore=ignore, memory=memory)
    problems = (*built.problems, *unusable)
    show = built.show
    kept = {episode.source for episode in show.kept}
    told = [of_problem(fault, kept) for fault in problems if fault.code not in WITHHELD]
    told += map(of_finding, without_echoes(problems, checked.findings))
    paths = {*built.changes.written, *built.changes.unchanged}
    out = {episode.source for episode in show.episodes} | kept
    others = {config.path, ledger_file(config).name, HOST_FEED_NAME}

    def read(path: str) -> bytes | None:
        return read_if_there(built.folder / path)

    return Facts(
        show=show,
        zone=config.show.timezone,
        episodes=episode_facts(show, paths, read, to_mend_by_source(told), memory),
        held=held_files(problems, out, others),
        upcoming=built.upcoming,
        withheld=withheld_files(problems),
        remarks=tuple(told),
        ignored=tuple((of_finding(found), why.reason) for found, why in checked.ignored),
        changes=changes_of(built.changes) or changes_told(read(REPORT_DATA)),
    )


def _suppressions(config: Config) -> tuple[list[Suppression], list[Problem]]:
    """Return what is not to be told, and what is wrong with the rest of it."""
    named = [
        Suppression(rule=one.rule, reason=one.reason, path=one.path, place=config.place("check", "ignore", number))
        for number, one in enumerate(config.check.ignore)
    ]
    return [one for one in named if not suppression_faults([one])], suppression_faults(named)


def _together(of_build: Changes, of_report: Changes) -> Changes:
    written = {*of_build.written, *of_report.written}
    return replace(
        of_build,
        written=tuple(sorted(written)),
        unchanged=tuple(sorted({*of_build.unchanged, *of_report.unchanged} - written)),
        sizes_bytes={**of_build.sizes_bytes, **of_report.sizes_bytes},
    )
