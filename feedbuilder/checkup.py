"""Look at what was published as directories and apps will: the whole output folder, or anybody's feed, read from disk.

output/ ──read──▶ feed, texts, facts of pictures and media ──check──▶ findings ──ledger, archive──▶ where to mend them
Where whoever calls gives a way to ask servers, what is out is looked at too (`check.hosting`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from feedbuilder.check.catalogue import RULES
from feedbuilder.check.document import Document, read_document
from feedbuilder.check.every_rule import NEEDS_SERVERS
from feedbuilder.check.examine import Finding, examine_feed, examine_media, examine_picture, examine_text, findings
from feedbuilder.check.feed import Feed, read_feed
from feedbuilder.check.files import TEXT_ENDINGS, media_facts, picture_facts, text_findings
from feedbuilder.check.hosting.asking import Asked, Online, examine_published
from feedbuilder.check.hosting.plan import Copy
from feedbuilder.check.media import MediaFacts
from feedbuilder.check.origins import Origins
from feedbuilder.check.rules import RANK, Level, Profile, broken
from feedbuilder.check.suppression import Suppression, suppression_faults
from feedbuilder.config import Config
from feedbuilder.errors import ExitCode, UsageError
from feedbuilder.ledger import Ledger
from feedbuilder.memory import FORGETFUL, Memory
from feedbuilder.publish.manifest import MANIFEST_NAME, outgoing_feed, read_manifest
from feedbuilder.source.ledger import read_ledger

_FEEDS = frozenset({".xml", ".rss", ""})
_SIGNS_OF_FEEDS = (b"<rss", b"<?xml", b"<feed")


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
    memory: Memory = FORGETFUL,
) -> Checked:
    """Check an output folder, a feed, or one chapters or transcript file.

    `config` is the one the folder was built with, where it is at hand: then findings say where in the archive they come
    from. `now` decides which episodes are in the future. `online` asks servers for what is published as well. What a
    `memory` has of the folder's files is not worked out again.

    Raises:
        UsageError: when the target is not there, a suppression is none, or nothing says where the feed is published.
    """
    if faults := suppression_faults(ignore):
        raise UsageError(f"check.ignore has {len(faults)} fault{'s' * (len(faults) > 1)}", faults)
    try:
        if target.is_dir():
            return _judged(_Folder.read(target, config, now, memory), profile, ignore, online)
        content = target.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {error.filename or target}: {error.strerror}") from error
    if target.suffix.lower() in TEXT_ENDINGS:
        if online:
            raise UsageError(f"{target} is no feed: nothing says where it is published")
        found = findings(examine_text(target.as_posix(), content), target.name, profile)
        return Checked(folder=target.parent, archive=None, findings=_sorted(found), files=1)
    if target.suffix.lower() not in _FEEDS and not any(sign in content for sign in _SIGNS_OF_FEEDS):
        raise UsageError(
            f"{target} is no feed, and no chapters or transcript file: name an output folder, a feed, or a file that "
            f"ends in {', '.join(sorted(TEXT_ENDINGS))}"
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
    ledger: Ledger | None  # None: no config is at hand
    now: datetime
    memory: Memory
    paths: frozenset[str]
    feed_path: str | None  # None: there is none
    document: Document  # in the feed's file
    bare: Feed | None  # as its file has it, without what is known from elsewhere; None: the document is no feed

    @classmethod
    def read(cls, folder: Path, config: Config | None, now: datetime, memory: Memory) -> _Folder:
        paths = frozenset(
            file.relative_to(folder).as_posix()
            for file in folder.rglob("*")
            if file.is_file() and not any(part.startswith(".") for part in file.relative_to(folder).parts)
        )
        named = outgoing_feed(folder, config.feed.file_name if config else "feed.xml").name
        feed_path = named if named in paths else next((path for path in sorted(paths) if _has_feed(folder, path)), None)
        document = read_document((folder / feed_path).read_bytes() if feed_path else b"")
        url = config.feed.url if config else None
        return cls(
            folder=folder, config=config, ledger=read_ledger(config) if config else None, now=now, memory=memory,
            paths=paths - {MANIFEST_NAME}, feed_path=feed_path, document=document,
            bare=read_feed(document.root, url=url) if document.root is not None else None,
        )  # fmt: skip

    def findings(self, profile: Profile) -> Iterator[Finding]:
        """Yield everything wrong in the folder."""
        if self.feed_path is None:
            yield from findings(broken([RULES["X0"]], {}), ".", profile)
            return
        media = media_facts(self.folder, self.paths, self.bare, self.memory) if self.bare else {}
        feed = self._feed(self.bare, media) if self.bare else None
        yield from findings(examine_feed(self.document, feed), self.feed_path, profile)
        for path, facts in media.items():
            yield from findings(examine_media(facts), path, profile)
        pictures = picture_facts(self.folder, self.paths, feed, self.memory) if feed else {}
        for path, picture in pictures.items():
            yield from findings(examine_picture(picture), path, profile)
        yield from text_findings(lambda path: (self.folder / path).read_bytes(), self.paths, feed, profile, self.memory)

    def published(self, online: Online, profile: Profile) -> tuple[list[Finding], Asked | None]:
        """Return what is wrong with how the folder is published, and how far servers were asked."""
        if self.bare is None or self.feed_path is None:
            return [], None
        feed, content = _placed(self.bare), self.document.content
        return examine_published(online, feed, self.feed_path, profile, content, self._copy)

    def _copy(self, path: str) -> Copy | None:
        if path not in self.paths:
            return None
        with (self.folder / path).open("rb") as file:
            return Copy((self.folder / path).stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())

    def _feed(self, bare: Feed, media: Mapping[str, MediaFacts]) -> Feed | None:
        show_guid = (self.config and self.config.show.guid) or (self.ledger and self.ledger.show_guid) or None
        return read_feed(
            bare.root,
            url=bare.url,
            show_guid=show_guid,
            now=self.now,
            folder_paths=self.paths,
            measured_ms={path: facts.duration_ms for path, facts in media.items() if facts.duration_ms},
        )


def _has_feed(folder: Path, path: str) -> bool:
    return Path(path).suffix.lower() in _FEEDS and b"<rss" in (folder / path).read_bytes()[:10_000]


def _judged(folder: _Folder, profile: Profile, ignore: Sequence[Suppression], online: Online | None) -> Checked:
    found = [*folder.findings(profile)]
    of_servers, asked = folder.published(online, profile) if online else ([], None)
    config = folder.config
    if config and folder.ledger:
        entries = read_manifest(folder.folder / MANIFEST_NAME).files
        sources = {path: entry.source for path, entry in entries.items() if entry.source}
        origins = Origins(config, folder.ledger, sources, folder.memory)
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
