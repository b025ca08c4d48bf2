"""Look at what was published as directories and apps will: the whole output folder, or anybody's feed, read from disk.

output/ ──read──▶ feed, texts, facts of pictures and media ──check──▶ findings ──ledger, archive──▶ where to mend them
Where whoever calls gives a way to ask servers, what is out is looked at too (`check.hosting`).
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from feedbuilder.check.captions import Captions
from feedbuilder.check.catalogue import RULES
from feedbuilder.check.document import read_document
from feedbuilder.check.every_rule import NEEDS_SERVERS
from feedbuilder.check.examine import (
    Finding,
    captions_in,
    examine_feed,
    examine_media,
    examine_pair,
    examine_picture,
    examine_text,
    findings,
)
from feedbuilder.check.feed import Feed, Item, read_feed
from feedbuilder.check.hosting.asking import Asked, Online, examine_published
from feedbuilder.check.hosting.plan import Copy
from feedbuilder.check.links import TextLink, is_text_file, media_links, text_links
from feedbuilder.check.media import MediaFacts, PictureFacts
from feedbuilder.check.origins import Origins
from feedbuilder.check.rules import RANK, Level, Profile, broken
from feedbuilder.check.suppression import Suppression, suppression_faults
from feedbuilder.config import Config
from feedbuilder.errors import ExitCode, UsageError
from feedbuilder.publish.manifest import MANIFEST_NAME, outgoing_feed, read_manifest
from feedbuilder.source.ledger import read_ledger
from feedbuilder.source.media import AudioFile, read_audio_files

_TEXTS = frozenset({".json", ".srt", ".vtt", ".html", ".txt"})
_CAPTIONS = frozenset({".srt", ".vtt"})
_FEEDS = frozenset({".xml", ".rss", ""})
_SIGNS_OF_FEEDS = (b"<rss", b"<?xml", b"<feed")
_MOST_PIXELS = 50_000_000
"""Of a picture that is decoded to know whether it is whole."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What was found, and what its owner has to say of it."""

    folder: Path  # that the paths of findings start from
    archive: Path | None  # that the paths of their origins start from; None: no archive is at hand
    findings: tuple[Finding, ...]  # the worst first, rule by rule
    ignored: tuple[tuple[Finding, Suppression], ...] = ()
    unused: tuple[Suppression, ...] = ()  # that nothing matched
    files: int = 0  # how many were looked at
    asked: Asked | None = None  # of the web; None: no server was asked

    def exit_code(self, fail_on: Level) -> ExitCode:
        """Return 3 when something is as bad as `fail_on`, or worse, else 0."""
        is_bad = any(RANK[finding.level] <= RANK[fail_on] for finding in self.findings)
        return ExitCode.HELD if is_bad else ExitCode.OK


def check(
    target: Path,
    *,
    now: datetime,
    config: Config | None = None,
    profile: Profile = Profile.ALL,
    ignore: Sequence[Suppression] = (),
    online: Online | None = None,
) -> Checked:
    """Check an output folder, a feed, or one chapters or transcript file.

    `config` is the one the folder was built with, where it is at hand: then findings say where in the archive they come
    from. `now` decides which episodes are in the future. `online` asks servers for what is published as well.

    Raises:
        UsageError: when the target is not there, a suppression is none, or nothing says where the feed is published.
    """
    if faults := suppression_faults(ignore):
        raise UsageError(f"check.ignore has {len(faults)} fault{'s' * (len(faults) > 1)}", faults)
    try:
        if target.is_dir():
            return _judged(_Folder.read(target, config, now), profile, ignore, online)
        content = target.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {error.filename or target}: {error.strerror}") from error
    if target.suffix.lower() in _TEXTS:
        if online:
            raise UsageError(f"{target} is no feed: nothing says where it is published")
        found = findings(examine_text(target.as_posix(), content), target.name, profile)
        return Checked(folder=target.parent, archive=None, findings=_sorted(found), files=1)
    if target.suffix.lower() not in _FEEDS and not any(sign in content for sign in _SIGNS_OF_FEEDS):
        raise UsageError(
            f"{target} is no feed, and no chapters or transcript file: name an output folder, a feed, or a file that "
            f"ends in {', '.join(sorted(_TEXTS))}"
        )
    return check_bytes(content, target, now=now, profile=profile, online=online)


def check_bytes(
    content: bytes,
    target: Path,
    *,
    now: datetime,
    profile: Profile = Profile.ALL,
    online: Online | None = None,
    url: str | None = None,
) -> Checked:
    """Check a feed alone: nothing is known of the files it names but what servers say. `url` is where it was found."""
    document = read_document(content)
    feed = read_feed(document.root, now=now, url=url) if document.root is not None else None
    found = [*findings(examine_feed(document, feed), target.name, profile)]
    asked = None
    if online and feed:
        of_servers, asked = examine_published(online, _placed(feed), target.name, profile)
        found += of_servers
    return Checked(folder=target.parent, archive=None, findings=_sorted(found), files=1, asked=asked)


def _placed(feed: Feed) -> Feed:
    """Return a feed that says where it is published.

    Raises:
        UsageError: when it does not.
    """
    if not feed.address:
        raise UsageError(
            "nothing says where the feed is published: write feed.url into the config, or name its address"
        )
    return feed


@dataclass(frozen=True, kw_only=True, slots=True)
class _Folder:
    """An output folder as it is on the disk."""

    folder: Path
    config: Config | None
    now: datetime
    feed_path: str | None  # None: there is none
    paths: frozenset[str]

    @classmethod
    def read(cls, folder: Path, config: Config | None, now: datetime) -> _Folder:
        paths = frozenset(
            file.relative_to(folder).as_posix()
            for file in folder.rglob("*")
            if file.is_file() and not any(part.startswith(".") for part in file.relative_to(folder).parts)
        )
        named = outgoing_feed(folder, config.feed.file_name if config else "feed.xml").name
        feed_path = named if named in paths else next((path for path in sorted(paths) if _has_feed(folder, path)), None)
        return cls(folder=folder, config=config, now=now, feed_path=feed_path, paths=paths - {MANIFEST_NAME})

    def content(self, path: str) -> bytes:
        return (self.folder / path).read_bytes()

    def findings(self, profile: Profile) -> Iterator[Finding]:
        """Yield everything wrong in the folder."""
        if self.feed_path is None:
            yield from findings(broken([RULES["X0"]], {}), ".", profile)
            return
        document = read_document(self.content(self.feed_path))
        bare = (
            read_feed(document.root, url=self.config.feed.url if self.config else None)
            if (document.root is not None)
            else None
        )
        media = dict(self._media(bare)) if bare else {}
        feed = self._feed(bare, media) if bare else None
        yield from findings(examine_feed(document, feed), self.feed_path, profile)
        for path, facts in media.items():
            yield from findings(examine_media(facts), path, profile)
        if feed:
            for path, picture in self._pictures(feed):
                yield from findings(examine_picture(picture), path, profile)
        yield from self._texts(feed, profile)

    def published(self, online: Online, profile: Profile) -> tuple[list[Finding], Asked | None]:
        """Return what is wrong with how the folder is published, and how far servers were asked."""
        content = self.content(self.feed_path) if self.feed_path else b""
        root = read_document(content).root
        feed = read_feed(root, url=self.config.feed.url if self.config else None) if root is not None else None
        if feed is None or self.feed_path is None:
            return [], None
        return examine_published(online, _placed(feed), self.feed_path, profile, content, self._copy)

    def _copy(self, path: str) -> Copy | None:
        if path not in self.paths:
            return None
        with (self.folder / path).open("rb") as file:
            return Copy((self.folder / path).stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())

    def _feed(self, bare: Feed, media: Mapping[str, MediaFacts]) -> Feed | None:
        ledger = read_ledger(self.config) if self.config else None
        return read_feed(
            bare.root,
            url=bare.url,
            show_guid=(self.config and self.config.show.guid) or (ledger and ledger.show_guid) or None,
            now=self.now,
            folder_paths=self.paths,
            measured_ms={path: facts.duration_ms for path, facts in media.items() if facts.duration_ms},
        )

    def _texts(self, feed: Feed | None, profile: Profile) -> Iterator[Finding]:
        links = {link.path: link for link in text_links(feed)} if feed else {}
        captions: dict[tuple[int, str], tuple[str, Captions, TextLink]] = {}
        for path in sorted(path for path in self.paths if Path(path).suffix.lower() in _TEXTS):
            link = links.get(path)
            if link is None and not is_text_file(path):
                continue
            content, item = self.content(path), link.item if link else None
            told = examine_text(path, content, item.duration_ms if item else None, link.role if link else "")
            yield from findings(told, path, profile, item)
            suffix = Path(path).suffix.lower()
            if link and suffix in _CAPTIONS and (found := captions_in(path, content)):
                captions[link.item.number, suffix] = path, found, link
        for (number, suffix), (path, srt, link) in captions.items():
            other = captions.get((number, ".vtt"))
            if suffix == ".srt" and other:
                yield from findings(examine_pair(srt, other[1]), path, profile, link.item)

    def _media(self, feed: Feed) -> Iterator[tuple[str, MediaFacts]]:
        for item in feed.items:
            path = feed.local_path(item.attribute("url", "enclosure")) or ""
            if path in self.paths:
                yield path, _media_facts(self.folder, path, item)

    def _pictures(self, feed: Feed) -> Iterator[tuple[str, PictureFacts]]:
        found: dict[str, tuple[str, bool, Item | None]] = {}
        for element, url, is_artwork, item in media_links(feed):
            path = feed.local_path(url) or ""
            if path in self.paths and not str(element.tag).endswith("enclosure"):
                before = found.get(path)
                found[path] = (url, is_artwork or bool(before and before[1]), before[2] if before else item)
        for path, (url, is_artwork, item) in found.items():
            yield path, _picture_facts(self.folder / path, url, is_artwork, item)


def _has_feed(folder: Path, path: str) -> bool:
    return Path(path).suffix.lower() in _FEEDS and b"<rss" in (folder / path).read_bytes()[:10_000]


def _media_facts(folder: Path, path: str, item: Item) -> MediaFacts:
    size = (folder / path).stat().st_size
    found = read_audio_files(folder, (), (), [path])[path]
    if isinstance(found, AudioFile):
        return MediaFacts(item=item, length_bytes=size, duration_ms=found.duration_ms)
    if found.code == "audio-type":
        return MediaFacts(item=item, length_bytes=size, disagrees=found.message)
    return MediaFacts(item=item, length_bytes=size, flaw=found.message)


def _picture_facts(file: Path, url: str, is_artwork: bool, item: Item | None) -> PictureFacts:
    from PIL import Image  # noqa: PLC0415  (a feed may name no picture of its own)

    size = file.stat().st_size
    try:
        with (
            warnings.catch_warnings(action="error", category=Image.DecompressionBombWarning),
            Image.open(file) as picture,
        ):
            width, height = picture.size
            mode, mime_type = picture.mode, picture.get_format_mimetype() or ""
            dpi = picture.info.get("dpi", (None,))[0]
            if width * height <= _MOST_PIXELS:
                picture.draft(mode, (64, 64))  # a small decoding of a JPEG meets a missing end as well
                picture.load()
    except Exception as error:  # decoders raise what they like on files that are not whole
        return PictureFacts(
            url=url, is_artwork=is_artwork, length_bytes=size, item=item, flaw=f"it cannot be opened: {error}"
        )
    return PictureFacts(
        url=url, is_artwork=is_artwork, length_bytes=size, width_px=width, height_px=height, mime_type=mime_type,
        color_mode=mode, dpi=float(dpi) if dpi else None, item=item,
    )  # fmt: skip


def _judged(folder: _Folder, profile: Profile, ignore: Sequence[Suppression], online: Online | None) -> Checked:
    found = [*folder.findings(profile)]
    of_servers, asked = folder.published(online, profile) if online else ([], None)
    config = folder.config
    if config:
        entries = read_manifest(folder.folder / MANIFEST_NAME).files
        sources = {path: entry.source for path, entry in entries.items() if entry.source}
        origins = Origins(config, read_ledger(config), sources)
        found = [*map(origins.located, found)]
        of_servers = [origins.located(one) if one.rule.key else one for one in of_servers]  # the rest is the server's
    kept: list[Finding] = []
    ignored: list[tuple[Finding, Suppression]] = []
    for finding in _sorted([*found, *of_servers]):
        reason = next((one for one in ignore if one.matches(finding.rule.code, finding.paths)), None)
        if reason:
            ignored.append((finding, reason))
        else:
            kept.append(finding)
    used = {id(reason) for _, reason in ignored}
    untold = frozenset() if asked and asked.is_everything else NEEDS_SERVERS.keys()
    return Checked(
        folder=folder.folder,
        archive=config.folder if config else None,
        findings=tuple(kept),
        ignored=tuple(ignored),
        unused=tuple(one for one in ignore if id(one) not in used and one.rule not in untold),
        files=len(folder.paths),
        asked=asked,
    )


def _sorted(found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(found, key=lambda one: (RANK[one.level], one.rule.code, one.path, one.line or 0)))
