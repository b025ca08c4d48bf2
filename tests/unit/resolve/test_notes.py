"""What a golden case would not point at: notes at their limits."""

from __future__ import annotations

import pytest
from archives import built, episode_text, write_archive
from lxml import etree


@pytest.mark.parametrize("text", ["words & more " * 900, "語" * 5000, "&" * 5000, "x" * 9000])
def test_a_first_paragraph_that_is_too_long_gives_its_beginning_as_description(tmp_path, text):
    config = write_archive(tmp_path, {"a.md": episode_text(description=text)})
    notes = built(config, tmp_path / "out").show.episodes[0].notes
    assert 3500 < len(notes.summary_html.encode()) <= 4000
    words = etree.fromstring(notes.summary_html).text
    assert words.endswith("…")
    assert text.startswith(words.removesuffix("…"))
    assert notes.text.split() == text.split()
