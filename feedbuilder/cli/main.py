"""`feedbuilder build`, `feedbuilder transcript` and `feedbuilder init`."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from feedbuilder import __version__
from feedbuilder.cli.streams import SafeConsole, make_streams_safe, print_failure, print_lines, reader_may_leave
from feedbuilder.errors import ExitCode, FeedbuilderError, Problem, Severity, UsageError

CONFIG_NAME = "feedbuilder.yaml"

app = typer.Typer(
    name="feedbuilder",
    help="Turn an archive of podcast episodes into a feed, chapters and captions.",
    epilog="Start with `feedbuilder init DIR` for your own archive, or `feedbuilder build` to see a sample show.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Format(StrEnum):
    """How a run reports."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


class Acceptance(StrEnum):
    """What the guard may let pass."""

    REMOVALS = "removals"
    AUDIO = "audio"
    TRANSCRIPTS = "transcripts"
    MOVE = "move"
    OVERWRITE = "overwrite"


class Profile(StrEnum):
    """Whose reading rules captions keep."""

    PODCAST = "podcast"
    NETFLIX = "netflix"
    BBC = "bbc"


def _version(wanted: bool) -> None:
    if wanted:
        print(f"feedbuilder {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Turn an archive of podcast episodes into a feed, chapters and captions."""


@app.command(
    epilog="Exit codes: 0 output is current; 2 wrong usage or config; 3 published, but some episodes were held back; "
    "4 refused by a guard, nothing changed; 5 output cannot be written; 11 another run is at work."
)
def build(
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", help=f"The show's config. Default: ./{CONFIG_NAME}, else the sample show."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write. Default: `output` of the config.")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            help="Write only this episode's chapters and transcripts (slug or file); the feed stays. Repeatable."
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Publish nothing while anything is left to mend.")] = False,
    accept: Annotated[
        list[Acceptance] | None,
        typer.Option(
            help="Let the guard pass what it refused: episodes that leave the feed (removals), audio or transcripts "
            "that go, another feed name or show in the folder (move), files that are not ours (overwrite)."
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing unless something is wrong.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every place of every warning.")] = False,
    format_: Annotated[Format, typer.Option("--format", help="How to report.")] = Format.TEXT,
) -> None:
    """Read the archive and bring the output folder up to date.

    On a terminal, progress and everything worth mending is shown. Elsewhere, as in cron, a run is silent when all is
    well, and --verbose makes it speak.
    """
    from feedbuilder.build import build as build_show  # noqa: PLC0415  (--help needs none of it)
    from feedbuilder.cli import report as reports  # noqa: PLC0415
    from feedbuilder.source.settings import read_config  # noqa: PLC0415

    on_terminal = sys.stdout.isatty()
    out, err = SafeConsole(), SafeConsole(stderr=True)
    folder = Path()
    finished, failure = None, None
    problems: tuple[Problem, ...] = ()
    try:
        file, output = _found(config, output, None if quiet else err)
        folder = file.parent
        status = err.status("") if on_terminal and format_ is Format.TEXT and not quiet else None
        with status or nullcontext():
            finished = build_show(
                read_config(file),
                now=_now(),
                output=output,
                only=only or (),
                strict=strict,
                accept=accept or (),
                progress=(lambda words: status.update(words)) if status else (lambda _: None),
            )
        problems, exit_code = finished.problems, finished.exit_code
    except FeedbuilderError as error:
        problems, exit_code, failure = error.problems, error.exit_code, str(error)

    with reader_may_leave():
        if format_ is Format.JSON:
            print(reports.as_json(exit_code, problems, folder, finished, failure))
        elif format_ is Format.GITHUB:
            print_lines(out, reports.as_github(problems, folder, failure))
        elif exit_code is not ExitCode.OK or verbose or (on_terminal and not quiet):
            stream = out if exit_code is ExitCode.OK else err
            for line, style in reports.problem_lines(problems, folder, every=verbose):
                stream.print(Text(line, style=style))
            if finished:
                print_lines(stream, reports.summary(finished))
    if failure and format_ is Format.TEXT:
        print_failure(err, failure)
    raise typer.Exit(exit_code)


@app.command(
    epilog="Formats: vtt, srt, json (the podcast namespace's), json-words, html, txt. "
    "Exit codes as for build; 3 when a file gave no subtitles."
)
def transcript(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…",
            help="Episode files (Markdown, YAML), or transcripts: SRT, VTT, podcast or Whisper JSON, `Speaker: text`.",
        ),
    ],
    to: Annotated[str, typer.Option(help="Which formats, with commas.")] = "vtt,srt",
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Where to write.")] = Path(),
    profile: Annotated[Profile, typer.Option(help="Whose reading rules.")] = Profile.PODCAST,
    language: Annotated[
        str | None, typer.Option(help="Of the words, where the file does not say. Default: en.")
    ] = None,
    offset: Annotated[
        str, typer.Option(help="Seconds, or 0:04, to add to every time; negative where the audio is ahead.")
    ] = "0",
    audio: Annotated[
        Path | None, typer.Option(help="The audio of the one FILE: its length bounds the captions.")
    ] = None,
    align: Annotated[
        bool,
        typer.Option("--align", help="Listen to --audio and move the captions to its speech (feedbuilder[align])."),
    ] = False,
    force: Annotated[bool, typer.Option("--force", "-f", help="Replace files that are there already.")] = False,
) -> None:
    """Make subtitle files, and no feed: no config is needed.

    Lines need a start second only; where even that is missing, shared or wrong, the captions are timed from the rest.
    """
    from feedbuilder.cli import report as reports  # noqa: PLC0415
    from feedbuilder.publish.single_files import write_files  # noqa: PLC0415
    from feedbuilder.source.media import measure_audio  # noqa: PLC0415
    from feedbuilder.timecode import parse_offset  # noqa: PLC0415
    from feedbuilder.transcribe import transcribe  # noqa: PLC0415

    err = SafeConsole(stderr=True)
    exit_code = ExitCode.OK
    try:
        if audio is not None and len(files) > 1:
            raise UsageError("--audio is for one FILE")
        if align and audio is None:
            raise UsageError("--align listens to the file that --audio names")
        sound = measure_audio(audio, listen=align) if audio is not None else None
        offset_ms = parse_offset(offset)
        names = tuple(name.strip() for name in to.split(",") if name.strip())
        made = [
            transcribe(
                file,
                formats=names,
                profile=profile,
                language=language,
                offset_ms=offset_ms,
                duration_ms=sound.duration_ms if sound else None,
                speech=sound.speech if sound else None,
            )
            for file in files
        ]
        contents: dict[str, bytes] = {}
        for subtitles in made:
            if doubled := contents.keys() & subtitles.files.keys():
                raise UsageError(f"two files would write {min(doubled)}; give them other names, or -o for each")
            contents |= subtitles.files
        if inputs := {(output / name).resolve() for name in contents} & {file.resolve() for file in files}:
            raise UsageError(f"{min(inputs)} would replace the file it is made from; choose another folder with -o")
        problems = [fault for subtitles in made for fault in subtitles.problems]
        with reader_may_leave():
            for line, style in reports.problem_lines(problems, Path(), every=True):
                err.print(Text(line, style=style))
        written = write_files(contents, output, replace=force)
        with reader_may_leave():
            for path in written:
                print(path)
        if any(fault.severity is Severity.ERROR for fault in problems):
            exit_code = ExitCode.HELD
    except (FeedbuilderError, ValueError, OSError) as error:
        print_failure(err, str(error))
        exit_code = error.exit_code if isinstance(error, FeedbuilderError) else ExitCode.USAGE
    raise typer.Exit(exit_code)


@app.command()
def init(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the site or archive.")],
) -> None:
    """Look at an archive and write a commented config for it. Existing files are left alone."""
    from feedbuilder.cli.init import write_config  # noqa: PLC0415

    try:
        found = write_config(directory, CONFIG_NAME)
    except FeedbuilderError as error:
        print_failure(SafeConsole(stderr=True), str(error))
        raise typer.Exit(error.exit_code) from error
    with reader_may_leave():
        print_lines(SafeConsole(), found)


def _found(config: Path | None, output: Path | None, console: Console | None) -> tuple[Path, Path | None]:
    """Return the config to use and where to write: named, in this folder, or the sample show that ships with us."""
    if config is not None:
        try:
            file = config / CONFIG_NAME if config.is_dir() else config
            if not file.is_file():
                raise UsageError(f"there is no config {file}")
        except OSError as error:
            raise UsageError(f"cannot read the config {config}: {error.strerror}") from error
        return file, output
    if Path(CONFIG_NAME).is_file():
        return Path(CONFIG_NAME), output
    package = Path(__file__).parent.parent
    sample = next(path for path in (package / "seeds", package.parent / "seeds") if path.is_dir())
    if console:
        with reader_may_leave():
            console.print(f"No {CONFIG_NAME} here: building the sample show. For your own: feedbuilder init DIR")
    return sample / CONFIG_NAME, output or Path("output")


def _now() -> datetime:
    """Return the time, or SOURCE_DATE_EPOCH where a build is to be repeated exactly.

    Spec: https://reproducible-builds.org/specs/source-date-epoch/ (1.1)
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)  # noqa: TID251  (the one clock)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(f"SOURCE_DATE_EPOCH is {epoch!r}, not a number of seconds") from error


def _interrupt(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def run() -> None:
    """Run the command line; an interrupted run leaves the old output whole."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    make_streams_safe()
    app()
