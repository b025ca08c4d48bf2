"""Small archives written for one test, the real one when it is at hand, and runs of the program on either."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from feedbuilder import Report, read_config
from feedbuilder.build import build

REPOSITORY = Path(__file__).parents[1]
SEEDS = REPOSITORY / "seeds"
REAL_ARCHIVE = REPOSITORY / "../shared/archive"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""When tests take place, wherever an episode could be due or not."""

SHOW: Mapping[str, Any] = {
    "title": "A Show",
    "description": "What it is about.",
    "link": "https://show.example/",
    "language": "en",
    "categories": ["Technology"],
}


def config_text(**sections: Any) -> str:
    """Return a config; `show` holds what differs from SHOW, other sections stand as given."""
    show = {**SHOW, **sections.pop("show", {})}
    return quoted_yaml({"show": show, "feed": {"url": "https://show.example/feed.xml"}, **sections})


def episode_text(body: str = "", /, **fields: Any) -> str:
    """Return an episode file; without other words it is titled, dated and identified."""
    fields = {"title": "An episode", "dateadded": "2026-01-31", "guid": "one", **fields}
    header = _yaml({name: value for name, value in fields.items() if value is not None})
    return f"---\n{header}---\n{body}"


def write_archive(
    folder: Path,
    episodes: Mapping[str, str | bytes],
    config: str | bytes | None = None,
    others: Mapping[str, str | bytes] = MappingProxyType({}),
) -> Path:
    """Write files of `episodes/` by name, `others` by their path beside the config, and the config; return its path."""
    for path, content in {**{f"episodes/{name}": text for name, text in episodes.items()}, **others}.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    file = folder / "feedbuilder.yaml"
    content = config_text() if config is None else config
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def write_real_config(folder: Path) -> Path:
    """Write a config for the real archive, which itself is only read."""
    folder.mkdir(parents=True, exist_ok=True)
    root = REAL_ARCHIVE.resolve()
    file = folder / "feedbuilder.yaml"
    file.write_text(
        config_text(
            show={
                "title": "DataTalks.Club Podcast",
                "link": "https://datatalks.club/podcast.html",
                "categories": ["Technology", "Education > Courses"],
                "author": "DataTalks.Club",
                "image": "images/cover.jpg",
                "hosts": ["alexeygrigorev"],
                "timezone": "Europe/Berlin",
            },
            feed={"url": "https://datatalks.club/podcast/feed.xml"},
            archive={
                "episodes": str(root / "_podcast"),
                "people": str(root / "_people"),
                "site_root": str(root),
                "site_url": "https://datatalks.club/",
                "episode_url": "https://datatalks.club/podcast/{slug}.html",
                "person_url": "https://datatalks.club/people/{slug}.html",
            },
        ),
        "utf-8",
    )
    return file


def built(config: Path, output: Path, **options: Any) -> Report:
    """Build in this process."""
    return build(read_config(config), now=NOW, output=output, **options)


def feedbuilder(
    *arguments: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the program as a shell or cron does, without a terminal."""
    return subprocess.run(  # the caller looks at the exit code
        [sys.executable, "-m", "feedbuilder", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(int(NOW.timestamp())), **(env or {})},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def tree(folder: Path) -> dict[str, bytes]:
    """Return every published file below a folder by its path; the lock is no part of what is published."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != ".feedbuilder.lock"
    }


def quoted_yaml(value: object) -> str:
    """Return YAML in which every scalar is quoted, so that any text whatever is what was meant."""
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=120, default_style='"')


def _yaml(value: object) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=120)
