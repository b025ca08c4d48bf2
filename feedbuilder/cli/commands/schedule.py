"""`feedbuilder schedule`: text that makes a machine build the show again and again. It is printed, never installed."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from feedbuilder import __version__
from feedbuilder.cli.console import SafeConsole, print_error
from feedbuilder.cli.options import OutputOption, OwnConfigOption, own_config
from feedbuilder.cli.streams import reader_may_leave
from feedbuilder.errors import FeedbuilderError
from feedbuilder.schedule import Every, Job, check_words, crontab, github_workflow, systemd_service, systemd_timer

if TYPE_CHECKING:
    from feedbuilder.config import Config

app = typer.Typer(
    name="schedule",
    help="Print what makes a machine build the show again and again. Nothing is installed.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

EveryOption = Annotated[Every, typer.Option(help="How often: minutes, hours, a day or a week.")]
BuildOptions = Annotated[
    list[str] | None,
    typer.Argument(metavar="[-- BUILD OPTIONS]", help="Options for every build, as: -- --healthcheck URL"),
]


class Part(StrEnum):
    """Which of systemd's two files."""

    SERVICE = "service"
    TIMER = "timer"


@app.command()
def systemd(
    config: OwnConfigOption = None,
    output: OutputOption = None,
    every: EveryOption = Every.HOUR_1,
    part: Annotated[Part | None, typer.Option(help="Only one of the two files.")] = None,
    options: BuildOptions = None,
) -> None:
    """Print a systemd service that can write nothing but this show's output and ledger, and its timer."""
    texts = {Part.SERVICE: systemd_service, Part.TIMER: systemd_timer}

    def text(job: Job, _: Config) -> str:
        if part:
            return texts[part](job)
        return "\n".join(f"# ==== {job.name}.{each} ====\n{texts[each](job)}" for each in Part)

    _print(text, config, output, every, options)


@app.command()
def cron(
    config: OwnConfigOption = None,
    output: OutputOption = None,
    every: EveryOption = Every.HOUR_1,
    options: BuildOptions = None,
) -> None:
    """Print a line for `crontab -e`."""
    _print(lambda job, _: crontab(job), config, output, every, options)


@app.command()
def github(
    config: OwnConfigOption = None,
    output: OutputOption = None,
    every: EveryOption = Every.HOUR_1,
    options: BuildOptions = None,
) -> None:
    """Print a GitHub workflow that builds, commits the ledger and deploys to GitHub Pages."""

    def text(job: Job, settings: Config) -> str:
        folder = job.config.parent
        repository = next((one for one in (folder, *folder.parents) if (one / ".git").exists()), folder)
        return github_workflow(job, repository, feed_url=str(settings.feed.url), version=__version__)

    _print(text, config, output, every, options)


def _print(
    text: Callable[[Job, Config], str],
    config: Path | None,
    output: Path | None,
    every: Every,
    options: list[str] | None,
) -> None:
    from feedbuilder.publish.generations import place_of  # noqa: PLC0415  (--help needs none of it)
    from feedbuilder.source.settings import read_config  # noqa: PLC0415

    _check_options(options or [])
    try:
        file = own_config(config)
        settings = read_config(file)
        folder = place_of(output or settings.resolve(settings.output))
        job = Job(
            title=settings.show.title,
            program=_program(),
            config=file.resolve(),
            output=folder,
            is_output_named=output is not None,
            has_generations=settings.generations_of(folder) is not None,
            options=tuple(options or ()),
            user=_owner(file.resolve().parent),
            every=every,
            publish_time=settings.show.publish_time,
            zone=settings.show.timezone.key,
        )
        check_words((*job.command, str(job.output)))
        written = text(job, settings)
    except FeedbuilderError as error:
        print_error(SafeConsole(stderr=True), error)
        raise typer.Exit(error.exit_code) from error
    with reader_may_leave():
        sys.stdout.write(written)


def _check_options(options: list[str]) -> None:
    """End the run when a build would not take these options, or should not take them every time."""
    from feedbuilder.cli.commands.build import build  # noqa: PLC0415  (--help needs none of it)

    parser = typer.Typer()
    parser.command()(build)
    context = typer.main.get_command(parser).make_context("feedbuilder build", list(options))
    if context.params["accept"]:
        raise typer.BadParameter("--accept is for one build by hand; here it would let everything of its kind pass")


def _program() -> tuple[str, ...]:
    """Return what starts the program from anywhere: cron and systemd know no PATH of ours."""
    beside = Path(sys.executable).with_name("feedbuilder")
    found = str(beside) if beside.is_file() else shutil.which("feedbuilder")
    return (found,) if found and Path(found).is_absolute() else (sys.executable, "-m", "feedbuilder")


def _owner(folder: Path) -> str:
    try:
        return folder.owner()
    except (KeyError, NotImplementedError):  # nobody by that number here, or a system without owners
        return str(folder.stat().st_uid)
