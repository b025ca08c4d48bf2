"""Episodes whose file broke after they came out: a preview shows what is out of them, and says why it stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

from feedbuilder.errors import Problem
from feedbuilder.model import KeptEpisode, Show
from feedbuilder.preview.remarks import Remarks, item_path, page_of_remarks, put_on_page, readable_item
from feedbuilder.render import Content
from feedbuilder.render.pages.addresses import Here, episode_path

_PAGE: Final = re.compile(r"episodes/[^/]+\.html")


def page_of(kept: KeptEpisode) -> str:
    """Return where a kept episode's page stands: where it was published, or else where it would have been."""
    published = next((path for path, _ in kept.files if _PAGE.fullmatch(path)), None)
    return published or episode_path(PurePosixPath(kept.source).stem)


def with_pages(show: Show) -> Show:
    """Return the show with a page for every kept episode, so that lists have them all."""
    return replace(show, kept=tuple(_with_page(kept) for kept in show.kept))


def _with_page(kept: KeptEpisode) -> KeptEpisode:
    path = page_of(kept)
    if path in dict(kept.files):
        return kept
    return replace(kept, files=(*kept.files, (path, Path(path))))


def files_of_kept(
    show: Show, problems: Sequence[Problem], remarks: Mapping[str, Remarks]
) -> Iterator[tuple[str, Callable[[], Content]]]:
    """Yield what makes each file of the kept episodes, by its path."""
    for kept in show.kept:
        page, files = page_of(kept), dict(kept.files)
        own = [fault for fault in problems if fault.place.path == kept.source]
        for path, file in files.items():
            yield path, partial(itself, file)
        if page in files:
            yield page, partial(_page_as_it_is_out, files[page], remarks[page])
        else:
            yield page, partial(page_of_remarks, remarks[page].told, own, Here(page), remarks[page].item)
        yield item_path(PurePosixPath(page).stem), partial(readable_item, kept.item)


def itself(content: Content) -> Content:
    """Make what is made already."""
    return content


def _page_as_it_is_out(file: Path, remarks: Remarks) -> bytes:
    return put_on_page(file.read_bytes(), remarks)
