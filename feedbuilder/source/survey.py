"""Look an unknown archive over: its episodes, its people, what its site says of itself, how it names fields."""

from __future__ import annotations

import os
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from collections.abc import Mapping as Map
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path

from feedbuilder.errors import Problem, Severity, UsageError
from feedbuilder.source.decoding import YamlFaultError, decode_text
from feedbuilder.source.field_names import DEFAULT_NAMES
from feedbuilder.source.front_matter import split_front_matter
from feedbuilder.source.walk import MARKDOWN, YAML, is_hidden
from feedbuilder.source.yaml_nodes import Mapping, Node, Sequence, read_nodes
from feedbuilder.vocabulary.languages import is_feed_language

SAMPLE = 200
"""Files read of each folder: enough to know its habits."""

FAULTS_SHOWN = 3
"""Files that cannot be read, and are named: `feedbuilder build` names all."""

_INDEX = re.compile(r"index(\.\w+)?")
_HOSTS = re.compile(r"youtu\.?be|open\.spotify\.com/episode/|podcasts\.apple\.com")
_SKIPPED = frozenset({"node_modules", "vendor", "public", "_site", "output", "dist", "build", "venv"})
_EPISODE_FIELDS = frozenset(
    {"audio", "audioFile", "audioUrl", "audio_file", "audio_url", "chapters", "duration", "enclosure", "episode",
     "episodeNumber", "episodeType", "episode_number", "episode_type", "guests", "mp3", "podcast", "quotableClips",
     "season", "transcript"}
)  # fmt: skip
_EPISODE_FOLDERS = frozenset({"episode", "episodes", "podcast", "podcasts"})
"""Where a file with no more than a title is an episode, if no other folder has any."""

_PEOPLE_FOLDERS = ("_people", "people", "_authors", "authors", "_guests", "guests", "_hosts", "hosts", "speakers")
_OTHER_NAMES: Map[str, tuple[str, ...]] = {
    "chapters": ("chapters", "clips", "timestamps"),
    "audio": ("enclosure", "audio_url", "audioUrl", "audio_file", "audioFile", "mp3", "file", "media"),
    "guests": ("guest", "speakers", "people"),
    "description": ("summary", "excerpt", "subtitle"),
    "duration": ("length", "runtime"),
    "image": ("cover", "thumbnail", "featured_image", "artwork"),
    "topics": ("tags", "categories", "keywords"),
    "season": ("season_number", "seasonNumber"),
    "episode": ("episode_number", "episodeNumber", "number"),
    "type": ("episode_type", "episodeType"),
}
"""Names that other archives use for a field, the likeliest first."""
_PUBLISHED_NAMES = (
    "publishDate", "publishdate", "published_at", "pubDate", "pubdate", "pub_date", "release_date", "date",
)  # fmt: skip
"""Names of the date, what Hugo goes by first: `publishDate` says when, and only where it is missing `date` does."""

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
    others_count: int  # of the other files there that can be read
    identified_count: int  # of the episodes: those that have a guid, or an id of a host
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
    fields: Map[str, tuple[str, ...]]  # feedbuilder's name: the archive's, the first that a file has
    faults: tuple[Problem, ...]  # one for each file in the episodes' folder that cannot be read


@dataclass(slots=True)
class _Folder:
    """What is in one folder, or in folders of its own below it, one an episode."""

    headers: list[Mapping] = field(default_factory=list)
    faults: list[Problem] = field(default_factory=list)


def survey(root: Path, titles: AbstractSet[str] = frozenset()) -> Survey:
    """Look below `root` for the folder that holds the most episodes; `titles` are those of episodes that are out.

    Raises:
        UsageError: when there is none.
    """
    found: dict[Path, _Folder] = defaultdict(_Folder)
    people: Path | None = None
    for folder in _folders(root):
        for file, header in _headers(folder):
            is_bundle = _INDEX.fullmatch(file.stem) and folder != root
            home = found[folder.parent if is_bundle else folder]
            if isinstance(header, Problem):
                home.faults.append(header)
                continue
            home.headers.append(header)
            if folder.name in _PEOPLE_FOLDERS and people is None:
                people = folder
    episodes = _episodes(found, {_plain(title) for title in titles if title})
    folder = max(episodes, key=lambda folder: len(episodes[folder]), default=root)
    if not episodes.get(folder):
        raise _no_episodes(root, [fault for inside in found.values() for fault in inside.faults], titles)
    headers = found[folder].headers
    site = _site_settings(root)
    author, email = _author(site)
    return Survey(
        episodes=folder.relative_to(root).as_posix(),
        episode_count=len(episodes[folder]),
        others_count=len(headers) - len(episodes[folder]),
        identified_count=sum(map(_is_identified, episodes[folder])),
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
        fields=_field_names(headers),
        faults=tuple(found[folder].faults),
    )


def _episodes(found: Map[Path, _Folder], titles: AbstractSet[str]) -> dict[Path, list[Mapping]]:
    """Return the episodes of each folder: told by their fields or by their title, else by the folder's name."""
    likely = {
        folder: [
            one for one in inside.headers if _EPISODE_FIELDS & one.keys() or _plain(one.get("title") or "") in titles
        ]
        for folder, inside in found.items()
    }
    if any(likely.values()):
        return likely
    return {
        folder: [one for one in inside.headers if one.get("title")]
        for folder, inside in found.items()
        if folder.name.lstrip("_").lower() in _EPISODE_FOLDERS
    }


def _plain(title: object) -> str:
    return " ".join(str(title).casefold().split())


def _no_episodes(root: Path, faults: list[Problem], titles: AbstractSet[str]) -> UsageError:
    """Return why no episode was found, with the first files that could not be read."""
    toml = sum(fault.code == "toml-front-matter" for fault in faults)
    if toml > len(faults) - toml:
        return UsageError(
            f"no episodes below {root}: {toml} {'file has' if toml == 1 else 'files have'} TOML front matter (+++), "
            "which Hugo reads and feedbuilder does not. Hugo itself writes it as YAML, in a copy of the files: "
            "hugo convert toYAML --output COPY; or in their place, once all is committed: hugo convert toYAML --unsafe"
        )
    message = f"no episodes below {root}: no Markdown or YAML file has fields such as audio, episode or transcript"
    message += ", or a title of the feed's" if titles else ""
    if faults:
        return UsageError(f"{message}; {len(faults)} cannot be read", faults[:FAULTS_SHOWN])
    hint = "" if titles else ". If the show is at a host, add --feed FEED: then episodes are told by their titles there"
    return UsageError(message + hint)


def _is_identified(header: Mapping) -> bool:
    return bool(header.get("guid") or header.get("ids") or _HOSTS.search(str(header.get("links"))))


def _folders(root: Path) -> Iterator[Path]:
    for current, folders, _ in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED and not name.startswith("."))
        yield Path(current)


def _headers(folder: Path) -> Iterator[tuple[Path, Mapping | Problem]]:
    """Yield what the front matter of each file says, or why it cannot be read."""
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in MARKDOWN | YAML and not is_hidden(path))
    for file in files[:SAMPLE]:
        try:
            header, faults = _header(file)
        except YamlFaultError as error:
            yield file, error.fault
        except OSError:
            continue
        else:
            if errors := [fault for fault in faults if fault.severity is Severity.ERROR]:
                yield file, errors[0]
            elif isinstance(header, Mapping):
                yield file, header


def _header(file: Path) -> tuple[Node, list[Problem]]:
    text, _ = decode_text(file.read_bytes(), str(file))
    if file.suffix.lower() in YAML:
        return read_nodes(text, str(file))
    parts = split_front_matter(text, str(file))
    return read_nodes(parts.header, str(file), first_line=parts.header_line) if parts else (None, [])


def _field_names(headers: list[Mapping]) -> dict[str, tuple[str, ...]]:
    """Return the mapping for fields that go by another name in most files."""
    used = Counter(name for header in headers for name in header)
    used["length"] = sum(":" in str(header.get("length")) for header in headers)  # else it is one in bytes
    found: dict[str, tuple[str, ...]] = {}
    dates = tuple(name for name in _PUBLISHED_NAMES if used[name])
    if max((used[name] for name in dates), default=0) > used[DEFAULT_NAMES["published"]]:
        found["published"] = dates
    for name, names in _OTHER_NAMES.items():
        default = DEFAULT_NAMES.get(name, name)
        likeliest = max(names, key=lambda other: used[other])
        if used[likeliest] > used[default] and likeliest != default:
            found[name] = (likeliest,)
    for name, names in _OTHER_INNER_NAMES.items():
        outer, _, _ = name.partition(".")
        (outer_name,) = found.get(outer, (DEFAULT_NAMES.get(outer, outer),))
        inner = Counter(key for header in headers for item in _items(header.get(outer_name)) for key in item)
        likeliest = max(names, key=lambda other: inner[other])
        if inner[likeliest] > inner[DEFAULT_NAMES[name]]:
            found[name] = (likeliest,)
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
