"""Know within milliseconds that a build has nothing to do: nothing it read or wrote has changed since the last one.

A build that ended well leaves a stamp, `.feedbuilder/CONFIG.stamp` beside the config: what it looked at, each file with
its size, times and inode, and what it had to say. While all of that is the same, the next run would do the same, and
need not. This module is loaded before any other, and so imports next to nothing.

A file that changed while the build ran, or in the same tick of the clock as its beginning, is in doubt, and then there
is no stamp: so does git (https://git-scm.com/docs/racy-git).
"""

from __future__ import annotations

import os
import stat
import sys
import time

FOLDER = b".feedbuilder"
_FORMAT = b"feedbuilder stamp 4"
_END = b"/"  # of a folder's files, and so no name
_CONFIG_NAME = b"feedbuilder.yaml"
_BY_FOLDER = os.stat in os.supports_dir_fd  # then a file is looked up in its folder, and not from the root again
_WITH_VALUE = {"-c": "config", "--config": "config", "-o": "output", "--output": "output"}


def nothing_to_do(arguments: list[str]) -> int | None:
    """Return the exit code of the last build when this run would come to the same, having said the same; else None."""
    asked = plain_build(arguments)
    if asked is None:
        return None
    config, output, is_quiet = asked
    if not is_quiet and sys.stdout is not None and sys.stdout.isatty():
        return None  # somebody looks on, and wants to see it done
    try:
        if not stat.S_ISREG(os.lstat(stamp_file(config)).st_mode):
            return None  # a pipe could be waited for in vain
        with open(stamp_file(config), "rb") as stream:
            parts = stream.read().split(b"\0\0", 7)
        form, asked_before, due, code, folders, files, told, listed = parts
        if form != _FORMAT or asked_before != asked_for(config, output):
            return None
        if due and float(due) <= _now():
            return None
        if listed != listing(_split(folders), _split(files)):
            return None
        sys.stderr.write(told.decode("utf-8", "surrogateescape"))
        return int(code)
    except (OSError, ValueError):
        return None


def stamp_file(config: bytes) -> bytes:
    """Return where the stamp of a config is, whether or not it exists."""
    folder, name = os.path.split(config)
    return os.path.join(folder, FOLDER, name + b".stamp")


def asked_for(config: bytes, output: bytes | None) -> bytes:
    """Return what tells runs apart: a copy of an archive has its stamp as well, and `--output` is another folder.

    So is a second installation another program, whose files the stamp does not know.
    """
    program = absolute(os.path.dirname(__file__)) + b"\0" + config
    return program if output is None else program + b"\0" + output


def stamp(*, asked: bytes, due: float | None, code: int, folders: list[bytes], files: list[bytes], told: str) -> bytes:
    """Return a stamp for what is on the disk now; `due` is when the next episode comes or goes, in seconds."""
    parts = [
        _FORMAT,
        asked,
        b"" if due is None else repr(due).encode(),
        b"%d" % code,
        b"\0".join(folders),
        b"\0".join(files),
        told.encode("utf-8", "surrogateescape"),
        listing(folders, files),
    ]
    return b"\0\0".join(parts)


def absolute(path: str | os.PathLike[str]) -> bytes:
    """Return a path as stamps have it."""
    return os.path.abspath(os.fsencode(path))


def listing(folders: list[bytes], files: list[bytes], *, is_dated: bool = False) -> bytes:
    """Return what identifies the state of files: those named, and all below folders but hidden folders and our own."""
    lines: list[bytes] = []
    for folder in folders:
        _list_folder(folder, lines, is_dated=is_dated)
    for file in files:
        try:
            lines.append(_line(file, os.stat(file)))
        except OSError:
            lines.append(file + b" -")
    return b"\0".join(lines)


def newest_change_ns(listed: bytes) -> int:
    """Return when the last of the listed files changed, by the clock of their file system."""
    lines = (line for line in listed.split(b"\0") if line and line != _END and not line.endswith(b" -"))
    changes = (line.rsplit(b" ", 2)[-2] for line in lines)
    return max((int(change, 16) for change in changes), default=0)


def _list_folder(folder: bytes, lines: list[bytes], *, is_dated: bool = False) -> None:
    try:
        names = sorted(os.listdir(folder))
        opened = os.open(folder, os.O_RDONLY) if _BY_FOLDER else None
    except OSError:
        lines.append(folder + b" -")
        return
    try:
        lines.append(_line(folder + b"/", os.stat(folder)) if is_dated else folder + b"/ -")
        for name in names:
            if name.startswith(FOLDER):
                continue
            try:
                known = os.stat(name if _BY_FOLDER else os.path.join(folder, name), dir_fd=opened)
            except OSError:  # a link to nowhere
                lines.append(name + b" -")
                continue
            if not stat.S_ISDIR(known.st_mode):
                lines.append(_line(name, known))
            elif not name.startswith(b".") and name != b"__pycache__":
                path = os.path.join(folder, name)
                if not os.path.islink(path):
                    _list_folder(path, lines, is_dated=is_dated)
        lines.append(_END)
    finally:
        if opened is not None:
            os.close(opened)


def _line(name: bytes, known: os.stat_result) -> bytes:  # in base 16, which is the cheapest to write
    if stat.S_ISDIR(known.st_mode):  # its own time changes when something in it does
        return b"%b dir %x %x" % (name, known.st_mtime_ns, known.st_ino)
    return b"%b %x %x %x %x" % (name, known.st_size, known.st_mtime_ns, known.st_ctime_ns, known.st_ino)


def plain_build(arguments: list[str]) -> tuple[bytes, bytes | None, bool] | None:
    """Return config and output of a plain `build`, as absolute paths, and whether it is to be quiet.

    None for a run that was asked for more: what that would say or do is not known from the last one.
    """
    if arguments[:1] != ["build"]:
        return None
    values: dict[str, str] = {}
    is_quiet = False
    rest = iter(arguments[1:])
    for argument in rest:
        name, equals, value = argument.partition("=")
        if argument in ("-q", "--quiet"):
            is_quiet = True
        elif argument in _WITH_VALUE:
            values[_WITH_VALUE[argument]] = next(rest, "")
        elif equals and name.startswith("--") and name in _WITH_VALUE:
            values[_WITH_VALUE[name]] = value
        else:
            return None
    config = absolute(values.get("config", "."))
    if os.path.isdir(config):
        config = os.path.join(config, _CONFIG_NAME)
    output = absolute(values["output"]) if "output" in values else None
    return config, output, is_quiet


def _now() -> float:
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return float(epoch) if epoch else time.time()  # noqa: TID251  (what is due is decided by the clock)


def _split(joined: bytes) -> list[bytes]:
    return joined.split(b"\0") if joined else []
