"""The chapters of a page lead into the sound where there is some, and nowhere that the listener already is."""

from __future__ import annotations

import pytest

from feedbuilder.captions.paragraphs import Paragraph
from feedbuilder.model import Chapter, Link
from feedbuilder.render.pages.chapter_links import list_chapters

SOUND = "../audio/one.mp3"
SAID = [Paragraph(start_ms=6000, end_ms=9000, speaker=None, text="Hello.", headings=())]


def chapters(*urls: str | None) -> list[Chapter]:
    return [Chapter(title=f"Part {place}", start_ms=place * 5000, url=url) for place, url in enumerate(urls)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://www.youtube.com/watch?v=a&t=0", "https://www.youtube.com/watch?v=a&t=5s"),
        ("https://www.youtube.com/watch?v=a", "https://www.youtube.com/watch?v=a&t&t=5"),
        ("https://vimeo.com/1", "https://vimeo.com/1#t=5s"),
        ("https://tube.example/w/1?start=0s", "https://tube.example/w/1?start=5s"),
    ],
)
def test_moments_of_a_recording_elsewhere_are_named_only_where_there_is_no_sound(first: str, second: str) -> None:
    given = chapters(first, second)
    assert [listed[1:] for listed in list_chapters(given, SOUND, SAID)] == [
        (f"{SOUND}#t=0", None, None),
        (f"{SOUND}#t=5", None, None),
    ]
    host = first.split("/")[2].removeprefix("www.")
    assert [listed[1:] for listed in list_chapters(given, None, SAID)] == [
        ("#t6", Link(label=host, url=first), None),
        ("#t6", Link(label=host, url=second), None),
    ]


@pytest.mark.parametrize("sound", [SOUND, None])
def test_a_page_about_a_chapter_is_named_by_its_host(sound: str | None) -> None:
    given = chapters("https://www.a.example/tools", "https://b.example/watch?v=a&t=5", None)
    about = [listed[3] for listed in list_chapters(given, sound, SAID)]
    assert about == [Link(label="a.example", url="https://www.a.example/tools"), None, None]


def test_a_chapter_after_the_last_words_leads_nowhere() -> None:
    assert [listed[1] for listed in list_chapters(chapters(None, None, None), None, SAID)] == ["#t6", "#t6", None]
