"""What is out of an episode stays out when its file breaks: its item, chapters and transcripts as they were."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

from lxml import etree

from feedbuilder.errors import Place, Problem, Severity
from feedbuilder.ledger import Ledger, LedgerEntry
from feedbuilder.model import KeptEpisode, Show
from feedbuilder.problems import problem
from feedbuilder.publish.manifest import MANIFEST_NAME, Manifest, read_manifest
from feedbuilder.render.pages.pictures import PICTURES
from feedbuilder.render.xml import strict_parser

_PICTURE: Final = re.compile(re.escape(PICTURES.encode()) + rb"[0-9a-f]+-[0-9]+x[0-9]+\.(?:jpg|png)")


def broken_files(problems: Iterable[Problem]) -> set[str]:
    """Return the files that give no episode although nobody withholds it: an emptied file has no fault of its own."""
    return {
        fault.place.path for fault in problems if fault.severity is Severity.ERROR or fault.code == "no-front-matter"
    }


def keep_last_good(
    show: Show, folder: Path, feed_path: str, ledger: Ledger, broken: Collection[str]
) -> tuple[Show, list[Problem]]:
    """Return the show with the items that are out of its broken files, and a note on each."""
    # An episode that moved may have left its old name to a broken file.
    out = {episode.guid for episode in show.episodes}
    entries = [entry for entry in ledger.entries.values() if entry.file in broken and entry.guid not in out]
    if not entries:
        return show, []
    manifest = read_manifest(folder / MANIFEST_NAME)
    try:
        root = etree.parse(folder / (manifest.feed or feed_path), strict_parser(keep_cdata=True)).getroot()
    except (OSError, etree.XMLSyntaxError):
        return show, []  # there is nothing out
    kept = _kept(root.iter("item"), entries, folder, manifest)
    if not kept:
        return show, []
    newest = max(episode.published for episode in kept)
    notes = [
        problem("kept", Place(episode.source, 1, 1), "what is out of it stays as it was: item, chapters, transcripts")
        for episode in kept
    ]
    return replace(
        show,
        kept=kept,
        published=max(filter(None, (show.published, newest))),
        updated=max(filter(None, (show.updated, newest, _last_build(root)))),
    ), notes


def _kept(
    items: Iterable[etree._Element], entries: Iterable[LedgerEntry], folder: Path, manifest: Manifest
) -> tuple[KeptEpisode, ...]:
    out = {(item.findtext("guid") or "").strip(): item for item in items}
    kept: list[KeptEpisode] = []
    taken: set[str] = set()
    for entry in entries:
        item = out.get(entry.guid)
        own = {path for path, known in manifest.files.items() if known.source == entry.file}
        paths = sorted((own | _pictures_on(own, folder, manifest)) - taken)
        files = tuple((path, folder / path) for path in paths)
        if item is not None and entry.published and all(file.is_file() for _, file in files):
            taken.update(paths)
            kept.append(
                KeptEpisode(
                    source=entry.file,
                    guid=entry.guid,
                    published=entry.published,
                    item=etree.tostring(item, encoding="utf-8", with_tail=False),
                    files=files,
                )
            )
    return tuple(kept)


def _pictures_on(paths: Iterable[str], folder: Path, manifest: Manifest) -> set[str]:
    """Return the pictures that pages show, whatever else shows them: they are named after their content."""
    shown: set[str] = set()
    for path in paths:
        if path.endswith(".html"):
            with suppress(OSError):
                shown.update(found.decode() for found in _PICTURE.findall((folder / path).read_bytes()))
    return {path for path in shown if path in manifest.files and (folder / path).is_file()}


def _last_build(root: etree._Element) -> datetime | None:
    try:
        return parsedate_to_datetime(root.findtext("channel/lastBuildDate") or "")
    except ValueError:
        return None
