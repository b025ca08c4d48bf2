"""`publishDate` and `expiryDate`, as Hugo has them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from archives import NOW, built, config_text, episode_text, feedbuilder, write_archive

from feedbuilder import read_config
from feedbuilder.build import build
from feedbuilder.errors import RefusedError

DAY = f"{NOW + timedelta(days=3):%Y-%m-%d}"
LATER = NOW + timedelta(days=4)


def built_later(config, output, **options):
    return build(read_config(config), now=LATER, output=output, **options)


def titles(report):
    return {episode.title for episode in report.show.episodes}


def test_an_embargo_holds_an_episode_whatever_its_date_is(tmp_path):
    config = write_archive(
        tmp_path,
        {
            "a.md": episode_text(title="A", guid="a", dateadded="2024-01-01", publishDate=DAY),
            "b.md": episode_text(title="B", guid="b", dateadded="2024-01-01", publishDate="2023-01-01"),
            "c.md": episode_text(title="C", guid="c", dateadded=None, publishDate="2024-03-01"),
        },
    )
    report = built(config, tmp_path / "out")
    assert titles(report) == {"B", "C"}
    assert {fault.place.path for fault in report.problems if fault.code == "scheduled"} == {"episodes/a.md"}
    assert [episode.published.year for episode in report.show.episodes] == [2024, 2024]
    published = {episode.title: episode.published for episode in built_later(config, tmp_path / "out").show.episodes}
    assert f"{published['A']:%Y-%m-%d}" == DAY


def test_a_mapped_publish_date_is_the_date(tmp_path):
    episode = episode_text(dateadded=None, date="2024-01-01", publishDate="2024-02-02")
    config = write_archive(tmp_path, {"a.md": episode}, config_text(fields={"published": ["publishDate", "date"]}))
    (episode,) = built(config, tmp_path / "out").show.episodes
    assert f"{episode.published:%Y-%m-%d}" == "2024-02-02"


def test_an_expired_episode_is_left_out_and_named(tmp_path):
    config = write_archive(
        tmp_path,
        {
            "a.md": episode_text(title="A", guid="a", expiryDate="2025-01-01"),
            "b.md": episode_text(title="B", guid="b", expiryDate="2099-01-01"),
        },
    )
    report = built(config, tmp_path / "out")
    assert titles(report) == {"B"}
    (told,) = (fault for fault in report.problems if fault.code == "expired")
    assert str(told.place).startswith("episodes/a.md:")
    assert report.exit_code == 0


def test_the_guard_asks_before_an_expired_episode_goes(tmp_path):
    episodes = {"a.md": episode_text(guid="a", expiryDate=DAY), "b.md": episode_text(guid="b")}
    config = write_archive(tmp_path, episodes)
    built(config, tmp_path / "out")
    with pytest.raises(RefusedError, match="would vanish"):
        built_later(config, tmp_path / "out")
    assert len(built_later(config, tmp_path / "out", accept={"removals:a"}).show.episodes) == 1


def test_a_run_with_nothing_to_do_knows_when_an_episode_expires(tmp_path):
    episodes = {"a.md": episode_text(guid="a", expiryDate=DAY), "b.md": episode_text(guid="b")}
    write_archive(tmp_path, episodes, config_text(guard={"allowed_losses": 1}))

    def items_at(moment: datetime) -> int:
        run = feedbuilder("build", cwd=tmp_path, env={"SOURCE_DATE_EPOCH": str(int(moment.timestamp()))})
        assert run.returncode == 0, run.stderr
        return (tmp_path / "output/feed.xml").read_text().count("<item>")

    assert [items_at(NOW), items_at(NOW), items_at(LATER)] == [2, 2, 1]
