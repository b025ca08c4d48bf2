"""The docs say what the code does."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_problems_page_is_the_catalogue(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "tests/tools")
    import write_docs

    assert write_docs.FILE.read_text(encoding="utf-8") == write_docs.problems_page(), "run `make update-docs`"
    sys.modules.pop("write_docs")


def test_every_setting_is_in_the_configuration_page():
    from feedbuilder.config import Config
    from feedbuilder.config_values import Section

    page = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    settings = {
        name
        for field in Config.model_fields.values()
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section)
        for name in field.annotation.model_fields
    }
    settings |= {
        name for name in Config.model_fields if name in ("missing_audio", "transcripts", "fields", "output", "report")
    }
    missing = {name for name in settings if f".{name}" not in page and f"`{name}`" not in page}
    assert not missing


def test_every_field_is_in_the_archive_page():
    from feedbuilder.source.records import KNOWN_FIELDS

    page = (ROOT / "docs/archive.md").read_text(encoding="utf-8")
    assert not {name for name in KNOWN_FIELDS if f"`{name}" not in page}


def test_the_sample_config_names_every_setting():
    from feedbuilder.config import (
        ArchiveSection,
        AudioSection,
        Config,
        FeedSection,
        GuardSection,
        IdentitySection,
    )
    from feedbuilder.config_show import ShowSection

    text = (ROOT / "seeds/feedbuilder.yaml").read_text(encoding="utf-8")
    kinds = (ShowSection, FeedSection, ArchiveSection, AudioSection, IdentitySection, GuardSection, Config)
    missing = {name for kind in kinds for name in kind.model_fields if f"{name}:" not in text}
    assert missing <= {"folder", "path"}
