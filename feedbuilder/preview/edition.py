"""The show as the archive has it now, each file rendered when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial
from threading import Lock
from typing import Final

from feedbuilder.captions.profiles import choose_layouts
from feedbuilder.config import Config
from feedbuilder.errors import FeedbuilderError, Problem
from feedbuilder.memory import RunMemory
from feedbuilder.model import Episode, Show
from feedbuilder.preview.at_hand import put_at_hand
from feedbuilder.preview.copies import copies_of
from feedbuilder.preview.kept import files_of_kept, itself, page_of, with_pages
from feedbuilder.preview.remarks import REMARKS, assets, item_of, item_path, page_of_remarks, remarks_on, tell
from feedbuilder.publish.last_good import broken_files, keep_last_good
from feedbuilder.render import Content, Wanted, announced_files, feed, known_formats, render_texts
from feedbuilder.render.pages.addresses import FEED_STYLE, INDEX, Here, episode_path
from feedbuilder.render.pages.site import Pages
from feedbuilder.resolve.show import resolve_show
from feedbuilder.resolve.site import resolve_site
from feedbuilder.source.archive import read_archive
from feedbuilder.source.inputs import Inputs, inputs_of
from feedbuilder.source.ledger import read_ledger
from feedbuilder.source.page_templates import read_page_templates
from feedbuilder.source.spool import Spool

_EVER: Final = datetime(9000, 1, 1, tzinfo=UTC)  # all that is scheduled is due by then
Maker = Callable[[], Content]


class Edition:
    """The files of one state of the archive. Several requests may ask at once."""

    def __init__(
        self, makers: Mapping[str, Maker], told: str, inputs: Inputs | None = None, spool: Spool | None = None
    ) -> None:
        """Take what makes each file, by its path, one line about the whole, and what it depends on, where known.

        `spool` holds words that the makers read.
        """
        self._makers = makers
        self._made: dict[str, Content] = {}
        self._lock = Lock()
        self.told = told
        self.inputs = inputs
        self._spool = spool  # it closes its file when nobody has it any more

    def content(self, path: str) -> Content | None:
        """Return a file; None where there is none.

        A page that cannot be made says why.
        """
        with self._lock:
            if path not in self._made and path in self._makers:
                try:
                    self._made[path] = self._makers[path]()
                except FeedbuilderError as error:  # of a template
                    self._made[path] = page_of_remarks(str(error), error.problems, Here(path))
            return self._made.get(path)


def read_edition(read_config: Callable[[], Config], now: datetime, memory: RunMemory | None = None) -> Edition:
    """Read the archive as it is; where that fails, the edition is one page that says why.

    What is due later than `now` is in it, and marked. `memory` is that of the edition before.
    """
    inputs: Inputs | None = None
    memory = memory or RunMemory()
    try:
        config = read_config()
        archive, ledger = read_archive(config, memory), read_ledger(config)
        inputs = inputs_of(config, archive)
        today = resolve_show(archive, config, ledger, now, memory=memory)
        in_the_end = resolve_show(archive, config, ledger, _EVER, expired_by=now, memory=memory)
        memory.forget_unasked()
        problems = tuple(dict.fromkeys((*archive.problems, *today.problems, *in_the_end.problems)))
        folder = config.resolve(config.output)
        show, _ = keep_last_good(in_the_end.show, folder, config.feed.file_name, ledger, broken_files(problems))
        due = {one.source: one.due for one in today.upcoming}
        return Edition(_makers(config, show, problems, due), tell(show, problems, due), inputs, archive.spool)
    except FeedbuilderError as error:
        return _edition_of_failure(error, inputs)


def _edition_of_failure(error: FeedbuilderError, inputs: Inputs | None) -> Edition:
    makers: dict[str, Maker] = {path: partial(itself, file) for path, file in assets().items()}
    for path in (INDEX, REMARKS):
        makers[path] = partial(page_of_remarks, str(error), error.problems, Here(path))
    return Edition(makers, str(error), inputs)


def _makers(config: Config, show: Show, problems: Sequence[Problem], due: Mapping[str, datetime]) -> dict[str, Maker]:
    folder_url, feed_name = config.feed.folder_url, config.feed.file_name
    wanted = Wanted(
        transcripts=known_formats(config.transcripts),
        layouts=choose_layouts(config.captions.profile, config.captions.changes),
        chapters_track=config.captions.chapters_track,
    )
    remarks = remarks_on(show, problems, due, folder_url, {page_of(kept): kept.source for kept in show.kept})
    at_hand, media, pictures = put_at_hand(with_pages(show), folder_url)
    renditions, copies = copies_of(pictures)
    templates = read_page_templates(config.resolve(config.site.templates)) if config.site.templates else {}
    site = replace(resolve_site(config, templates), remarks=remarks)
    pages = Pages(at_hand, site, wanted, renditions)
    announced = {episode.slug: announced_files(episode, folder_url, wanted) for episode in show.episodes}

    @cache
    def whole_feed() -> bytes:
        return feed.render(show, announced, FEED_STYLE if site.styles_feed else None)

    makers: dict[str, Maker] = dict(files_of_kept(show, problems, remarks))
    makers |= copies
    makers |= {path: partial(itself, file) for path, file in {**media, **assets()}.items()}
    makers |= {file.path: partial(itself, file.content) for file in pages.around()}
    makers[feed_name] = whole_feed
    makers[REMARKS] = partial(page_of_remarks, remarks[INDEX].told, problems, Here(REMARKS))
    for episode, shown in zip(show.episodes, at_hand.episodes, strict=True):
        makers[episode_path(episode.slug)] = partial(_page, pages, shown)
        makers[item_path(episode.slug)] = partial(_item, whole_feed, episode.guid)
        for file in announced[episode.slug]:
            makers[file.path] = partial(_text_file, episode, show, wanted, file.path)
    return makers


def _page(pages: Pages, episode: Episode) -> Content:
    return pages.episode(episode).content


def _item(whole_feed: Callable[[], bytes], guid: str) -> Content:
    return item_of(whole_feed(), guid)


def _text_file(episode: Episode, show: Show, wanted: Wanted, path: str) -> Content:
    return next(file.content for file in render_texts(episode, show, wanted).files if file.path == path)
