"""What the report counts, and how it words it: pure values."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from feedbuilder.check.captions import read_captions
from feedbuilder.model import Show
from feedbuilder.report.captions import SPEED_EDGES, caption_facts
from feedbuilder.report.changes import EpisodeChange, LastChanges, as_object, changes_told
from feedbuilder.report.charts import columns, nice_top
from feedbuilder.report.data import render_data
from feedbuilder.report.distribution import MOST_BARS, Bar, by_length, by_season, over_time
from feedbuilder.report.facts import EpisodeFacts, Facts
from feedbuilder.report.figures import figures
from feedbuilder.report.kept import item_facts
from feedbuilder.report.page import MOST_EPISODES, render_page
from feedbuilder.report.remarks import Cost, Remark, by_kind

SHOW = Show(
    title="A Show", link="https://show.example/", feed_url="https://show.example/feed.xml", description="It.",
    language="en", guid="00000000-0000-0000-0000-000000000000", updated=datetime(2026, 1, 31, 12, tzinfo=UTC),
)  # fmt: skip
MOMENTS = st.datetimes(timezones=st.just(UTC))


def episode(number: int, **facts: object) -> EpisodeFacts:
    values: dict[str, object] = {
        "guid": f"g{number}", "source": f"episodes/{number}.md", "title": f"Talk {number}", "language": "en",
        "published": datetime(2000, 1, 1, tzinfo=UTC) + timedelta(hours=11 * number), "has_audio": True,
        "duration_ms": 60_000 * (20 + number % 50), "chapters": 3, "transcripts": ("vtt",), "has_notes": True,
        "has_picture": True, "guests": 1, "captions": None, "to_mend": 0, **facts,
    }  # fmt: skip
    return EpisodeFacts(**values)  # type: ignore[arg-type]


def facts_of(*episodes: EpisodeFacts, remarks: tuple[Remark, ...] = ()) -> Facts:
    return Facts(
        show=SHOW, zone=UTC, episodes=episodes, held=(), upcoming=(), withheld=(), remarks=remarks, ignored=(),
        changes=None,
    )  # fmt: skip


def remark(number: int, **values: str) -> Remark:
    told = {"code": "placeholder", "message": f"m{number}", "remedy": "write it", **values}
    return Remark(
        cost=Cost.REPAIRED, meaning="Kept a place.", place=f"e/{number}.md:1:1", source=f"e/{number}.md", **told
    )


def words(page: bytes) -> str:
    return " ".join(html.fromstring(page).text_content().split())


def vtt(*cues: tuple[str, str, str]) -> bytes:
    return "\n".join(["WEBVTT\n", *(f"{start} --> {end}\n{text}\n" for start, end, text in cues)]).encode()


def test_captions_are_counted_by_speed_without_their_markup():
    content = vtt(
        ("00:00:00.000", "00:00:01.000", "<v Robin>&amp;&amp;&amp;&amp;</v>"),  # 4 a second
        ("00:00:01.000", "00:00:02.000", "x" * 20),
        ("00:00:03.000", "00:00:04.000", "x" * 10 + "\n" + "y" * 10),  # the break is a space to read over
    )
    found = caption_facts(read_captions(content, "vtt"), 8000)
    assert found.cues == 3
    assert found.fast_cues == 1
    assert found.by_speed == (1, 0, 0, 0, 0, 0, 1, 1, 0)
    assert found.covered_ms == 3000
    assert found.coverage == 3 / 8


def test_captions_shown_together_cover_once_and_never_more_than_all():
    content = vtt(("00:00:00.000", "00:00:10.000", "a"), ("00:00:05.000", "00:00:06.000", "b"))
    assert caption_facts(read_captions(content, "vtt"), None).covered_ms == 10_000
    assert caption_facts(read_captions(content, "vtt"), None).coverage is None
    assert caption_facts(read_captions(content, "vtt"), 4000).coverage == 1


def test_a_caption_without_time_counts_as_too_fast():
    found = caption_facts(read_captions(vtt(("00:00:05.000", "00:00:05.000", "a")), "vtt"), 9000)
    assert found.fast_cues == 1
    assert found.by_speed[-1] == 1
    assert len(found.by_speed) == len(SPEED_EDGES) + 1


@given(st.lists(MOMENTS, max_size=60))
def test_every_moment_is_in_one_of_few_stretches_of_time(moments):
    found = over_time(moments, ZoneInfo("Europe/Berlin"))
    assert sum(bar.size for bar in found.bars) == len(moments)
    assert len(found.bars) <= MOST_BARS
    assert len({bar.label for bar in found.bars}) == len(found.bars)
    if moments:
        assert found.bars[0].size
        assert found.bars[-1].size


def test_a_month_is_that_of_the_show_s_zone():
    newly = over_time([datetime(2025, 12, 31, 23, 30, tzinfo=UTC)], ZoneInfo("Europe/Berlin"))
    assert newly.bars == (Bar("Jan 2026", 1),)


@pytest.mark.parametrize(("years", "unit"), [(2, "month"), (8, "quarter"), (30, "year"), (90, "five years")])
def test_the_stretches_grow_with_the_age_of_the_show(years, unit):
    assert over_time([datetime(1930, 1, 1, tzinfo=UTC), datetime(1930 + years, 1, 1, tzinfo=UTC)], UTC).unit == unit


@given(st.lists(st.integers(min_value=0, max_value=1000 * 3_600_000), max_size=80))
def test_every_length_is_in_one_of_few_classes(durations):
    found = by_length(durations)
    assert sum(bar.size for bar in found.bars) == len(durations)
    assert len(found.bars) <= 13
    assert len({bar.label for bar in found.bars}) == len(found.bars)


def test_one_marathon_does_not_press_all_other_lengths_into_one_class():
    found = by_length([60_000 * (30 + number % 30) for number in range(99)] + [24 * 3_600_000])
    assert found.bars[-1].label.endswith("+")
    assert found.bars[-1].size == 1
    assert sum(bar.size > 0 for bar in found.bars) > 5


@given(st.lists(st.none() | st.integers(min_value=0, max_value=10**9), max_size=80))
def test_every_episode_is_in_a_season_without_one_or_left_out(seasons):
    found = by_season(seasons)
    assert len(found.bars) <= MOST_BARS + 1
    if any(season is not None for season in seasons):
        assert sum(bar.size for bar in found.bars) + found.left_out == len(seasons)
    else:
        assert found.bars == ()


@given(st.integers(min_value=0, max_value=10**7))
def test_the_axis_ends_at_a_round_number_above_the_tallest(most):
    top = nice_top(most)
    assert top >= max(most, 1)
    assert top <= max(most * 2, 1)


@given(st.lists(st.builds(Bar, st.text(max_size=30), st.integers(min_value=0, max_value=10**6)), max_size=45))
def test_a_chart_is_well_formed_and_stays_inside_its_frame(bars):
    clean = [Bar("".join(letter for letter in bar.label if letter.isprintable()), bar.size) for bar in bars]
    root = etree.fromstring(columns("name", "A <title>", "told & so", clean))
    _, _, width, height = map(float, root.get("viewBox").split())
    for path in root.iter("path"):
        x, bottom = map(float, re.match(r"M(-?[\d.]+) (-?[\d.]+)V", path.get("d")).groups())
        assert 0 <= x <= width
        assert 0 <= bottom <= height
    assert root.findtext("title") == "A <title>"
    assert [path.findtext("title") for path in root.iter("path")] == [
        f"{bar.label}: {bar.size:,}" for bar in clean if bar.size
    ]


def test_a_show_without_episodes_has_a_page_without_charts():
    page = render_page(facts_of())
    assert "0 episodes published." in words(page)
    assert b"<svg" not in page
    assert "Nothing: the archive was read without a fault" in words(page)


def test_a_single_episode_is_told_in_the_singular():
    page = words(render_page(facts_of(episode(1, season=3, duration_ms=3_600_000))))
    assert "1 episode published. 1 h 0 min in all." in page
    assert "All in Jan 2000." in page
    assert "1 season." in page
    assert "One episode of 1:00:00." in page


def test_twenty_thousand_episodes_give_a_page_a_phone_can_open_and_data_with_all_of_them():
    episodes = tuple(episode(number, season=number // 7) for number in reversed(range(20_000)))
    facts = facts_of(*episodes, remarks=tuple(map(remark, range(20_000))))
    page = render_page(facts)
    assert len(page) < 1_500_000
    assert f"The newest {MOST_EPISODES}; 19,500 older episodes are left out here" in words(page)
    assert "19,900 further places in report.json" in words(page)
    assert page.count(b'<tr role="row">') == MOST_EPISODES + 1
    data = render_data(facts).decode()
    assert data.count('"guid": "g') == 20_000
    assert data.count('"message": "m') == 20_000


def test_the_same_facts_give_the_same_bytes_whatever_the_machine_s_language(monkeypatch):
    facts = facts_of(episode(1), episode(2))
    before = render_page(facts), render_data(facts)
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert (render_page(facts), render_data(facts)) == before


def test_what_has_one_remedy_says_it_once_and_what_has_several_says_each():
    one = by_kind([remark(1), remark(2)])[0]
    assert one.remedy == "write it"
    several = by_kind([remark(1, remedy="write `a`"), remark(2, remedy="write `b`")])
    assert several[0].remedy == ""
    page = render_page(facts_of(remarks=(remark(1, remedy="write `a`"), remark(2, remedy="write `b`"))))
    assert b"write <code>a</code>" in page
    assert b"write <code>b</code>" in page


def test_kinds_come_with_the_dearest_first_and_then_the_most_frequent():
    told = [remark(1, code="rare"), remark(2, code="often"), remark(3, code="often")]
    told.append(replace(remark(4, code="worst"), cost=Cost.HELD))
    assert [kind.code for kind in by_kind(told)] == ["worst", "often", "rare"]


def test_characters_that_no_page_can_hold_are_replaced():
    page = render_page(facts_of(episode(1, title="a\x00b\ud800c")))
    assert "a\ufffdb\ufffdc" in page.decode()
    assert "a\\u0000b\ufffdc" in render_data(facts_of(episode(1, title="a\x00b\ud800c"))).decode()


def test_changes_come_back_from_the_data_as_they_were_told():
    changes = LastChanges(
        is_first=False,
        episodes=(EpisodeChange(what="changed", title="Talk", guid="g", aspects=("title",)),),
        channel=("author",),
        written=("feed.xml",),
        removed=("chapters/a.json",),
    )
    data = render_data(replace(facts_of(), changes=changes))
    assert as_object(changes_told(data)) == as_object(changes)


@pytest.mark.parametrize(
    "content",
    [None, b"", b"{}", b"[]", b"\xff", b'{"changes": null}', b'{"changes": {"is_first": true, "episodes": 3}}',
     b'{"changes": {"is_first": true, "episodes": [], "channel": "x", "written": [], "removed": []}}', b"[" * 100_000],
)  # fmt: skip
def test_data_that_somebody_damaged_tells_of_no_changes(content):
    assert changes_told(content) is None


def test_an_item_of_a_broken_file_still_says_what_it_has():
    item = item_facts(
        b"<item xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' "
        b"xmlns:podcast='https://podcastindex.org/namespace/1.0'><title>Talk</title><description>x</description>"
        b"<itunes:season>2</itunes:season><itunes:duration>3909</itunes:duration><enclosure url='a'/>"
        b"<podcast:person role='Guest'>Ana</podcast:person></item>"
    )
    assert (item.title, item.season, item.duration_ms, item.guests) == ("Talk", 2, 3_909_000, 1)
    assert item.has_audio
    assert item.has_notes
    assert not item.has_picture


def test_a_bare_item_says_that_it_has_nothing():
    item = item_facts(b"<item/>")
    assert (item.title, item.season, item.duration_ms, item.has_audio) == ("", None, None, False)


def test_a_chart_is_only_there_when_it_has_something_to_show():
    bare = episode(1, duration_ms=None, season=None)
    assert [figure.name for figure in figures(facts_of(bare))] == ["time", "having"]
