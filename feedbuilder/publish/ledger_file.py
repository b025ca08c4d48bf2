"""Write `feedbuilder.lock`, so that git merges it: one line an episode, sorted by guid, each its own JSON object."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from feedbuilder.config import Config
from feedbuilder.errors import OutputError, RefusedError
from feedbuilder.ledger import Ledger, LedgerEntry
from feedbuilder.publish.disk import is_equal, mode_of, remove, rename, stage, sync_folders
from feedbuilder.source.ledger import ledger_file, read_ledger

_HEADER = "# What apps know this show's episodes by. Commit it; `feedbuilder identity` edits it.\n"


@contextmanager
def ledger_replaced(ledger: Ledger, config: Config, *, before: Ledger) -> Iterator[None]:
    """Write the new ledger beside the old one, and put it in its place when the block ends well.

    So a ledger that cannot be written stops a build before anything is published. `before` is what the new one was made
    from: when another command has changed the file since, nothing is written, for that change would be lost.

    Raises:
        OutputError: when the file system says no.
        RefusedError: when the file is not as it was read.
    """
    file = ledger_file(config)
    if read_ledger(config) != before:
        raise RefusedError(f"{file} was changed while this ran; nothing was written; run again")
    content = render_ledger(ledger)
    file = file.resolve()  # a link to it stays one
    staged = file.with_name(f".{file.name}.new")
    try:
        if is_equal(content, file) or (not ledger.entries and not file.exists()):
            yield
            return
        stage(content, staged, mode=mode_of(file))
        yield
        rename(staged, file)
        sync_folders(file.parent, [file.name])
    finally:
        with suppress(OutputError):
            remove(staged)  # of this run, or of one that was killed


def render_ledger(ledger: Ledger) -> bytes:
    """Return the ledger as a file."""
    show = [_line({"show": ledger.show_guid})] if ledger.show_guid else []
    entries = (_line(entry_fields(entry)) for _, entry in sorted(ledger.entries.items()))
    return "".join([_HEADER, *show, *entries]).encode()


def entry_fields(entry: LedgerEntry) -> dict[str, Any]:
    """Return an entry as its line has it."""
    audio = entry.audio
    fields: dict[str, Any] = {
        "guid": entry.guid,
        "permalink": entry.guid_is_permalink or None,
        "published": entry.published.isoformat().replace("+00:00", "Z") if entry.published else None,
        "file": entry.file,
        "former": list(entry.former_files),
        "ids": [f"{service}:{value}" for service, value in sorted(entry.ids)],
    }
    if audio:
        fields["audio"] = _present(
            {
                "url": audio.url,
                "type": audio.mime_type,
                "length": audio.length_bytes,
                "duration": audio.duration_ms,
                "etag": audio.etag,
                "source": audio.source,
            }
        )
    return _present(fields)


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, [])}


def _line(fields: dict[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False) + "\n"
