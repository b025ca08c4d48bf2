"""What is out of an episode stays out when its file breaks: its item, chapters and transcripts as they were."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from lxml import etree

from feedbuilder.errors import Place, Problem
from feedbuilder.ledger import Ledger, LedgerEntry
from feedbuilder.model import KeptEpisode, Show
from feedbuilder.problems import problem
from feedbuilder.publish.manifest import MANIFEST_NAME, Manifest, read_manifest
from feedbuilder.render.xml import strict_parser


def keep_last_good(
    show: Show, folder: Path, feed_path: str, ledger: Ledger, broken: Collection[str]
) -> tuple[Show, list[Problem]]:
    """Return the show with the items that are out of its broken files, and a note on each."""
    out = {
        episode.guid for episode in show.episodes
    }  # an episode that moved may have left its old name to a broken file
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
    for entry in entries:
        item = out.get(entry.guid)
        paths = [path for path, known in manifest.files.items() if known.source == entry.file]
        files = tuple((path, folder / path) for path in paths)
        if item is not None and entry.published and all(file.is_file() for _, file in files):
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


def _last_build(root: etree._Element) -> datetime | None:
    try:
        return parsedate_to_datetime(root.findtext("channel/lastBuildDate") or "")
    except ValueError:
        return None
