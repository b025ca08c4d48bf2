"""Text that makes a machine build a show again and again: systemd units, a crontab line, a GitHub workflow.

The texts are the files in templates/; this module fills in their @NAMES@, each value quoted as its format wants it.

Spec: systemd.service(5), systemd.syntax(7), systemd.time(7), crontab(5),
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Final

from feedbuilder.errors import UsageError

_DAY_MIN: Final = 24 * 60
_AFTER_DUE_MIN: Final = 3
"""How long after a full period a run begins: when everything that is due then is due."""

_NEEDS_NETWORK: Final = ("--online", "--healthcheck", "--previous", "--on-change")
_FORBIDDEN: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})  # line ends above all, which no format can hold in a value
_NO_PROGRAM: Final = re.compile(r"""["'\\$]""")
_SAFE_IN_SHELL: Final = re.compile(r"[A-Za-z0-9_@+=:,./-]+")


class Every(StrEnum):
    """How often a show is built; each divides the hour, the day or the week."""

    MIN_5, MIN_10, MIN_15, MIN_20, MIN_30 = "5m", "10m", "15m", "20m", "30m"
    HOUR_1, HOUR_2, HOUR_3, HOUR_4, HOUR_6, HOUR_8, HOUR_12 = "1h", "2h", "3h", "4h", "6h", "8h", "12h"
    DAY, WEEK = "1d", "1w"


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """What is to be done, and how often."""

    title: str  # of the show
    program: tuple[str, ...]  # that starts feedbuilder: one absolute path, or Python's and its arguments
    config: Path  # absolute
    output: Path  # absolute
    is_output_named: bool  # on the command line, and not by the config
    has_generations: bool = False  # of the output folder, beside it
    options: tuple[str, ...]  # of `feedbuilder build`, beyond --config
    user: str  # who owns the archive
    every: Every
    publish_time: time  # of episodes without a time of day, in the show's zone
    zone: str

    @property
    def name(self) -> str:
        """What units are called: several shows have several on one machine."""
        words = re.findall(
            r"[a-z0-9]+", unicodedata.normalize("NFKD", self.title).encode("ascii", "ignore").decode().lower()
        )
        return "-".join(["feedbuilder", *words])[:80].rstrip("-")

    @property
    def command(self) -> tuple[str, ...]:
        """The command line of one run."""
        output = ("--output", str(self.output)) if self.is_output_named else ()
        return (*self.program, "build", "--config", str(self.config), *output, *self.options)


def systemd_service(job: Job) -> str:
    """Return a service that builds the show once, and may write nowhere else."""
    folder = job.config.parent
    written = job.output.parent if job.has_generations else job.output
    writable = [folder] if written.is_relative_to(folder) else [folder, written]
    in_tmp = any(path.is_relative_to(tmp) for path in [*writable, job.config] for tmp in ("/tmp", "/var/tmp"))
    has_network = any(option.partition("=")[0] in _NEEDS_NETWORK for option in job.options)
    return _filled(
        "systemd.service",
        NAME=job.name,
        TITLE=_systemd_text(job.title),
        USER=_systemd_text(job.user),
        COMMAND=_systemd_command(job.command),
        WRITABLE=" ".join(_systemd_word(str(path)) for path in writable),
        MAKE_OUTPUT=" ".join(map(_shell_word, ["install", "-d", "-o", job.user, str(job.output)])),
        PRIVATE_TMP="no" if in_tmp else "yes",
        PRIVATE_NETWORK="no" if has_network else "yes",
    )


def systemd_timer(job: Job) -> str:
    """Return the timer of that service."""
    return _filled("systemd.timer", NAME=job.name, TITLE=_systemd_text(job.title), CALENDAR=calendar(job))


def crontab(job: Job) -> str:
    """Return a crontab line; its times are those of the machine's zone."""
    command = " ".join(_cron_word(word) for word in job.command)
    return _filled("crontab", TITLE=_one_line(job.title), ZONE=job.zone, WHEN=cron_expression(job), COMMAND=command)


def github_workflow(job: Job, repository: Path, *, feed_url: str, version: str) -> str:
    """Return a workflow that builds the show, commits the ledger and deploys to GitHub Pages.

    `repository` is the folder that holds the config, the archive and, for the time of a run, the output.

    Raises:
        UsageError: when the output folder lies outside.
    """
    if not job.output.is_relative_to(repository) or job.output == repository:
        raise UsageError(
            f"{job.output} lies outside the repository {repository}, where a workflow works; "
            "name a folder in it with --output"
        )
    config, output = (path.relative_to(repository).as_posix() for path in (job.config, job.output))
    values = {
        "CONFIG": config,
        "OUTPUT": output,
        "LEDGER": PurePosixPath(config).with_suffix(".lock").as_posix(),
        "FEED_URL": feed_url,
        "REQUIREMENT": f"feedbuilder=={version}",
        "OPTIONS": "\n".join(job.options),
    }
    quoted = {name: _workflow_text(value) for name, value in values.items()}
    return _filled("workflow.yml", WHEN=_workflow_text(cron_expression(job)), ZONE=job.zone, **quoted)


def cron_expression(job: Job) -> str:
    """Return minute, hour, day, month and weekday of the runs.

    >>> from datetime import time
    >>> from pathlib import Path
    >>> job = Job(title="", program=("f",), config=Path("/c"), output=Path("/o"), is_output_named=False,
    ...           options=(), user="u", every=Every.HOUR_6, publish_time=time(7, 30), zone="UTC")
    >>> cron_expression(job)
    '33 1-23/6 * * *'
    """
    hour, minute, step_min = _start(job)
    if step_min < 60:
        return f"{minute % step_min}-59/{step_min} * * * *"
    if step_min < _DAY_MIN:
        step = step_min // 60
        return f"{minute} {'*' if step == 1 else f'{hour % step}-23/{step}'} * * *"
    return f"{minute} {hour} * * {'*' if step_min == _DAY_MIN else '1'}"


def calendar(job: Job) -> str:
    """Return the runs as systemd writes them: those of a day or more in the show's own zone."""
    hour, minute, step_min = _start(job)
    if step_min < 60:
        return f"*-*-* *:{minute % step_min:02}/{step_min}:00"
    if step_min < _DAY_MIN:
        step = step_min // 60
        return f"*-*-* {'*' if step == 1 else f'{hour % step:02}/{step}'}:{minute:02}:00 {job.zone}"
    weekday = "" if step_min == _DAY_MIN else "Mon "
    return f"{weekday}*-*-* {hour:02}:{minute:02}:00 {job.zone}"


def _start(job: Job) -> tuple[int, int, int]:
    """Return hour and minute of one of the runs, and the minutes from each to the next."""
    unit_min = {"m": 1, "h": 60, "d": _DAY_MIN, "w": 7 * _DAY_MIN}[job.every[-1]]
    start_min = (job.publish_time.hour * 60 + job.publish_time.minute + _AFTER_DUE_MIN) % _DAY_MIN
    return start_min // 60, start_min % 60, int(job.every[:-1]) * unit_min


def check_words(words: Sequence[str]) -> None:
    """Refuse what cannot stand in a line of text: line ends, control characters, bytes that are no UTF-8.

    Raises:
        UsageError: with the word.
    """
    for word in words:
        if any(unicodedata.category(letter) in _FORBIDDEN or letter in "\ufeff\ufffe\uffff" for letter in word):
            raise UsageError(f"{word!r} holds a character that no unit, crontab or workflow can; rename it")


def _filled(template: str, **values: str) -> str:
    """Return a template with its @NAMES@ filled in, all at once: no value is searched for names."""
    text = (files("feedbuilder") / "templates" / template).read_text(encoding="utf-8")
    return _NAME.sub(lambda found: values[found[1]], text)


_NAME: Final = re.compile(r"@([A-Z_]+)@")


def _one_line(text: str) -> str:
    printable = "".join(" " if unicodedata.category(letter) in _FORBIDDEN else letter for letter in text)
    return " ".join(printable.split())


def _systemd_text(text: str) -> str:
    """Return a whole value: % begins a specifier there, and a backslash at its end goes on with the next line."""
    return _one_line(text).replace("%", "%%").rstrip("\\ ")


def _systemd_word(text: str) -> str:
    """Return one word of a list, or the program of a command line."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return escaped if _SAFE_IN_SHELL.fullmatch(escaped) else f'"{escaped}"'


def _systemd_command(words: Sequence[str]) -> str:
    """Return a command line; systemd takes no program whose path has quotes or backslashes, so a shell starts those."""
    if _NO_PROGRAM.search(words[0]):
        words = ("/bin/sh", "-c", 'exec "$0" "$@"', *words)
    return " ".join([_systemd_word(words[0]), *map(_systemd_argument, words[1:])])


def _systemd_argument(text: str) -> str:
    """Return one argument of a command line, where $ stands for variables as well."""
    return _systemd_word(text).replace("$", "$$")


def _shell_word(text: str) -> str:
    return text if _SAFE_IN_SHELL.fullmatch(text) else "'" + text.replace("'", "'\"'\"'") + "'"


def _cron_word(text: str) -> str:
    r"""Return one word of a crontab's command, for the shell of any cron.

    To most crons an unescaped % ends the line, \% is one and two backslashes are one; Busybox's cron hands all on as
    it is. Outside quotes the shell makes % of \% as well, and with quotes between them no two backslashes meet.

    >>> print(_cron_word("/srv/100% it's"))
    '/srv/100'\%' it'"'"'s'
    """
    if _SAFE_IN_SHELL.fullmatch(text):
        return text
    quoted = text.replace("'", "'\"'\"'").replace("\\", "\\''").replace("%", "'\\%'")
    return f"'{quoted}'"


def _workflow_text(text: str) -> str:
    """Return a YAML string, in which nothing is an expression to GitHub."""
    return json.dumps(text.replace("${{", "${{ '${{' }}"), ensure_ascii=False)
