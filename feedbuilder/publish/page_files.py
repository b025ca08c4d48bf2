"""The pages of a show: those in the output folder where nothing they are made from has changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from feedbuilder.memory import fingerprint
from feedbuilder.model import Show
from feedbuilder.publish.artefacts import Artefact, Artefacts, without_words
from feedbuilder.publish.manifest import MANIFEST_NAME, read_manifest
from feedbuilder.publish.renditions import rendition_files
from feedbuilder.render import OutputFile, Wanted
from feedbuilder.render.pages.addresses import episode_path
from feedbuilder.render.pages.pictures import Rendition
from feedbuilder.render.pages.site import NOT_FOUND, Pages, Site


def page_files(show: Show, site: Site, wanted: Wanted, artefacts: Artefacts) -> Iterator[OutputFile]:
    """Yield all pages of a show after the pictures on them, the index last."""
    renditions: dict[Path, tuple[Rendition, ...]] = {}
    yield from rendition_files(show, artefacts, renditions)
    pages = Pages(show, site, wanted, renditions)
    common = fingerprint((artefacts.code, pages.common_basis))
    for episode in show.episodes:
        path = episode_path(episode.slug)
        silent, words = without_words(episode)
        key = fingerprint((common, pages.basis_of(silent), words)).hex()
        name = f"page {path}"
        if artefacts.unchanged(name, key) is not None:
            yield OutputFile(path, artefacts.folder / path, episode.source)
        else:
            yield pages.episode(episode)
        artefacts.made[name] = Artefact(key, {path: (0, 0, 0)}, ())
    for file in pages.around():
        if file.path != NOT_FOUND or not _is_anothers(artefacts.folder, NOT_FOUND):
            yield file


def _is_anothers(folder: Path, path: str) -> bool:
    """Whether a file is there that no build of ours wrote: a site's own page for what is not found stays."""
    return (folder / path).exists() and path not in read_manifest(folder / MANIFEST_NAME).files
