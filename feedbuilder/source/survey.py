"""Look an unknown archive over: its episodes, its people, what its site says of itself, how it names fields."""

from __future__ import annotations

import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass
from pathlib import Path

from feedbuilder.errors import UsageError
from feedbuilder.source.decoding import YamlFaultError, decode_text
from feedbuilder.source.field_names import DEFAULT_NAMES
from feedbuilder.source.front_matter import split_front_matter
from feedbuilder.source.walk import MARKDOWN, YAML
from feedbuilder.source.yaml_nodes import Mapping, Node, Sequence, read_nodes

SAMPLE = 200
"""Files read of each folder: enough to know its habits."""

_SKIPPED = frozenset({"node_modules", "vendor", "public", "_site", "output", "dist", "build", "venv"})
_EPISODE_FIELDS = frozenset(
    {"audio", "audio_file", "audio_url", "chapters", "duration", "enclosure", "episode", "episode_number", "guests",
     "mp3", "podcast", "quotableClips", "season", "transcript"}
)  # fmt: skip
_PEOPLE_FOLDERS = ("_people", "people", "_authors", "authors", "_guests", "guests", "_hosts", "hosts", "speakers")
_OTHER_NAMES: Map[str, tuple[str, ...]] = {
    "published": ("date", "pubDate", "publishDate", "published_at", "pub_date", "release_date"),
    "chapters": ("chapters", "clips", "timestamps"),
    "audio": ("enclosure", "audio_url", "audioUrl", "audio_file", "mp3", "file", "media"),
    "guests": ("guest", "speakers", "people"),
    "description": ("summary", "excerpt", "subtitle"),
    "duration": ("length", "runtime"),
    "image": ("cover", "thumbnail", "featured_image", "artwork"),
    "topics": ("tags", "categories", "keywords"),
    "episode": ("episode_number", "number"),
}
"""Names that other archives use for a field, the likeliest first."""
_OTHER_INNER_NAMES: Map[str, tuple[str, ...]] = {
    "chapters.title": ("title", "label", "text"),
    "chapters.start": ("start", "startTime", "time", "timestamp"),
    "transcript.text": ("text", "body", "content"),
    "transcript.start": ("start", "startTime", "seconds"),
    "transcript.speaker": ("speaker", "name"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Survey:
    """What was found; paths are relative to the folder looked at."""

    episodes: str
    episode_count: int
    people: str | None
    title: str | None
    url: str | None
    description: str | None
    episode_path: str | None  # of an episode's page below the site's address, with {slug}
    person_path: str | None
    fields: Map[str, str]


def survey(root: Path) -> Survey:
    """Look below `root` for the folder that holds the most episodes.

    Raises:
        UsageError: when there is none.
    """
    best: tuple[int, Path] | None = None
    people: Path | None = None
    for folder in _folders(root):
        if folder.name in _PEOPLE_FOLDERS and people is None:
            people = folder
        count = sum(bool(_EPISODE_FIELDS & header.keys()) for header in _headers(folder))
        if count and (best is None or count > best[0]):
            best = count, folder
    if best is None:
        raise UsageError(
            f"no episodes below {root}: no Markdown or YAML file has fields such as audio, episode or transcript"
        )
    count, folder = best
    site = _site_settings(root)
    return Survey(
        episodes=folder.relative_to(root).as_posix(),
        episode_count=count,
        people=people.relative_to(root).as_posix() if people else None,
        title=_text(site, "title", "name"),
        url=_text(site, "url", "baseURL", "baseurl"),
        description=_text(site, "description", "tagline"),
        episode_path=_page_path(site, folder),
        person_path=_page_path(site, people) if people else None,
        fields=_field_names(list(_headers(folder))),
    )


def _folders(root: Path) -> Iterator[Path]:
    for current, folders, _ in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED and not name.startswith("."))
        yield Path(current)


def _headers(folder: Path) -> Iterator[Mapping]:
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in MARKDOWN | YAML)
    for file in files[:SAMPLE]:
        try:
            text, _ = decode_text(file.read_bytes(), file.name)
            parts = split_front_matter(text, file.name) if file.suffix.lower() in MARKDOWN else None
            header, _ = read_nodes(
                parts.header if parts else "" if file.suffix.lower() in MARKDOWN else text, file.name
            )
        except (YamlFaultError, OSError):
            continue
        if isinstance(header, Mapping):
            yield header


def _field_names(headers: list[Mapping]) -> dict[str, str]:
    """Return the mapping for fields that go by another name in most files."""
    used = Counter(name for header in headers for name in header)
    found: dict[str, str] = {}
    for field, names in _OTHER_NAMES.items():
        default = DEFAULT_NAMES.get(field, field)
        likeliest = max(names, key=lambda name: used[name])
        if used[likeliest] > used[default] and likeliest != default:
            found[field] = likeliest
    for field, names in _OTHER_INNER_NAMES.items():
        outer, _, _ = field.partition(".")
        outer_name = found.get(outer, DEFAULT_NAMES.get(outer, outer))
        inner = Counter(name for header in headers for item in _items(header.get(outer_name)) for name in item)
        likeliest = max(names, key=lambda name: inner[name])
        if inner[likeliest] > inner[DEFAULT_NAMES[field]]:
            found[field] = likeliest
    return found


def _items(node: Node) -> Iterator[Mapping]:
    yield from (item for item in node if isinstance(item, Mapping)) if isinstance(node, Sequence) else ()


def _site_settings(root: Path) -> Map[str, object]:
    for name in ("_config.yml", "_config.yaml", "config.yaml", "hugo.yaml", "hugo.toml", "config.toml"):
        file = root / name
        try:
            if file.suffix == ".toml":
                return tomllib.loads(file.read_text(encoding="utf-8"))
            tree, _ = read_nodes(decode_text(file.read_bytes(), name)[0], name)
        except (OSError, ValueError, YamlFaultError):
            continue
        if isinstance(tree, Mapping):
            return tree
    return {}


def _page_path(settings: Map[str, object], folder: Path) -> str | None:
    """Return the permalink of a Jekyll collection, where it depends on the file's name only."""
    collection = folder.name.removeprefix("_")
    collections = settings.get("collections")
    entry = collections.get(collection) if isinstance(collections, dict) else None
    permalink = entry.get("permalink") if isinstance(entry, dict) else None
    if not isinstance(permalink, str):
        return None
    path = re.sub(r":(title|name|slug|path)\b", "{slug}", permalink.replace(":collection", collection)).lstrip("/")
    return None if ":" in path else path


def _text(settings: Map[str, object], *names: str) -> str | None:
    return next((value for name in names if isinstance(value := settings.get(name), str) and value.strip()), None)
