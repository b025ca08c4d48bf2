"""What a golden case would not point at: notes at their limits."""

from __future__ import annotations

from time import process_time

import pytest
from archives import built, episode_text, write_archive
from lxml import etree

from feedbuilder.render.plain_text import plain_text
from feedbuilder.resolve.links import absolute_url, is_placeholder


@pytest.mark.parametrize("text", ["words & more " * 900, "語" * 5000, "&" * 5000, "x" * 9000])
def test_a_first_paragraph_that_is_too_long_gives_its_beginning_as_description(tmp_path, text):
    config = write_archive(tmp_path, {"a.md": episode_text(description=text)})
    notes = built(config, tmp_path / "out").show.episodes[0].notes
    assert 3500 < len(notes.summary_html.encode()) <= 4000
    words = etree.fromstring(notes.summary_html).text
    assert words.endswith("…")
    assert text.startswith(words.removesuffix("…"))
    assert plain_text(notes.html).split() == text.split()


@pytest.mark.parametrize("address", ["//[x/", "http://[x/", "/a\nb"])
def test_an_address_that_is_broken_is_none_or_mended(address):
    assert absolute_url(address, "https://show.example/") in {None, "https://show.example/ab"}


def test_a_fault_of_ours_in_cleaning_is_never_swallowed(tmp_path, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("feedbuilder.resolve.notes.absolute_url", broken)
    with pytest.raises(ZeroDivisionError):
        built(write_archive(tmp_path, {"a.md": episode_text("[a](b.html)")}), tmp_path / "out")


@pytest.mark.parametrize("piece", ["<a ", "<a href=", "{% ", "{{ ", "{: "])
def test_notes_of_unclosed_tags_are_cleaned_in_no_time(piece, tmp_path):
    config = write_archive(tmp_path, {"a.md": episode_text(piece * 30_000)})
    started = process_time()
    built(config, tmp_path / "out")
    assert process_time() - started < 10


@pytest.mark.parametrize(("value", "is_one"), [("TODO: link", True), ("todo", True), ("todoist.com/x", False)])
def test_todo_is_a_placeholder_and_words_that_begin_like_it_are_none(value, is_one):
    assert is_placeholder(value) == is_one
