"""`feedbuilder transcript`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from feedbuilder.cli.console import SafeConsole, print_failure
from feedbuilder.cli.streams import reader_may_leave
from feedbuilder.errors import ExitCode, FeedbuilderError, Severity, UsageError

app = typer.Typer()
EPILOG = (
    "Formats: vtt, srt, json (the podcast namespace's), json-words, html, txt. "
    "Exit codes as for build; 3 when a file gave no subtitles."
)


class Profile(StrEnum):
    """Whose reading rules captions keep."""

    PODCAST = "podcast"
    NETFLIX = "netflix"
    BBC = "bbc"


@app.command(epilog=EPILOG)
def transcript(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…",
            help="Episode files (Markdown, YAML), or transcripts: SRT, VTT, TTML, podcast or Whisper JSON, Whisper's "
            "table, `Speaker: text`.",
        ),
    ],
    to: Annotated[str, typer.Option(metavar="FORMATS", help="Which formats, with commas.")] = "vtt,srt",
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Where to write.")] = Path(),
    profile: Annotated[Profile, typer.Option(help="Whose reading rules.")] = Profile.PODCAST,
    language: Annotated[
        str | None, typer.Option(metavar="CODE", help="Of the words, where the file does not say. Default: en.")
    ] = None,
    offset: Annotated[
        str,
        typer.Option(
            metavar="SECONDS", help="Seconds, or 0:04, to add to every time; negative where the audio is ahead."
        ),
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
