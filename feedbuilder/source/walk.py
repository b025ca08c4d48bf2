"""Which files of the archive may be episodes, and which their owner hides."""

from __future__ import annotations

import codecs
import os
import os.path
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from feedbuilder.config import Config
from feedbuilder.errors import Place, Problem, UsageError
from feedbuilder.problems import problem

MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".mdwn", ".mkdown", ".mkdn", ".mkd", ".mdx"})
"""What Jekyll, Hugo, Eleventy and Astro take for Markdown."""
_HTML = frozenset({".html", ".htm"})
YAML = frozenset({".yaml", ".yml"})


def episode_files(config: Config) -> tuple[list[Path], list[Problem]]:
    """Return the files that may be episodes, each once and in a fixed order, and the folders that cannot be read."""
    files: dict[Path, None] = {}
    problems: list[Problem] = []

    def unreadable(error: OSError) -> None:
        path = shown_path(Path(error.filename), config)
        message, remedy = f"the folder cannot be read: {error.strerror}", "make it readable"
        problems.append(problem("unreadable-file", Place(path), message, remedy))

    for entry in config.archive.episodes:
        root = config.resolve(entry)
        if root.is_file():
            files[root] = None
        else:
            homes = [folder.resolve() for folder in (root, config.folder, config.resolve(config.archive.site_root))]
            for file in sorted(_below(root, unreadable)):
                fault = _why_left_alone(file, homes, config)
                if fault is None:
                    files[file] = None
                else:
                    problems.append(fault)
    files.pop(config.folder / config.path, None)
    return list(files), problems


def _below(root: Path, unreadable: object) -> Iterator[Path]:
    for current, folders, names in os.walk(root, onerror=unreadable):  # type: ignore[arg-type]
        folders[:] = [name for name in folders if not name.startswith(".")]  # version control, editors, bins
        found = (Path(current, name) for name in names)
        yield from (file for file in found if (file.is_file() or not file.exists()) and _may_be_meant(file))


def _may_be_meant(file: Path) -> bool:
    """Whether a file may have been meant as an episode; a link to nowhere is a fault."""
    ending = file.suffix.lower()
    return ending in MARKDOWN | YAML or (ending in _HTML and _has_front_matter(file))


def _has_front_matter(file: Path) -> bool:
    with suppress(OSError), file.open("rb") as stream:
        return stream.read(64).removeprefix(codecs.BOM_UTF8).splitlines()[:1] == [b"---"]
    return False


def _why_left_alone(file: Path, homes: Iterable[Path], config: Config) -> Problem | None:
    if file.suffix.lower() in _HTML:
        place, remedy = Place(shown_path(file, config), 1, 1), "if it is an episode, make it a .md file"
        return problem("other-kind", place, "HTML with front matter, which is not read", remedy)
    if file.is_symlink() and not any(file.resolve().is_relative_to(home) for home in homes):
        message, remedy = "the link leads out of the archive, and is not followed", "put the file in its place"
        return problem("unreadable-file", Place(shown_path(file, config)), message, remedy)
    return None


def folder_entries(config: Config, section: str, name: str) -> list[Path]:
    """Return what is in a folder that the config names, in a fixed order; nothing where it names none.

    Raises:
        UsageError: when the folder cannot be listed; to go on would publish a feed without all that is in it.
    """
    value = getattr(getattr(config, section), name)
    if value is None:
        return []
    try:
        entries = sorted(config.resolve(value).iterdir())
        for entry in entries[:1]:
            entry.lstat()  # some folders can be listed, and nothing in them opened
    except OSError as error:
        message = f"`{section}.{name}`: the folder {value} cannot be read: {error.strerror}"
        fault = problem("config-value", config.place(section, name), message, "make it readable")
        raise UsageError(f"the folder of {section}.{name} cannot be read", [fault]) from error
    return entries


def is_hidden(file: Path) -> bool:
    """Whether a name says that a file is not to be published, as in Jekyll and Hugo."""
    return file.name.startswith(("_", ".")) or file.parent.name == "_drafts"


def shown_path(file: Path, config: Config) -> str:
    """Return a file's path from the config's folder, which is the same on every machine that has the archive.

    Bytes of a name that are no UTF-8 are shown by their numbers, so that it can be printed and told from others.
    """
    path = Path(os.path.relpath(file, config.folder)).as_posix()
    return os.fsencode(path).decode("utf-8", "backslashreplace")
