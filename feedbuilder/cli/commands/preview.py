"""`feedbuilder preview`: the pages, the feed and the files as they would be, in a browser of this machine."""

from __future__ import annotations

import gc
from threading import Lock
from typing import Annotated

import typer

from feedbuilder.cli.console import SafeConsole, print_failure, print_lines
from feedbuilder.cli.options import ConfigOption, NowOption, find_config, moment_of
from feedbuilder.cli.streams import reader_may_leave
from feedbuilder.errors import FeedbuilderError

app = typer.Typer()
EPILOG = "It runs until Ctrl-C. Nothing is written; other machines cannot reach it."
_PORT = 8000


@app.command(epilog=EPILOG)
def preview(
    config: ConfigOption = None,
    port: Annotated[int, typer.Option(help="The port to serve on; 0 for any that is free.", min=0, max=65535)] = _PORT,
    browser: Annotated[bool, typer.Option("--open", help="Open the pages in the browser.")] = False,
    now: NowOption = None,
) -> None:
    """Show the pages with what is to be mended in them, episodes that are not out yet included.

    A change to the archive or the config shows at once.
    """
    from feedbuilder.memory import RunMemory  # noqa: PLC0415  (--help needs none of it)
    from feedbuilder.preview.edition import Edition, read_edition  # noqa: PLC0415
    from feedbuilder.preview.server import PreviewServer  # noqa: PLC0415
    from feedbuilder.preview.watching import Watcher, can_watch  # noqa: PLC0415
    from feedbuilder.source.settings import read_config  # noqa: PLC0415

    gc.enable()  # it may run for days
    out, err, one_at_a_time = SafeConsole(), SafeConsole(stderr=True), Lock()
    try:
        file, _ = find_config(config, None, is_told=True)
        moment, memory = moment_of(now), RunMemory()

        def read() -> Edition:
            return read_edition(lambda: read_config(file), moment, memory)

        server = PreviewServer(read(), port)
    except FeedbuilderError as error:
        print_failure(err, str(error))
        raise typer.Exit(error.exit_code) from error

    def say(*lines: str) -> None:
        with reader_may_leave():
            print_lines(out, lines)

    def renew() -> None:
        with one_at_a_time:
            server.replace(read())
            follow()
            say(server.edition.told)

    def follow() -> None:
        inputs = server.edition.inputs
        watcher.look_at(inputs.folders if inputs else (), [file, *(inputs.files if inputs else ())])

    watcher = Watcher(renew)
    say(f"{server.address}  (Ctrl-C ends it)", server.edition.told)
    if can_watch():
        follow()
    else:
        say("Changes show after a restart; to see them at once: pip install 'feedbuilder[preview]'")
    if browser:
        typer.launch(server.address)
    try:
        server.serve_forever()
    finally:
        watcher.end()
        server.server_close()
