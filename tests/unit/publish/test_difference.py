"""What `feedbuilder diff` shows: a line an episode, aligned in cells, what would be refused, and the same as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from feedbuilder.cli.difference import difference_json, difference_lines
from feedbuilder.publish.feed_changes import FeedChanges, compare_feeds
from feedbuilder.publish.output_folder import Changes, publish
from feedbuilder.publish.published_feed import parse_feed
from feedbuilder.render import OutputFile

URL = "https://show.example/"


def item(guid: str, title: str, extra: str = "", date: str = "Sat, 31 Jan 2026 06:00:00 GMT") -> str:
    return f"<item><guid>{guid}</guid><title>{escape(title)}</title><pubDate>{date}</pubDate>{extra}</item>"


def feed(*items: str, title: str = "A Show") -> bytes:
    return (
        '<rss xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        f'<title>{title}</title><atom:link rel="self" href="{URL}feed.xml"/>{"".join(items)}</channel></rss>'
    ).encode()


def compared(old: bytes, new: bytes) -> FeedChanges:
    return compare_feeds(parse_feed(old), parse_feed(new))


TRANSCRIPT = f'<podcast:transcript url="{URL}transcripts/d.vtt" type="text/vtt"/>'
AUDIO = '<enclosure url="https://a.example/1.mp3" type="audio/mpeg" length="1"/>'
BEFORE = feed(item("a", "First"), item("b", "Second"), item("c", "聞くことは話すこと"), item("d", "Fourth", TRANSCRIPT))
AFTER = feed(
    item("e", "Fifth", AUDIO),
    item("b", "Second & last", "<description>New</description>" + AUDIO),
    item("c", "聞くことは話すこと", date="Sat, 31 Jan 2026 08:00:00 GMT"),
    item("d", "Fourth", TRANSCRIPT),
    title="B Show",
)


@pytest.fixture
def changes(tmp_path: Path) -> Changes:
    """Publish BEFORE, and try AFTER."""

    def files(content: bytes, words: bytes) -> list[OutputFile]:
        return [OutputFile("transcripts/d.vtt", words, "d.md"), OutputFile("feed.xml", content, "")]

    publish(files(BEFORE, b"WEBVTT\n"), tmp_path, feed_path="feed.xml", show_guid="s")
    return publish(files(AFTER, b"WEBVTT\n\n1"), tmp_path, feed_path="feed.xml", show_guid="s", dry_run=True)


def text(changes: Changes, **options) -> list[str]:
    return [line for line, _ in difference_lines(changes, **options)]


def test_every_episode_that_changes_has_one_line_that_says_how(changes):
    assert text(changes)[:6] == [
        "~ show: title: A Show → B Show",
        "+ Fifth               2026-01-31, audio",
        "~ Second & last       title, +audio, +notes",
        "~ 聞くことは話すこと  date 2 h later",
        "~ Fourth              transcripts rewritten",
        "- First               2026-01-31",
    ]


def test_files_refusals_and_a_summary_follow(changes):
    lines = text(changes)
    assert lines[6].startswith("  2 files written, ")
    assert lines[6].endswith("(feed.xml, 1 in transcripts/)")
    assert "refused: 1 episode of the feed that is out would vanish from it:" in lines
    assert "→ if that is meant, say --accept removals:a" in lines
    assert "→ if that is meant, say --accept dates:c" in lines
    assert lines[-1] == "1 added, 1 removed, 3 changed; 2 files written, 0 removed; refused"


def test_episodes_in_the_flags_go_by_the_names_given(changes, tmp_path):
    assert json.loads(difference_json(changes, names={"a": ("first", "first.md")}))["episodes"][-1]["names"] == [
        "first",
        "first.md",
        "a",
    ]


def test_verbose_shows_the_values_before_and_after(changes):
    lines = text(changes, verbose=True)
    second = lines.index("~ Second & last       title, +audio, +notes")
    assert lines[second + 1 : second + 3] == ["    - title: Second", "    + title: Second & last"]
    assert "    - date: 2026-01-31 06:00:00+00:00" in lines
    assert any(line.startswith("+ transcripts/d.vtt") and line.endswith(" 9 B") for line in lines)


def test_a_long_text_is_shown_where_it_begins_to_differ():
    old = feed(item("a", "A", f"<description>{'same ' * 200}old end</description>"))
    new = feed(item("a", "A", f"<description>{'same ' * 200}new end</description>"))
    changed = Changes(written=("feed.xml",), unchanged=(), removed=(), feed=compared(old, new))
    lines = text(changed, verbose=True, width=80)
    assert "    - notes: …ame same same same same old end" in lines
    assert "    + notes: …ame same same same same new end" in lines


def test_when_nothing_changes_that_is_all_that_is_said():
    assert text(Changes(written=(), unchanged=("feed.xml",), removed=())) == ["nothing would change"]


def test_the_json_holds_every_value_and_every_refusal(changes):
    told = json.loads(difference_json(changes))
    assert [(one["change"], one["guid"]) for one in told["episodes"]] == [
        ("added", "e"),
        ("changed", "b"),
        ("changed", "c"),
        ("changed", "d"),
        ("removed", "a"),
    ]
    assert {"aspect": "title", "old": ["A Show"], "new": ["B Show"]} in told["channel"]
    assert [refusal["accept"] for refusal in told["refused"]] == ["--accept removals:a", "--accept dates:c"]
    assert {one["path"]: one["bytes"] for one in told["written"]} == {
        "feed.xml": len(AFTER),
        "transcripts/d.vtt": 9,
    }


titles = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.sampled_from(" 聞く語é"), min_size=1)


@given(st.lists(titles, min_size=1, max_size=4), st.lists(titles, max_size=4), st.integers(60, 120), st.booleans())
def test_no_line_is_wider_than_asked_for_but_a_flag_to_copy(old, new, width, verbose):
    one, other = (feed(*(item(f"g{n}", title) for n, title in enumerate(part))) for part in (old, new))
    changed = Changes(written=("feed.xml",), unchanged=(), removed=(), feed=compared(one, other))
    for line in text(changed, verbose=verbose, width=width):
        assert cell_len(line) <= width, line


def test_unknown_names_are_told(changes):
    assert "--accept dates:x: neither feed has an episode of that name" in text(
        replace(changes, unknown_names=("dates:x",))
    )
