"""`feedbuilder import`: the host's guids, dates and audio come into the feed, and nothing that is not sure."""

from __future__ import annotations

import csv
import json
import random
import shutil
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

import pytest
from archives import (
    NOW,
    REAL_ARCHIVE,
    built,
    config_text,
    episode_text,
    feedbuilder,
    tree,
    write_archive,
    write_real_config,
)
from lxml import etree

from feedbuilder import read_config
from feedbuilder.errors import RefusedError, UsageError
from feedbuilder.source.archive import read_archive
from feedbuilder.takeover import Source, import_feed

HOST_GUID = "0b25ea6a-2ff1-4ae9-9d5a-1f5a4ac6dd52"


class HostItem(NamedTuple):
    """An item as a host writes it."""

    title: str
    guid: str
    published: datetime
    audio: str
    length: int
    duration: str = "0:59:30"
    notes: str = ""
    link: str = ""
    permalink: str = "false"


def host_feed(items: Iterable[HostItem], channel: str = f"<podcast:guid>{HOST_GUID}</podcast:guid>") -> bytes:
    """Return a feed as Anchor writes them."""
    written = "".join(
        f"""<item><title><![CDATA[{item.title}]]></title><description><![CDATA[{item.notes}]]></description>
        <link>{escape(item.link)}</link><guid isPermaLink="{item.permalink}">{escape(item.guid)}</guid>
        <pubDate>{format_datetime(item.published, usegmt=True)}</pubDate>
        <enclosure url={quoteattr(item.audio)} length="{item.length}" type="audio/mpeg"/>
        <itunes:duration>{item.duration}</itunes:duration></item>"""
        for item in items
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
        xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:podcast="https://podcastindex.org/namespace/1.0">
        <channel><title>A Show</title><link>https://show.example/</link><description>x</description>{channel}{written}
        </channel></rss>""".encode()


def item(number: int, **fields: object) -> HostItem:
    values = {
        "title": f"Episode about subject {number}",
        "guid": f"guid-{number}",
        "published": datetime(2024, 1, number, 7, 31, 12, tzinfo=UTC),
        "audio": f"https://host.example/play/{number}/a.mp3",
        "length": 1_000_000 + number,
        **fields,
    }
    return HostItem(**values)  # type: ignore[arg-type]


def episodes(*numbers: int, **fields: object) -> dict[str, str]:
    return {
        f"e{number}.md": episode_text(
            guid=None, title=f"Episode about subject {number}", dateadded=f"2024-01-{number:02}", **fields
        )
        for number in numbers
    }


def published(out: Path) -> dict[str, tuple[str, datetime, str, str, str]]:
    """Return guid, date and enclosure of every item by its title."""
    feed = etree.parse(out / "feed.xml")
    return {
        found.findtext("title") or "": (
            found.findtext("guid") or "",
            parsedate_to_datetime(found.findtext("pubDate") or ""),
            *(found.find("enclosure").get(name) for name in ("url", "length", "type")),
        )
        for found in feed.iter("item")
        if found.find("enclosure") is not None
    }


def of_host(items: Iterable[HostItem]) -> dict[str, tuple[str, datetime, str, str, str]]:
    return {one.title: (one.guid, one.published, one.audio, str(one.length), "audio/mpeg") for one in items}


def codes(problems) -> set[str]:
    return {fault.code for fault in problems}


def test_episodes_without_any_id_get_guid_date_and_audio_of_their_item(tmp_path):
    config, items = write_archive(tmp_path, episodes(1, 2, 3)), [item(number) for number in (1, 2, 3)]
    found = import_feed(read_config(config), Source(content=host_feed(items)))
    assert (found.taken.guids, found.taken.dates, found.taken.enclosures) == (3, 3, 3)
    report = built(config, tmp_path / "out")
    assert published(tmp_path / "out") == of_host(items)
    assert report.show.guid == HOST_GUID
    assert [episode.duration_ms for episode in report.show.episodes] == [3_570_000] * 3


def test_a_show_without_podcast_guid_gets_that_of_its_address_at_the_host(tmp_path):
    config = write_archive(tmp_path, episodes(1))
    import_feed(
        read_config(config), Source(content=host_feed([item(1)], channel=""), address="https://podnews.net/rss/")
    )
    assert built(config, tmp_path / "out").show.guid == "9b024349-ccf0-5f69-a609-6b82873eab3c"


def test_a_guid_that_is_the_pages_address_stays_one(tmp_path):
    config = write_archive(tmp_path, episodes(1))
    import_feed(
        read_config(config), Source(content=host_feed([item(1, guid="https://host.example/1", permalink="true")]))
    )
    built(config, tmp_path / "out")
    guid = etree.parse(tmp_path / "out/feed.xml").find(".//item/guid")
    assert (guid.text, guid.get("isPermaLink")) == ("https://host.example/1", "true")


def test_a_feed_beside_the_hosts_takes_dates_and_audio_and_never_its_guids(tmp_path):
    config = write_archive(tmp_path, episodes(1, 2), config_text(identity={"mode": "parallel"}))
    items = [item(1), item(2)]
    import_feed(read_config(config), Source(content=host_feed(items)))
    report = built(config, tmp_path / "out")
    found = published(tmp_path / "out")
    assert {title: facts[1:] for title, facts in found.items()} == {
        title: facts[1:] for title, facts in of_host(items).items()
    }
    assert not {facts[0] for facts in found.values()} & {"guid-1", "guid-2"}
    assert report.show.guid != HOST_GUID


def test_a_feed_beside_the_hosts_is_refused_when_it_would_repeat_a_guid_of_the_host(tmp_path):
    config = write_archive(tmp_path, episodes(1, 2), config_text(identity={"mode": "parallel"}))
    import_feed(read_config(config), Source(content=host_feed([item(1), item(2)])))
    (tmp_path / "episodes/e1.md").write_text(episodes(1)["e1.md"].replace("---\n", "---\nguid: guid-1\n", 1))
    with pytest.raises(RefusedError, match=r"e1\.md.*guid-1"):
        built(config, tmp_path / "out")
    assert not (tmp_path / "out/feed.xml").exists()


def test_what_is_doubtful_waits_for_the_owners_answer(tmp_path):
    config = write_archive(tmp_path, {**episodes(1), "e2.md": episode_text(guid=None, title="Wholly renamed")})
    items = [item(1), item(2)]
    found = import_feed(read_config(config), Source(content=host_feed(items)))
    assert found.taken.guids == 1
    assert {"host-only", "not-at-host"} <= codes(found.problems)
    review = tmp_path / "import-review.csv"
    rows = list(csv.DictReader(review.read_text("utf-8-sig").splitlines()))
    assert {(row["file"], row["guid"]) for row in rows} == {("episodes/e2.md", ""), ("", "guid-2")}

    rows[0] |= {"decision": "yes", "file": "episodes/e2.md", "guid": "guid-2"}
    with review.open("w", newline="") as stream:
        table = csv.DictWriter(stream, rows[0].keys())
        table.writeheader()
        table.writerows(rows)
    again = import_feed(read_config(config), Source(content=(tmp_path / "host-feed.xml").read_bytes()))
    assert again.taken.guids == 2
    built(config, tmp_path / "out")
    assert {facts[0] for facts in published(tmp_path / "out").values()} == {"guid-1", "guid-2"}


@pytest.mark.parametrize("row", ["maybe,episodes/e1.md,guid-1", 'yes,"episodes/e1.md,guid-1', "yes,,guid-1"])
def test_an_answer_that_cannot_be_read_is_named_and_no_answer_is_lost(row, tmp_path):
    config = write_archive(tmp_path, episodes(1, 2))
    review = tmp_path / "import-review.csv"
    review.write_text(f"decision,file,guid\nno,episodes/e2.md,guid-2\n{row}\n")
    before = review.read_bytes()
    with pytest.raises(UsageError) as refused:
        import_feed(read_config(config), Source(content=host_feed([item(1), item(2)])))
    assert {(fault.place.path, fault.place.line) for fault in refused.value.problems} == {("import-review.csv", 3)}
    assert review.read_bytes() == before
    assert not (tmp_path / "feedbuilder.lock").exists()


def test_guids_that_the_ledger_has_are_replaced_only_when_that_is_said(tmp_path):
    ids = {"youtube": "abcdefghijk"}
    config = write_archive(tmp_path, episodes(1, ids=ids))
    own = built(config, tmp_path / "out").show.episodes[0].guid
    feed = host_feed([item(1, notes="https://www.youtube.com/watch?v=abcdefghijk")], channel="")
    refused = import_feed(read_config(config), Source(content=feed))
    assert "guid-differs" in codes(refused.problems)
    assert own in (tmp_path / "feedbuilder.lock").read_text()

    import_feed(read_config(config), Source(content=feed), replace_guids=True)
    before = tree(tmp_path / "out")
    with pytest.raises(RefusedError, match="--accept guid"):
        built(config, tmp_path / "out")
    assert tree(tmp_path / "out") == before
    built(config, tmp_path / "out", accept=["guids", "dates"])
    assert published(tmp_path / "out")["Episode about subject 1"][0] == "guid-1"
    assert own not in (tmp_path / "feedbuilder.lock").read_text()


def test_a_guid_written_in_the_file_is_never_overruled(tmp_path):
    config = write_archive(tmp_path, {"e1.md": episode_text(guid="mine", title=item(1).title, dateadded="2024-01-01")})
    found = import_feed(read_config(config), Source(content=host_feed([item(1)])), replace_guids=True)
    assert "guid-differs" in codes(found.problems)
    with pytest.raises(RefusedError, match="guid-1 → mine"):
        built(config, tmp_path / "out")
    built(config, tmp_path / "out", accept=["guids"])
    assert published(tmp_path / "out")[item(1).title][0] == "mine"


def test_a_first_feed_that_lacks_items_of_the_host_is_refused(tmp_path):
    config = write_archive(tmp_path, episodes(1))
    import_feed(read_config(config), Source(content=host_feed([item(1), item(2, title="Only there")])))
    with pytest.raises(RefusedError, match="Only there"):
        built(config, tmp_path / "out")
    assert not (tmp_path / "out/feed.xml").exists()
    built(config, tmp_path / "out", accept=["removals"])
    assert published(tmp_path / "out").keys() == {item(1).title}


def test_a_dry_run_writes_nothing(tmp_path):
    config = write_archive(tmp_path, episodes(1, 2))
    before = tree(tmp_path)
    (tmp_path / "mine.xml").write_bytes(host_feed([item(1)]))
    told = feedbuilder("import", tmp_path / "mine.xml", "--dry-run", "-c", config)
    assert "1 found their file" in told.stdout
    (tmp_path / "mine.xml").unlink()
    assert tree(tmp_path) == before


def test_the_command_tells_counts_and_reasons_to_people_and_programs(tmp_path):
    config = write_archive(tmp_path, episodes(1, 2))
    (tmp_path / "host.xml").write_bytes(host_feed([item(1), item(9, title="Only there")]))
    told = feedbuilder("import", tmp_path / "host.xml", "-c", config)
    assert told.returncode == 3
    assert "host-only" in told.stderr
    assert "1 guids, 1 dates and 1 audio addresses taken over" in told.stdout
    again = feedbuilder("import", "-c", config, "--format", "json")
    document = json.loads(again.stdout)
    assert document["items_without_file"] == ["Only there"]
    assert document["matches"][0]["file"] == "episodes/e1.md"
    assert document["matches"][0]["why"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"<html><body>Not found</body></html>", "web page"),
        (b'<!DOCTYPE rss [<!ENTITY a "b">]><rss/>', "DOCTYPE"),
        (host_feed([item(1)])[:-60], "host.xml"),
    ],
)
def test_a_feed_that_cannot_be_used_is_refused_in_the_owners_terms(content, told, tmp_path):
    config = write_archive(tmp_path, episodes(1))
    (tmp_path / "host.xml").write_bytes(content)
    result = feedbuilder("import", tmp_path / "host.xml", "-c", config)
    assert result.returncode == 2
    assert told in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "feedbuilder.lock").exists()


def test_an_episode_from_before_the_hosts_feed_begins_may_be_cut_off_from_it_and_is_told_as_a_warning(tmp_path):
    config = write_archive(tmp_path, episodes(1, 9, 20))
    found = import_feed(read_config(config), Source(content=host_feed([item(9)])))
    told = {fault.place.path: (fault.severity, "begins on 2024-01-09" in fault.message) for fault in found.problems}
    assert told == {"episodes/e1.md": ("warning", True), "episodes/e20.md": ("note", False)}


def test_a_wrong_file_is_blamed_itself_and_not_the_feed_that_was_kept_before(tmp_path):
    config = write_archive(tmp_path, episodes(1))
    import_feed(read_config(config), Source(content=host_feed([item(1)])))
    before = tree(tmp_path)
    (tmp_path / "login.xml").write_text("<!doctype html><html><body>Login</body></html>")
    run = feedbuilder("import", "login.xml", cwd=tmp_path)
    assert run.returncode == 2
    assert "login.xml:1:1: this is a web page, not a feed\n    <!doctype html>" in run.stderr
    assert "host-feed.xml" not in run.stderr
    (tmp_path / "login.xml").unlink()
    assert tree(tmp_path) == before


def test_a_feed_from_a_file_is_told_of_with_that_files_lines(tmp_path):
    config = write_archive(tmp_path / "site", episodes(1))
    (tmp_path / "host.xml").write_bytes(host_feed([item(1), item(2, title="Only there")]))
    run = feedbuilder("import", "host.xml", "-c", config, cwd=tmp_path)
    assert "  host.xml:7: 'Only there' is in no file" in run.stderr


def test_pictures_that_only_the_host_has_are_told_with_their_addresses_before_a_build_loses_them(tmp_path):
    written = {**episodes(1, 3, 4), **episodes(2, image="https://show.example/2.jpg")}
    config = write_archive(tmp_path, written)
    pictures = ["own1.jpg", "own2.jpg", "show.jpg", "show.jpg"]
    channel = '<itunes:image href="https://host.example/show.jpg"/>'
    content = host_feed([item(number) for number in (1, 2, 3, 4)], channel).decode()
    for picture in pictures:
        content = content.replace(
            "<itunes:duration>", f'<itunes:image href="https://host.example/{picture}"/><itunes:duration >', 1
        )
    (tmp_path / "host.xml").write_text(content)
    run = feedbuilder("import", tmp_path / "host.xml", "-c", config)
    assert run.returncode == 3
    assert "warning[host-picture] 1 time\n" in run.stderr
    assert "e1.md:1:1: its picture at the host, https://host.example/own1.jpg, is not in the file" in run.stderr
    with pytest.raises(RefusedError, match="pictures"):
        built(config, tmp_path / "out", accept=["artwork"])
    e1 = tmp_path / "episodes/e1.md"
    e1.write_text(e1.read_text().replace("---\n", "---\nimage: https://host.example/own1.jpg\n", 1))
    assert "host-picture" not in feedbuilder("import", "-c", config).stderr
    built(config, tmp_path / "out", accept=["artwork"])


real_archive = pytest.mark.skipif(not REAL_ARCHIVE.is_dir(), reason="the real archive is not at hand")


@real_archive
def test_importing_its_own_feed_into_a_fresh_clone_gives_the_very_same_feed(tmp_path):
    config = write_real_config(tmp_path / "site")
    config.write_text(config.read_text() + "\ntranscripts: []\n")
    built(config, tmp_path / "out")
    before, ledger = tree(tmp_path / "out"), (tmp_path / "site/feedbuilder.lock").read_bytes()
    (tmp_path / "site/feedbuilder.lock").unlink()
    shutil.rmtree(tmp_path / "site/output", ignore_errors=True)
    found = import_feed(read_config(config), Source(content=before["feed.xml"]))
    assert (len(found.matching.matches), found.matching.doubtful) == (54, ())
    assert (tmp_path / "site/feedbuilder.lock").read_bytes() == ledger
    built(config, tmp_path / "elsewhere")
    assert tree(tmp_path / "elsewhere") == before


@real_archive
@pytest.mark.parametrize("seed", range(3))
def test_a_host_like_feed_of_the_real_archive_gives_the_hosts_guids_dates_and_audio(seed, tmp_path):
    chance = random.Random(seed)
    config = write_real_config(tmp_path / "site")
    config.write_text(config.read_text() + "\ntranscripts: []\n")
    settings = read_config(config)
    items = {}
    dated = sum(file.record.dateadded is not None for file in read_archive(settings).episodes)
    for file in read_archive(settings).episodes:
        day = file.record.dateadded or datetime(2025, 11, 1 + len(items) % 28, tzinfo=UTC)
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
        anchor = file.record.ids.get("anchor", "")
        items[file.path] = HostItem(
            title=file.record.title if chance.random() < 0.9 else f"{file.record.title} - DataTalks.Club",
            guid=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
            published=moment + timedelta(hours=chance.randrange(4, 20), seconds=chance.randrange(3600)),
            audio=f"https://anchor.fm/s/1c2d3e/podcast/play/{chance.getrandbits(32)}/{uuid.uuid4()}.mp3",
            length=chance.randrange(10_000_000, 90_000_000),
            link=f"https://podcasters.spotify.com/pod/show/{anchor.rpartition('/a-')[0] or anchor}",
        )
    listed = sorted(items.values(), key=lambda one: one.published, reverse=True)
    found = import_feed(settings, Source(content=host_feed(listed)))
    wrong = [match for match in found.matching.matches if match.item.guid != items[match.episode.path].guid]
    assert not wrong
    assert len(found.matching.matches) >= 0.98 * dated  # a title alone is for the owner to judge
    report = built(config, tmp_path / "out", accept=["removals"])
    taken = {match.episode.path: match.item for match in found.matching.matches}
    for episode in report.show.episodes:
        if episode.source in taken:
            host = items[episode.source]
            assert episode.enclosure is not None
            assert (episode.guid, episode.published, episode.enclosure.url, episode.enclosure.length_bytes) == (
                host.guid, host.published, host.audio, host.length,
            )  # fmt: skip
    assert len(report.show.episodes) >= len(taken) - 1
    assert all(episode.published <= NOW for episode in report.show.episodes)
