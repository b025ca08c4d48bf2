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


@pytest.mark.parametrize(
    "piece",
    [
        "<a ",
        "<a href=",
        "{% ",
        "{{ ",
        "{: ",
        "https://a",
        "https://a(",
        "[^",
        "[^a]",
        "[^a]:\n",
        "<tr><td>",
        "<tr ",
        "| ",
    ],
)
def test_notes_of_unclosed_tags_are_cleaned_in_no_time(piece, tmp_path):
    config = write_archive(tmp_path, {"a.md": episode_text(piece * 30_000)})
    started = process_time()
    built(config, tmp_path / "out")
    assert process_time() - started < 10


@pytest.mark.parametrize(("value", "is_one"), [("TODO: link", True), ("todo", True), ("todoist.com/x", False)])
def test_todo_is_a_placeholder_and_words_that_begin_like_it_are_none(value, is_one):
    assert is_placeholder(value) == is_one


def notes_of(folder, body, **fields):
    """Build an episode with this body and return its notes and the codes of what is told."""
    report = built(write_archive(folder, {"a.md": episode_text(body, **fields)}), folder / "out")
    return report.show.episodes[0].notes, {fault.code for fault in report.problems}


@pytest.mark.parametrize(
    "table",
    [
        "| Time | Topic |\n|---|:--:|\n| 0:00 | Intro |\n",
        "<table><thead><tr><th>Time</th> <th class='x'>Topic</th></tr></thead>\n"
        "<tr><td>0:00</td><td>Intro</td></tr></table>",
    ],
)
def test_a_table_becomes_a_list_of_its_rows(table, tmp_path):
    notes, _ = notes_of(tmp_path, table)
    assert plain_text(notes.html).split("\n") == ["- Time · Topic", "- 0:00 · Intro"]


def test_words_of_blocks_that_directories_do_not_take_stay_apart(tmp_path):
    notes, _ = notes_of(tmp_path, "<dl><dt>Term</dt><dd>Meaning</dd></dl>\n\n<h6>Small</h6><section>Part</section>\n")
    assert plain_text(notes.html).split() == ["Term", "Meaning", "Small", "Part"]


@pytest.mark.parametrize(
    ("text", "address", "rest"),
    [
        ("see https://a.example/x.", "https://a.example/x", "."),
        ("(https://a.example/x)", "https://a.example/x", ")"),
        ("https://a.example/x_(y)", "https://a.example/x_(y)", ""),
        ("https://a.example/?a=1&b=2&", "https://a.example/?a=1&b=2", "&"),
        ("<b>https://a.example</b>", "https://a.example", ""),
        ("日本語https://a.example/あ", "https://a.example/", "あ"),
    ],
)
@pytest.mark.parametrize("field", ["body", "intro"])
def test_an_address_in_the_text_becomes_a_link(text, address, rest, field, tmp_path):
    notes, _ = notes_of(tmp_path, text) if field == "body" else notes_of(tmp_path, "", intro=text)
    (link,) = etree.fromstring(f"<div>{notes.html}</div>").iter("a")
    assert (link.get("href"), link.text, link.tail or "") == (address, address, rest)


@pytest.mark.parametrize("text", ["[words](https://a.example/)", "me@https://a.example", "<https://a.example>"])
def test_what_is_a_link_or_no_address_is_left_alone(text, tmp_path):
    assert notes_of(tmp_path, text)[0].html.count("<a ") == (0 if "@" in text else 1)


def test_footnotes_keep_their_words(tmp_path):
    notes, _ = notes_of(tmp_path, "It grows[^1], and `more`[^why].\n\n[^1]: In *spring*.\n[^why]: Nobody knows.\n")
    assert plain_text(notes.html).split("\n\n") == [
        "It grows[1], and more[why].", "[1] In spring.", "[why] Nobody knows.",
    ]  # fmt: skip


def test_pictures_and_players_in_the_text_are_left_out_and_told(tmp_path):
    notes, codes = notes_of(tmp_path, "Hello.\n\n![A hat](hat.png)\n\n<iframe src='https://p.example/'></iframe>\n")
    assert notes.html == "<p>Hello.</p>"
    assert "media-left-out" in codes
    assert "media-left-out" not in notes_of(tmp_path / "other", "Video, audio and images.")[1]


def test_titles_are_plain_text(tmp_path):
    clips = [{"name": "Why <i>now</i>?", "startOffset": 0}]
    episode = episode_text(title="A <b class='x'>bold</b> move &amp; more", quotableClips=clips)
    report = built(write_archive(tmp_path, {"a.md": episode}), tmp_path / "out")
    (item,) = etree.parse(tmp_path / "out/feed.xml").iter("item")
    assert item.findtext("title") == "A bold move & more"
    assert [chapter.title for chapter in report.show.episodes[0].chapters] == ["Why now?"]
