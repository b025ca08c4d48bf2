"""Where in the archive a finding is to be mended: manifest and ledger tell the file, the rule's field the line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from feedbuilder.check.examine import Finding, Origin
from feedbuilder.config import Config
from feedbuilder.errors import Place
from feedbuilder.ledger import Ledger
from feedbuilder.memory import FORGETFUL, Memory
from feedbuilder.source.archive import EpisodeFile, read_episode
from feedbuilder.source.field_names import FieldNames
from feedbuilder.source.records import KNOWN_FIELDS

_CONFIG: Final = "config:"


@dataclass(slots=True)
class Origins:
    """Finds origins; each episode file is read once, when it is first asked for."""

    config: Config
    ledger: Ledger
    sources: Mapping[str, str]  # published path → archive file, as the manifest has it
    memory: Memory = FORGETFUL
    _names: FieldNames = field(init=False)
    _read: dict[str, EpisodeFile | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._names = FieldNames.of(self.config.fields, KNOWN_FIELDS)

    def located(self, finding: Finding) -> Finding:
        """Return a finding with its origin, where it has one."""
        key = finding.rule.key
        if key.startswith(_CONFIG):
            setting = key.removeprefix(_CONFIG)
            return replace(finding, origin=Origin(self.config.place(*setting.split(".")), setting))
        source = self._source(finding)
        if not source:
            return finding
        if not key:
            return replace(finding, origin=Origin(Place(source), ""))
        episode = self._episode(source)
        place = episode.place(*key.split(".")) if episode else Place(source)
        return replace(finding, origin=Origin(place, self._names.shown(key)))

    def _source(self, finding: Finding) -> str:
        if finding.item and (entry := self.ledger.entries.get(finding.item.guid)):
            return entry.file
        return self.sources.get(finding.path, "")

    def _episode(self, source: str) -> EpisodeFile | None:
        if source not in self._read:
            folder = self.config.folder
            self._read[source] = read_episode(folder / source, source, self._names, folder, self.memory)[0]
        return self._read[source]
