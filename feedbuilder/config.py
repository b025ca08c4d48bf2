"""The show's config, `feedbuilder.yaml`: every setting, its meaning and its default.

Values arrive as text with a place (`source.settings` reads the file); this module only gives them types. Paths in it
are relative to the config file's folder.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import BeforeValidator, Field, PrivateAttr, field_validator

from feedbuilder.config_show import NamedUrl, ShowSection
from feedbuilder.config_values import (
    FilePath,
    NonEmpty,
    PathList,
    Section,
    TextList,
    WebUrl,
    value_fault,
)
from feedbuilder.errors import Place, UsageError

_TAKEN_NAMES = frozenset(  # of other things in output/
    {"chapters", "transcripts", "audio", "episodes", "assets", "report", "index.html", "sitemap.xml", "feed.css",
     "manifest.json"}
)  # fmt: skip


HOST_FEED_NAME = "host-feed.xml"
"""The feed of the show's present host, as the last import kept it beside the config."""


class MissingAudio(StrEnum):
    """What happens to an episode whose audio nobody knows."""

    PUBLISH = "publish"  # without an enclosure
    HOLD = "hold"  # kept out of the feed
    FAIL = "fail"  # the build stops


class FeedSection(Section):
    """Where the feed will be found. The folder of its address is where output/ is served from."""

    url: WebUrl
    hubs: tuple[WebUrl, ...] = ()  # WebSub hubs to name

    @field_validator("url")
    @classmethod
    def _names_a_file(cls, value: str) -> str:
        parts = urlsplit(value)
        name = parts.path.rpartition("/")[2]
        if "/" not in parts.path or parts.query or parts.fragment or name in _TAKEN_NAMES:
            raise value_fault(
                f"{value!r} is not the address of a file that output/ could hold",
                "write where the feed will be found: https://example.org/feed.xml",
            )
        return value

    @property
    def folder_url(self) -> str:
        """The public address of output/, with a slash at its end."""
        return self.url.rsplit("/", 1)[0] + "/"

    @property
    def file_name(self) -> str:
        """The feed's name inside output/."""
        return unquote(self.url.rsplit("/", 1)[1]) or "feed.xml"


class ArchiveSection(Section):
    """Where the episodes are, and how their site names things."""

    episodes: PathList = ("episodes",)  # folders or single files
    people: FilePath | None = None  # folder of people pages
    site_root: FilePath = "."  # the folder that paths such as images/x.jpg start from
    site_url: WebUrl | None = None  # where that folder is public
    episode_url: str | None = None  # page of an episode; {slug}, {season} and {episode} are filled in
    person_url: str | None = None  # page of a person; {slug} is filled in


class IdentitySection(Section):
    """What an import takes over from the show's present host."""

    mode: Literal["takeover", "parallel"] = "takeover"  # its guids as well, or dates and audio for a feed beside it


class GuardSection(Section):
    """What a build may do to the feed that is out without being told to."""

    allowed_losses: Annotated[int, Field(ge=0)] = 0  # episodes that may leave it in one build


class PublishSection(Section):
    """How a build takes the place of what is out."""

    mode: Literal["in-place", "swap"] = "in-place"  # file by file, or a whole new folder at once
    keep: Annotated[int, Field(ge=2)] = 3  # generations that stay with swap, the one that is out among them


class IgnoreSection(Section):
    """A rule of `feedbuilder check` that is known to be broken, and why that is to stay."""

    rule: NonEmpty  # its code, as docs/check.md lists it
    reason: NonEmpty
    path: str | None = None  # of archive or output files, with * and ? for any; None: all


class CheckSection(Section):
    """What `feedbuilder check` is not to tell of."""

    ignore: tuple[IgnoreSection, ...] = ()


class AudioSection(Section):
    """Where audio is found for episodes that do not name it themselves."""

    table: FilePath | None = None  # CSV: slug or id, url, length, type, duration
    folder: FilePath | None = None  # local files named after the episodes' slugs
    base_url: WebUrl | None = None  # where that folder is public
    episode_url: str | None = None  # where --online looks; {slug}, {season}, {episode} and {guid} are filled in


class LayoutSection(Section):
    """Reading rules of one caption format that differ from the profile's."""

    columns: Annotated[int, Field(ge=16, le=80)] | None = None
    rows: Annotated[int, Field(ge=1, le=3)] | None = None
    max_chars_per_second: Annotated[float, Field(ge=5, le=60)] | None = None


class CaptionsSection(Section):
    """How captions are laid out."""

    profile: Literal["podcast", "netflix", "bbc"] = "podcast"
    vtt: LayoutSection = LayoutSection()
    srt: LayoutSection = LayoutSection()
    align: bool = False  # listen to local audio files and move captions to the speech; needs feedbuilder[align]
    chapters_track: bool = False  # chapters/SLUG.vtt as well, for <track kind="chapters">

    @property
    def changes(self) -> dict[str, dict[str, Any]]:
        """Return what differs from the profile, by format."""
        return {"vtt": self.vtt.model_dump(exclude_none=True), "srt": self.srt.model_dump(exclude_none=True)}


class SiteSection(Section):
    """Pages for listeners, beside the feed."""

    enabled: bool = True
    templates: FilePath | None = None  # a folder of templates, and of a style sheet, that come before our own
    links: tuple[NamedUrl, ...] = ()  # where else listeners subscribe
    style_feed: bool = False  # a style sheet that makes the feed readable in a browser


def _site(value: Any) -> Any:
    return {"enabled": value} if isinstance(value, str) else value


class Config(Section):
    """Everything in `feedbuilder.yaml`."""

    show: ShowSection
    feed: FeedSection
    archive: ArchiveSection = ArchiveSection()
    audio: AudioSection = AudioSection()
    identity: IdentitySection = IdentitySection()
    guard: GuardSection = GuardSection()
    publish: PublishSection = PublishSection()
    check: CheckSection = CheckSection()
    missing_audio: MissingAudio = MissingAudio.PUBLISH
    transcripts: TextList = ("vtt", "srt", "json")  # also json-words, html, txt
    captions: CaptionsSection = CaptionsSection()
    site: Annotated[SiteSection, BeforeValidator(_site)] = SiteSection(enabled=False)
    report: bool = False  # output/report/: what was published, held and repaired; it names what is not out yet
    fields: Mapping[str, TextList] = {}  # this program's field names → the archive's
    output: FilePath = "output"

    folder: Path = Field(default=Path(), exclude=True)  # the config file's own folder; set when it is read
    path: str = Field(default="feedbuilder.yaml", exclude=True)

    _marks: dict[str, tuple[int, int]] = PrivateAttr(default_factory=dict)  # dotted setting → line, column

    def note_places(self, marks: Mapping[str, tuple[int, int]]) -> None:
        """Keep where each setting stands in the file, for messages."""
        self._marks.update(marks)

    def place(self, *setting: str | int) -> Place:
        """Return where a setting stands, or the nearest one around it that does."""
        names = [".".join(map(str, setting[:length])) for length in range(len(setting), 0, -1)]
        mark = next((self._marks[name] for name in names if name in self._marks), (1, 1))
        return Place(self.path, *mark)

    def resolve(self, path: str) -> Path:
        """Return a path of the config as seen from its own folder."""
        return self.folder / Path(path).expanduser()

    def generations_of(self, output: Path) -> int | None:
        """Return how many generations of an output folder stay; None where the folder itself changes.

        Raises:
            UsageError: when the config lies in that folder, and would go with it.
        """
        if self.publish.mode == "in-place":
            return None
        if Path(os.path.realpath(self.folder)).is_relative_to(os.path.realpath(output)):
            place = self.place("publish", "mode")
            raise UsageError(f"{place}: publish.mode: swap needs an output folder of its own, and {output} holds this")
        return self.publish.keep
