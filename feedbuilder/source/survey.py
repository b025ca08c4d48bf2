"""Look an unknown archive over: its episodes, its people, what its site says of itself, how it names fields."""

from __future__ import annotations

import os
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass
from pathlib import Path

from feedbuilder.errors import UsageError
from feedbuilder.source.decoding import YamlFaultError, decode_text
from feedbuilder.source.field_names import DEFAULT_NAMES
from feedbuilder.source.front_matter import split_front_matter
from feedbuilder.source.walk import MARKDOWN, YAML, is_hidden
from feedbuilder.source.yaml_nodes import Mapping, Node, Sequence, read_nodes
from feedbuilder.vocabulary.languages import is_feed_language

SAMPLE = 200
"""Files read of each folder: enough to know its habits."""

_INDEX = re.compile(r"index(\.\w+)?")
_HOSTS = re.compile(r"youtu\.?be|open\.spotify\.com/episode/|podcasts\.apple\.com")
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
    episode_count: int  # at least: of a large folder, the first files are read
    identified_count: int  # of them: those that have a guid, or an id of a host
    people: str | None
    title: str | None
    url: str | None
    description: str | None
    language: str | None
    timezone: str | None
    author: str | None
    email: str | None
    episode_path: str | None  # of an episode's page below the site's address, with {slug}
    person_path: str | None
    fields: Map[str, str]


def survey(root: Path) -> Survey:
    """Look below `root` for the folder that holds the most episodes.

    Raises:
        UsageError: when there is none.
    """
    found: dict[Path, list[Mapping]] = defaultdict(list)
    people: Path | None = None
    for folder in _folders(root):
        headers = list(_headers(folder))
        if headers and folder.name in _PEOPLE_FOLDERS and people is None:
            people = folder
        for file, header in headers:
            is_bundle = (
                _INDEX.fullmatch(file.stem) and folder != root
            )  # an episode and its files in a folder of its own
            found[folder.parent if is_bundle else folder].append(header)
    counts = {folder: sum(map(_is_episode, headers)) for folder, headers in found.items()}
    folder, count = max(counts.items(), key=lambda entry: entry[1], default=(root, 0))
    if not count:
        raise UsageError(
            f"no episodes below {root}: no Markdown or YAML file has fields such as audio, episode or transcript"
        )
    site = _site_settings(root)
    author, email = _author(site)
    return Survey(
        episodes=folder.relative_to(root).as_posix(),
        episode_count=count,
        identified_count=sum(_is_identified(header) for header in found[folder] if _is_episode(header)),
        people=people.relative_to(root).as_posix() if people else None,
        title=_text(site, "title", "name"),
        url=_address(site),
        description=_text(site, "description", "tagline"),
        language=_language(site),
        timezone=_text(site, "timezone", "timeZone"),
        author=author,
        email=email,
        episode_path=_page_path(site, folder),
        person_path=_page_path(site, people) if people else None,
        fields=_field_names(found[folder]),
    )


def _is_episode(header: Mapping) -> bool:
    return bool(_EPISODE_FIELDS & header.keys())


def _is_identified(header: Mapping) -> bool:
    return bool(header.get("guid") or header.get("ids") or _HOSTS.search(str(header.get("links"))))


def _folders(root: Path) -> Iterator[Path]:
    for current, folders, _ in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED and not name.startswith("."))
        yield Path(current)


def _headers(folder: Path) -> Iterator[tuple[Path, Mapping]]:
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in MARKDOWN | YAML and not is_hidden(path))
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
            yield file, header


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


def _address(settings: Map[str, object]) -> str | None:
    """Return where the site is public; Jekyll keeps the path below its host in a setting of its own."""
    url, below = _text(settings, "url", "baseURL"), _text(settings, "baseurl")
    if url is None or below is None or "://" in below:
        return url or below
    return f"{url.rstrip('/')}/{below.strip('/')}"


def _language(settings: Map[str, object]) -> str | None:
    found = (_text(settings, "lang", "languageCode", "language", "defaultContentLanguage") or "").replace("_", "-")
    return found if found and is_feed_language(found) else None


def _author(settings: Map[str, object]) -> tuple[str | None, str | None]:
    """Return who makes the site, as text or as a mapping, and where mail reaches them."""
    params = settings.get("params")
    places = [settings, params if isinstance(params, dict) else {}]
    for place in places:
        author = place.get("author")
        if isinstance(author, dict):
            return _text(author, "name"), _text(author, "email") or _text(place, "email")
        if name := _text(place, "author"):
            return name, _text(place, "email")
    return None, _text(settings, "email")


def _text(settings: Map[str, object], *names: str) -> str | None:
    return next((value for name in names if isinstance(value := settings.get(name), str) and value.strip()), None)
