"""Where other checkers and the specifications' own pages have said yes or no already.

docs/agreement.md tells the same in words, and is held to these tables.
"""

from __future__ import annotations

import re
from collections import Counter

import pytest
from archives import REPOSITORY
from psp1_cases import DEMANDS, Demand
from small_feed import codes_in, feed
from specimens import FEED, NOW
from w3c_case import WHY, Case
from w3c_cases import CASES

from feedbuilder.check.catalogue import RULES
from feedbuilder.check.document import read_document
from feedbuilder.check.examine import examine_feed, examine_text, findings
from feedbuilder.check.feed import read_feed
from feedbuilder.check.rules import Level, Profile

PAGE = (REPOSITORY / "docs/agreement.md").read_text("utf-8")
CHANNEL, ITEM = "<ttl>60</ttl>", "<description>Words.</description>"
"""What a line about the show or about an episode is put beside."""
NAMESPACE_PAGES = """
<podcast:transcript url="https://example.com/episode1/transcript.html" type="text/html" />
<podcast:transcript url="https://example.com/episode1/transcript.vtt" type="text/vtt" />
<podcast:transcript url="https://example.com/episode1/transcript.json" type="application/json" language="es" rel="captions" />
<podcast:soundbite startTime="73.0" duration="60.0" />
<podcast:soundbite startTime="234.5" duration="42.25">Why the Podcast Namespace Matters</podcast:soundbite>
<podcast:person href="https://example.com/johnsmith/blog" img="http://example.com/images/johnsmith.jpg">John Smith</podcast:person>
<podcast:person group="writing" role="guest" href="https://www.wikipedia/alicebrown">Alice Brown</podcast:person>
<podcast:person group="visuals" role="Cover Art Designer" href="https://example.com/artist/beckysmith">Becky Smith</podcast:person>
<podcast:location geo="geo:30.2672,97.7431" osm="R113314">Austin, TX</podcast:location>
<podcast:location geo="geo:33.51601,-86.81455" osm="R6930627" country="us">Birmingham Civil Rights Museum</podcast:location>
<podcast:location geo="geo:-27.86159,153.3169" rel="subject" osm="W43678282">Dreamworld (Queensland)</podcast:location>
<podcast:season name="Race for the Whitehouse 2020">3</podcast:season>
<podcast:episode display="Ch.3">204</podcast:episode>
<podcast:license url="https://example.org/mypodcastlicense/full.pdf">my-podcast-license-v1</podcast:license>
<podcast:contentLink href="https://www.youtube.com/watch?v=example">Watch this episode on YouTube!</podcast:contentLink>
<podcast:socialInteract protocol="activitypub" uri="https://podcastindex.social/@dave/105079274766075912" accountId="@dave" />
<podcast:socialInteract protocol="disabled" />
<podcast:chat server="irc.zeronode.net" protocol="irc" accountId="@jsmith" space="#myawesomepodcast" />
<podcast:txt purpose="applepodcastsverify">05124</podcast:txt>
<podcast:image purpose="artwork social" type="image/jpeg" aspect-ratio="16/9" alt="A" href="https://example.com/a.jpg" />
<podcast:alternateEnclosure type="audio/mpeg" length="43200000" bitrate="128000" default="true" title="Standard">
    <podcast:source uri="https://example.com/file-0.mp3" />
    <podcast:source uri="ipfs://someRandomMpegFile" />
    <podcast:source uri="https://example.com/file-0.torrent" contentType="application/x-bittorrent" />
</podcast:alternateEnclosure>
<podcast:value type="lightning" method="keysend" suggested="0.00000005000">
    <podcast:valueRecipient name="Alice (Podcaster)" type="node" address="02d5c1" split="95" />
    <podcast:valueRecipient name="Hosting Provider" type="node" address="03ae9f" split="5" fee="true" />
    <podcast:valueTimeSplit startTime="60" duration="237" remotePercentage="95">
        <podcast:remoteItem itemGuid="x" feedGuid="a94f5cc9-8c58-55fc-91fe-a324087a655b" medium="music" />
    </podcast:valueTimeSplit>
</podcast:value>
"""  # noqa: E501
NAMESPACE_PAGES_OF_SHOWS = """
<podcast:funding url="https://www.example.com/members">Become a member!</podcast:funding>
<podcast:trailer pubdate="Thu, 01 Apr 2021 08:00:00 EST" url="https://example.org/trailers/teaser" length="12345678" type="audio/mp3">Coming April 1st, 2021</podcast:trailer>
<podcast:podping usesPodping="true"/>
<podcast:updateFrequency rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;COUNT=10" dtstart="2023-08-28T00:00:00.000Z">Every other Monday</podcast:updateFrequency>
<podcast:block id="google">no</podcast:block>
<podcast:remoteItem feedGuid="917393e3-1b1e-5cef-ace4-edaa54e1f810" />
<podcast:podroll><podcast:remoteItem feedGuid="917393e3-1b1e-5cef-ace4-edaa54e1f810" /></podcast:podroll>
<podcast:publisher><podcast:remoteItem feedGuid="917393e3-1b1e-5cef-ace4-edaa54e1f810" /></podcast:publisher>
<podcast:liveItem status="live" start="2021-09-26T07:30:00.000-0600" end="2021-09-26T09:30:00.000-0600">
    <title>Podcasting 2.0 Live Stream</title>
    <guid isPermaLink="false">e32b4890-983b-4ce5-8b46-f2d6bc1d8819</guid>
    <enclosure url="https://example.com/pc20/livestream?format=.mp3" type="audio/mpeg" length="312" />
    <podcast:contentLink href="https://example.com/html/livestream">Listen Live!</podcast:contentLink>
</podcast:liveItem>
"""  # noqa: E501
CHAPTERS_PAGE = """{ "version": "1.2.0", "author": "John Doe", "title": "Episode 7 - Making Progress",
  "podcastName": "John's Awesome Podcast", "chapters": [
    { "startTime": 0, "title": "Intro" },
    { "startTime": 168, "title": "Hearing Aids" },
    { "startTime": 410, "title": "Namespace", "img": "https://example.com/images/namepsace_example.jpg",
      "url": "https://github.com/Podcastindex-org/podcast-namespace" },
    { "startTime": 4826, "img": "https://example.com/images/parisfrance.jpg", "toc": false,
      "location": { "name": "Eiffel Tower, Paris", "geo": "geo:42.3417649,-70.9661596" } }
] }"""


def broken_by(text: str, profile: Profile = Profile.ALL) -> set[str]:
    document = read_document(text.encode())
    assert document.root is not None
    read = read_feed(document.root, now=NOW)
    return {one.rule.code for one in findings(examine_feed(document, read), "feed.xml", profile)}


def beside(place: str, line: str) -> str:
    return FEED.replace(place, f"{place}\n{line}")


def test_the_small_feed_that_cases_change_breaks_no_rule():
    assert codes_in(feed()) == codes_in(feed(other="")) == ""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_of_the_w3c_validator_breaks_the_rules_that_the_table_says(case: Case):
    assert codes_in(case.content) == case.ours


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_where_the_w3c_validator_differs_the_table_says_why(case: Case):
    assert (case.they_object != bool(case.ours)) == bool(case.why)


def test_no_case_is_told_twice_and_no_reason_is_left_over():
    assert len({case.name for case in CASES}) == len(CASES)
    assert {case.why for case in CASES} - {""} == set(WHY)


@pytest.mark.parametrize("demand", DEMANDS, ids=lambda demand: demand.text)
def test_a_demand_of_psp_1_is_held_and_not_more_than_it(demand: Demand):
    assert codes_in(demand.failing, Profile.PSP1) == demand.ours
    assert codes_in(demand.passing, Profile.PSP1) == ""


def test_the_page_counts_the_cases_as_they_are():
    stricter = sum(bool(case.why) and bool(case.ours) for case in CASES)
    laxer = sum(bool(case.why) and not case.ours for case in CASES)
    counts = f"{len(CASES)} cases: {len(CASES) - stricter - laxer} the same, {stricter} stricter, {laxer} laxer"
    assert counts in PAGE
    assert f"{len(DEMANDS)} demands" in PAGE


def test_the_page_names_every_case_that_is_judged_otherwise_beside_its_reason():
    rows = re.findall(r"^\| (.+) \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
    told = Counter((name, why) for names, _, why in rows for name in re.findall(r"`([^`]+)`", names))
    for case in CASES:
        if case.why:
            assert told[case.name.rpartition("/")[2], WHY[case.why]] == 1, case.name


def test_the_page_lists_every_demand_of_psp_1_with_its_rules():
    for demand in DEMANDS:
        assert f"| {demand.text} | {demand.strength} | {', '.join(demand.ours.split())} |" in PAGE


def test_an_attribute_in_other_letters_is_told():
    assert "I5b" in broken_by(FEED.replace('isPermaLink="false">two', 'isPermalink="false">two'))


def test_the_old_capitals_of_the_itunes_namespace_are_told_once_and_its_elements_are_read_all_the_same():
    text = FEED.replace("http://www.itunes.com/dtds/podcast-1.0.dtd", "http://www.itunes.com/DTDs/Podcast-1.0.dtd")
    assert broken_by(text) == {"X5", "X5b"}


def test_a_prefix_that_stands_for_something_else_is_told():
    assert "X5c" in broken_by(FEED.replace("http://www.itunes.com/dtds/podcast-1.0.dtd", "https://b.example/made-up"))


def test_the_examples_of_the_namespace_pages_break_no_rule():
    found = broken_by(beside(ITEM, NAMESPACE_PAGES))
    assert {code for code in found if RULES[code].level is Level.ERROR} == set()
    found = broken_by(beside(CHANNEL, NAMESPACE_PAGES_OF_SHOWS))
    assert {code for code in found if RULES[code].level is Level.ERROR} == set()


def test_the_example_of_the_chapters_page_breaks_no_rule():
    assert list(examine_text("chapters.json", CHAPTERS_PAGE.encode(), role="chapters")) == []
