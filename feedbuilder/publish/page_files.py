"""The pages of a show: those in the output folder where nothing they are made from has changed."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterator

from feedbuilder.model import Show
from feedbuilder.publish.artefacts import Artefact, Artefacts
from feedbuilder.render import OutputFile, Wanted
from feedbuilder.render.pages.addresses import episode_path
from feedbuilder.render.pages.site import Pages, Site


def page_files(show: Show, site: Site, wanted: Wanted, artefacts: Artefacts) -> Iterator[OutputFile]:
    """Yield all pages of a show, the index last."""
    pages = Pages(show, site, wanted)
    common = artefacts.code + pickle.dumps(pages.common_basis)
    for episode in show.episodes:
        path = episode_path(episode.slug)
        key = hashlib.blake2b(common + pickle.dumps(pages.basis_of(episode)), digest_size=16).hexdigest()
        name = f"page {path}"
        if artefacts.unchanged(name, key) is not None:
            yield OutputFile(path, artefacts.folder / path, episode.source)
        else:
            yield pages.episode(episode)
        artefacts.made[name] = Artefact(key, {path: (0, 0, 0)}, ())
    yield from pages.around()
