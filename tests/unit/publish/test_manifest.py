"""Which paths a manifest may name."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbuilder.publish.manifest import is_inside, parts_of


@given(st.text("ab./", max_size=9))
def test_a_path_has_the_parts_that_pathlib_finds(path):
    assert parts_of(path) == [part for part in PurePosixPath(path).parts if part.strip("/")]


@pytest.mark.parametrize("path", ["feed.xml", "chapters/a.json", "a..b/..c", "./a", "日本.vtt"])
def test_a_path_below_the_folder_is_inside(path):
    assert is_inside(path)


@pytest.mark.parametrize("path", ["", ".", "/", "/etc/passwd", "..", "a/../../b", "a\\b", "a\0b", "a\ud800"])
def test_a_path_that_leads_elsewhere_or_names_nothing_is_not(path):
    assert not is_inside(path)
