"""Laws of the import: no episode ever gets another's guid, and a feed of one's own comes back as it was."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from archives import built, episode_text, tree, write_archive
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feedbuilder import read_config
from feedbuilder.takeover import Source, import_feed

WORDS = [
    "soil",
    "seed",
    "Wurzel",
    "jardín",
    "лес",
    "種",
    "rain",
    "part",
    "one",
    "two",
    "live",
    "2024",
    "AI",
    "&",
    "<b>",
    "\u200b",
    '"q"',
    "it's",
]
titles = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)


class Truth(NamedTuple):
    """One episode, as the archive and as the host know it; None: the one of them lacks it."""

    title: str
    day: int
    youtube: str | None
    host_title: str | None  # None: the host does not have the episode
    host_delay_minutes: int
    host_links: bool
    duration_s: int


truths = st.lists(
    st.builds(
        Truth,
        title=titles,
        day=st.integers(0, 40),
        youtube=st.none() | st.sampled_from(["aaaaaaaaaaa", "bbbbbbbbbbb", "ccccccccccc", "ddddddddddd"]),
        host_title=st.none() | titles,
        host_delay_minutes=st.integers(-2000, 2000),
        host_links=st.booleans(),
        duration_s=st.integers(60, 7200),
    ),
    min_size=1,
    max_size=6,
)
FIRST = datetime(2024, 1, 1, 6, tzinfo=UTC)


def archive_of(shows: list[Truth]) -> dict[str, str]:
    return {
        f"e{number}.md": episode_text(
            guid=None,
            title=truth.title,
            dateadded=str((FIRST + timedelta(days=truth.day)).date()),
            ids={"youtube": truth.youtube} if truth.youtube else None,
        )
        for number, truth in enumerate(shows)
    }


def feed_of(shows: list[Truth], *, faithful: bool) -> bytes:
    items = "".join(
        f"""<item><title>{escape(truth.title if faithful else truth.host_title or "")}</title>
        <guid isPermaLink="false">host-{number}</guid>
        <description>{escape(f"https://youtu.be/{truth.youtube}" if truth.youtube and truth.host_links else "")}
        </description><pubDate>{format_datetime(FIRST + timedelta(days=truth.day, minutes=truth.host_delay_minutes))}
        </pubDate><enclosure url={quoteattr(f"https://host.example/{number}.mp3")} length="5000000" type="audio/mpeg"/>
        </item>"""
        for number, truth in enumerate(shows)
        if faithful or truth.host_title is not None
    )
    return f'<rss version="2.0"><channel><title>S</title>{items}</channel></rss>'.encode()


def words_of(title: str) -> set[str]:
    """Return what a title says, without marks and tags."""
    return set(re.findall(r"\w+", title.replace("<b>", "").casefold()))


@given(truths)
def test_whatever_the_host_calls_and_dates_its_items_no_guid_goes_to_an_episode_that_shares_nothing_with_it(shows):
    with TemporaryDirectory() as name:
        config = write_archive(Path(name), archive_of(shows))
        found = import_feed(read_config(config), Source(content=feed_of(shows, faithful=False)))
        for match in found.matching.matches:
            number = int((match.item.guid or "").removeprefix("host-"))
            if match.episode.path != f"episodes/e{number}.md":
                mine, other = shows[int(match.episode.path[len("episodes/e") : -len(".md")])], shows[number]
                # not the one it was made from: then the data itself says so, for all that can be seen of it
                shared_id = mine.youtube is not None and mine.youtube == other.youtube and other.host_links
                assert shared_id or words_of(mine.title) == words_of(other.host_title or "")


@given(truths)
def test_an_import_twice_is_an_import_once(shows):
    with TemporaryDirectory() as name:
        folder = Path(name)
        config = write_archive(folder, archive_of(shows))
        import_feed(read_config(config), Source(content=feed_of(shows, faithful=True)))
        once = tree(folder)
        import_feed(read_config(config), Source(content=(folder / "host-feed.xml").read_bytes()))
        assert tree(folder) == once


@given(truths)
def test_a_feed_of_ones_own_comes_back_as_it_was(shows):
    with TemporaryDirectory() as name:
        folder = Path(name)
        files = {
            f"e{number}.md": text.replace("---\n", f"---\nguid: own-{number}\n", 1)
            for number, text in enumerate(archive_of(shows).values())
        }
        config = write_archive(folder, files)
        built(config, folder / "out")
        before, ledger = tree(folder / "out"), (folder / "feedbuilder.lock").read_bytes()
        (folder / "feedbuilder.lock").unlink()
        found = import_feed(read_config(config), Source(content=before["feed.xml"]))
        assert len(found.matching.matches) == len(etree.fromstring(before["feed.xml"]).findall(".//item"))
        assert (folder / "feedbuilder.lock").read_bytes() == ledger
        built(config, folder / "elsewhere", accept=["removals"])
        assert tree(folder / "elsewhere") == before
