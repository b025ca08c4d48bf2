"""Archives of any size for the benchmarks: copies of real episodes, each an episode of its own.

The real archive is used where it is at hand; else episodes of the same size are made from the sample show's.
"""

from __future__ import annotations

import re
import shutil
import string
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml

REPOSITORY = Path(__file__).parents[1]
REAL_ARCHIVE = REPOSITORY / "../shared/archive"
SEEDS = REPOSITORY / "seeds"

FIRST = datetime(2012, 1, 1, 6, tzinfo=UTC)
STEP = timedelta(hours=6)
MADE_UP = 40  # episodes made from the sample show, before they are copied
MADE_UP_CHARACTERS = 50_000  # of talk in each, as in an hour; a line has 400 of them

_ID = re.compile(
    r"(?<=-)e[0-9a-v]{5,8}$"  # of the host
    r"|(?<=[?&]i=)[0-9]{6,}"  # Apple's
    r"|(?<=episode/)[0-9A-Za-z]{22}"  # Spotify's
    r"|(?:(?<=v=)|(?<=youtube: ))[\w-]{11}",
    re.MULTILINE,
)


def write_archive(folder: Path, size: int, *, captions: bool) -> Path:
    """Write an archive with this many episodes, its pictures, people pages and config; return the config."""
    real = REAL_ARCHIVE.is_dir()
    site = REAL_ARCHIVE.resolve() if real else SEEDS
    originals = _real_episodes(site / "_podcast") if real else dict(_made_up_episodes())
    episodes = folder / "episodes"
    episodes.mkdir(parents=True)
    for number, (slug, text) in zip(range(size), _repeated(originals), strict=False):
        (episodes / f"{slug}.md").write_text(_copy(text, slug, number), "utf-8")
    shutil.copytree(site / ("_people" if real else "people"), folder / "people")
    _write_pictures(folder, site, originals.values())
    config = folder / "feedbuilder.yaml"
    config.write_text(yaml.safe_dump(_config(captions=captions), sort_keys=False), "utf-8")
    return config


def originals_from() -> str:
    """Say what the episodes are copies of."""
    return "real episodes" if REAL_ARCHIVE.is_dir() else "episodes made up from the sample show's"


def edit_one(folder: Path, word: str) -> str:
    """Change a word of the talk and a line of the notes in one episode, and return its slug."""
    files = sorted((folder / "episodes").iterdir())
    file = files[len(files) // 2]
    text = file.read_text("utf-8")
    before, transcript, after = text.partition("\ntranscript:")
    file.write_text(f"{before}{transcript}{after.replace(' and ', f' {word} ', 1)}\nChanged: {word}.\n", "utf-8")
    return file.stem


def _real_episodes(folder: Path) -> dict[str, str]:
    """Return the episodes that a build publishes, by slug."""
    texts = {file.stem: file.read_text("utf-8") for file in sorted(folder.glob("[!_]*.md"))}
    return {slug: text for slug, text in texts.items() if re.search(r"^dateadded:", text, re.MULTILINE)}


def _made_up_episodes() -> Iterator[tuple[str, str]]:
    sample = (SEEDS / "episodes/kaggle-grandmaster-to-production-ml-and-education.md").read_text("utf-8")
    _, front, body = sample.split("---\n", 2)
    record = yaml.load(front, Loader=yaml.CSafeLoader)
    entries = [entry for entry in record["transcript"] if "line" in entry]
    for number in range(MADE_UP):
        made_up = {**record, "ids": {"anchor": f"A-Talk-{_other('e2uslu8', number)}"}}
        made_up["transcript"] = list(_talk(entries, Random(number)))
        front = yaml.dump(made_up, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)
        yield f"episode-{number}", f"---\n{front}---\n{body}"


def _talk(entries: list[dict[str, Any]], random: Random) -> Iterator[dict[str, Any]]:
    second, written = 0, 0
    while written < MADE_UP_CHARACTERS:
        length = random.randrange(20, 800)
        line = ""
        while len(line) < length:
            line += f" {random.choice(entries)['line']}"
        speaker = random.choice(entries).get("who")
        yield {"line": line.strip(), "sec": second, "time": f"{second // 60}:{second % 60:02}", "who": speaker}
        written += len(line)
        second += 1 + len(line) // 15


def _repeated(originals: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    copy = 0
    while True:
        copy += 1
        for slug, text in originals.items():
            yield f"{slug}-{copy}", text


def _copy(text: str, slug: str, number: int) -> str:
    """Return an episode with a title, numbers, ids, a date and audio that no other has."""
    head, transcript, tail = text.partition("\ntranscript:")
    for token in set(_ID.findall(head)):
        head = head.replace(token, _other(token, number))
    last_s = max(map(int, re.findall(r"^ +sec: (\d+)", tail, re.MULTILINE)), default=3600)
    audio = {
        "url": f"https://cdn.example/{slug}.mp3",
        "length": 40_000_000 + number,
        "type": "audio/mpeg",
        "duration": last_s + 30,
    }
    fields = "".join(f"\n  {name}: {value}" for name, value in audio.items())
    added = f"dateadded: {(FIRST + number * STEP).isoformat()}\naudio:{fields}"
    head = re.sub(r"^title: ([\"']?)", rf"title: \g<1>No {number}, ", head, count=1, flags=re.MULTILINE)
    head = re.sub(r"^season: .*", f"season: {number // 20 + 1}", head, count=1, flags=re.MULTILINE)
    head = re.sub(r"^episode: .*", f"episode: {number % 20 + 1}", head, count=1, flags=re.MULTILINE)
    head = re.sub(r"^dateadded: .*", added, head, count=1, flags=re.MULTILINE)
    return head + transcript + tail


def _other(token: str, number: int) -> str:
    """Return an id of the same shape."""
    random = Random(f"{token} {number}")
    kinds = (string.digits, string.ascii_lowercase[:22], string.ascii_uppercase)

    def other(character: str) -> str:
        return next((random.choice(kind) for kind in kinds if character in kind), character)

    return token[:1] + "".join(map(other, token[1:]))


def _write_pictures(folder: Path, site: Path, texts: Any) -> None:
    """Give every episode its picture; one that is not at hand is another's."""
    spare = next((site / "images").rglob("*.jpg"))
    for text in texts:
        for name in re.findall(r"^image: *(\S+)", text, re.MULTILINE):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                shutil.copyfile(site / name if (site / name).is_file() else spare, target)


def _config(*, captions: bool) -> dict[str, Any]:
    return {
        "show": {
            "title": "A Show",
            "description": "What it is about.",
            "link": "https://show.example/",
            "language": "en",
            "categories": ["Technology"],
            "hosts": ["alexeygrigorev"],
            "timezone": "Europe/Berlin",
        },
        "feed": {"url": "https://show.example/feed.xml"},
        "archive": {"episodes": "episodes", "people": "people", "episode_url": "https://show.example/{slug}.html"},
        "transcripts": ["vtt", "srt"] if captions else [],
    }
