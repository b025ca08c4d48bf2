"""What a golden case would not point at: lengths and characters at their limits."""

from __future__ import annotations

import dataclasses
import sys
from datetime import UTC, datetime

import pytest
from lxml import etree

from feedbuilder.model import Episode, Show
from feedbuilder.render import feed
from feedbuilder.vocabulary.characters import FORBIDDEN, legal

EPISODE = Episode(
    slug="a", source="a.md", guid="a", title="A", published=datetime(2026, 1, 1, tzinfo=UTC), language="en"
)
SHOW = Show(
    title="S", link="https://s.example/", feed_url="https://s.example/f.xml", description="d", language="en", guid="g"
)


def item(**fields: object) -> etree._Element:
    episode = dataclasses.replace(EPISODE, **fields)
    return etree.fromstring(feed.render(dataclasses.replace(SHOW, episodes=(episode,)), {})).find("channel/item")


def test_notes_without_words_leave_no_trace() -> None:
    assert {etree.QName(child).localname for child in item()} & {"description", "encoded"} == set()


@pytest.mark.parametrize(("number", "written"), [(20261123.0, "20261123"), (4.5, "4.5"), (0.125, "0.125"), (0.0, "0")])
def test_episode_numbers_are_written_as_people_write_them(number: float, written: str) -> None:
    assert item(episode=number).findtext("{https://podcastindex.org/namespace/1.0}episode") == written


def test_the_reader_and_the_writer_replace_the_same_characters() -> None:
    characters = [chr(code) for code in range(sys.maxunicode + 1)]
    assert "".join(map(legal, characters)) == FORBIDDEN.sub("\ufffd", "".join(characters))
    assert legal("".join(characters)) == "".join(map(legal, characters))
