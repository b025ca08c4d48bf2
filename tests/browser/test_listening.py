"""An episode's page beside its sound: captions, chapters and transcript follow it, and lead into it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sites import until

TRAILER = "episodes/welcome-to-the-seed-show.html"
TRUTH = json.loads((Path(__file__).parents[1] / "data/trailer_truth.json").read_text("utf-8"))
LONG = [said for said in TRUTH if said["end_ms"] - said["start_ms"] > 2000]  # the seconds of captions are estimates
SOUND = "document.getElementById('sound')"
CUES = f"[...{SOUND}.textTracks[0].activeCues].map(cue => cue.text).join(' ')"


@pytest.fixture
def page(open_page: Callable[..., Any], site: str) -> Any:
    page = open_page(site + TRAILER)
    until(page, f"{SOUND}.readyState > 0 && {SOUND}.textTracks[0].cues?.length > 3")
    return page


def seek(page: Any, second: float) -> None:
    page.evaluate(
        f"second => new Promise(done => {{ {SOUND}.addEventListener('seeked', done, {{once: true}});"
        f" {SOUND}.currentTime = second; }})",
        second,
    )


@pytest.mark.parametrize("said", LONG, ids=lambda said: said["text"][:20])
def test_captions_show_what_is_said_at_that_second(page: Any, said: dict[str, Any]) -> None:
    seek(page, (said["start_ms"] + said["end_ms"]) / 2000)
    until(page, f"{SOUND}.textTracks[0].activeCues.length > 0")
    shown = page.evaluate(CUES)
    assert words(shown) & words(said["text"]), shown
    assert f"<v {said['speaker']}>" in shown


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{4,}", text.lower()))


def test_captions_stand_below_the_player_once_it_plays(page: Any) -> None:
    assert page.locator(".caption").is_hidden()
    page.evaluate(f"{SOUND}.play()")
    until(page, f"{SOUND}.currentTime > 2.3")
    until(page, "document.querySelector('.caption').innerText.startsWith('Welcome to The Seed Show')")


def test_a_chapter_seeks_and_plays(page: Any) -> None:
    page.get_by_role("link", name="When Sentences Run Long").click()
    until(page, f"!{SOUND}.paused && {SOUND}.currentTime >= 21 && {SOUND}.currentTime < 24")
    current = page.locator(".chapters [aria-current]")
    assert current.count() == 1
    assert "When Sentences Run Long" in current.inner_text()
    assert "When Sentences Run Long" in page.locator(".now").inner_text()
    assert page.url.endswith(TRAILER), "the link was not followed away from the page"


def test_the_transcript_follows_the_sound(page: Any) -> None:
    page.locator("#transcript").scroll_into_view_if_needed()
    seek(page, 9.0)
    page.evaluate(f"{SOUND}.play()")
    until(page, "document.querySelector('.is-now')?.textContent.includes('what grows from 1 episode')")
    assert page.locator(".is-now").count() == 1
    until(
        page,
        """(() => {
        const box = document.querySelector('.is-now').getBoundingClientRect();
        const player = document.querySelector('.player').getBoundingClientRect();
        return box.top >= player.bottom && box.bottom <= innerHeight;
    })()""",
    )


def test_who_reads_the_notes_stays_there(page: Any) -> None:
    page.set_viewport_size({"width": 1280, "height": 500})
    seek(page, 9.9)
    page.evaluate(f"{SOUND}.play()")
    until(page, "document.querySelector('.is-now')")
    page.wait_for_timeout(300)
    assert page.evaluate("scrollY") == 0


def test_the_button_leads_to_the_words_from_wherever_the_listener_is(page: Any) -> None:
    page.set_viewport_size({"width": 1280, "height": 500})
    page.locator(".chapters a").nth(3).click()
    until(page, "document.querySelector('.is-now')")
    page.get_by_role("button", name="Follow the sound").click()
    until(page, "document.querySelector('.is-now').getBoundingClientRect().bottom <= innerHeight")
    assert page.locator("[data-follow]").get_attribute("aria-pressed") == "true"


def test_who_scrolls_is_not_pulled_back_until_they_ask_for_it(page: Any) -> None:
    follow = page.get_by_role("button", name="Follow the sound")
    page.locator(".turn").last.scroll_into_view_if_needed()
    page.evaluate(f"{SOUND}.play()")
    page.mouse.move(600, 700)
    page.mouse.wheel(0, 200)
    until(page, "document.querySelector('[data-follow]').getAttribute('aria-pressed') === 'false'")
    follow.click()
    assert follow.get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize("part", ["a", "span"])
def test_a_paragraph_of_the_transcript_seeks(page: Any, part: str) -> None:
    page.locator(".turn p", has_text="Ready? Add your own").locator(part).click()
    until(page, f"!{SOUND}.paused && {SOUND}.currentTime >= 31 && {SOUND}.currentTime < 34")


def test_buttons_skip_and_change_the_speed(page: Any) -> None:
    page.get_by_role("button", name="30 seconds forward").click()
    until(page, f"Math.abs({SOUND}.currentTime - 30) < 1")
    page.get_by_role("button", name="15 seconds back").click()
    until(page, f"Math.abs({SOUND}.currentTime - 15) < 1")
    page.get_by_role("button", name="Speed: 1×").click()
    until(page, f"{SOUND}.playbackRate === 1.25")
    page.get_by_role("button", name="Speed: 1.25×").wait_for()


def test_an_address_with_a_second_starts_there(open_page: Callable[..., Any], site: str) -> None:
    page = open_page(site + TRAILER + "#t21")
    until(page, f"Math.abs({SOUND}.currentTime - 21) < 0.5")


def test_without_a_script_the_page_can_be_heard_read_and_sought_in(open_page: Callable[..., Any], site: str) -> None:
    page = open_page(site + TRAILER, java_script_enabled=False)
    assert page.locator("audio[controls]").is_visible()
    assert page.locator(".turn p").count() == 6
    assert page.locator(".needs-script:visible").count() == 0
    chapter = page.locator(".chapters a").nth(2)
    assert chapter.get_attribute("href") == "../audio/welcome-to-the-seed-show.mp3#t=21"
    assert page.locator("track").get_attribute("src") == "../transcripts/welcome-to-the-seed-show.vtt"


def test_an_episode_without_sound_has_no_player_and_its_chapters_lead_to_the_words(
    open_page: Callable[..., Any], site: str
) -> None:
    page = open_page(site + "episodes/kaggle-grandmaster-to-production-ml-and-education.html")
    assert page.locator("audio").count() == 0
    assert "The sound of this episode is not here." in page.locator(".silent").inner_text()
    page.locator(".chapters a[data-at]").nth(1).click()
    until(page, "location.hash.startsWith('#t')")
    assert page.locator(":target").inner_text().split()[0] >= "3:50"
