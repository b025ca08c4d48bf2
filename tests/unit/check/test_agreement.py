"""Where other checkers and the specifications' own pages have said yes or no already.

The cases of the W3C feed validator (github.com/rubys/feedvalidator, testcases/) are told by their names and by the one
line that each is about; the feed around it is ours.
"""

from __future__ import annotations

import pytest
from specimens import FEED, NOW

from feedbuilder.check.catalogue import RULES
from feedbuilder.check.document import read_document
from feedbuilder.check.examine import examine_feed, examine_text, findings
from feedbuilder.check.feed import read_feed
from feedbuilder.check.rules import Level, Profile

CHANNEL, ITEM = "<ttl>60</ttl>", "<description>Words.</description>"
"""What a line about the show or about an episode is put beside."""

AGREED: dict[str, tuple[str, str, str | None]] = {
    # W3C case: (beside, line, our rule, or None where both take it)
    "itunes/must/duration_in_channel": (CHANNEL, "<itunes:duration>00:07:04</itunes:duration>", "X7"),
    "itunes/must/invalid_category_and_sub": (
        CHANNEL, '<itunes:category text="Foo"><itunes:category text="Bar"/></itunes:category>', "C5",
    ),
    "itunes/must/missing_category": (CHANNEL, "<itunes:category/>", "C5"),
    "itunes/must/abbreviated_duration": (ITEM, "<itunes:duration>7:40</itunes:duration>", None),
    "itunes/must/invalid_duration": (ITEM, "<itunes:duration>00:07:74</itunes:duration>", "I8"),
    "itunes/must/image_no_url": (ITEM, "<itunes:image/>", "I9"),
    "itunes/must/duplicate_explicit_value": (
        ITEM, "<itunes:explicit>true</itunes:explicit><itunes:explicit>false</itunes:explicit>", "X10",
    ),
    "itunes/must/whitespace_in_explicit_value": (ITEM, "<itunes:explicit> true </itunes:explicit>", "I10"),
    "rss20/data-types-datetime/invalid_pubdate_dow": (
        CHANNEL, "<lastBuildDate>Mon, 31 Dec 2002 14:20:20 GMT</lastBuildDate>", "C18",
    ),
    "rss20/data-types-datetime/invalid_pubdate_day": (
        CHANNEL, "<lastBuildDate>Tue, 32 Dec 2002 14:20:20 GMT</lastBuildDate>", "C18",
    ),
    "rss20/data-types-datetime/missing_space": (
        CHANNEL, "<lastBuildDate>Tue,31 Dec 2002 14:20:20 GMT</lastBuildDate>", "C18",
    ),
    "rss20/data-types-datetime/pubdate_no_weekday": (
        CHANNEL, "<lastBuildDate>31 Dec 2002 14:20:20 GMT</lastBuildDate>", None,
    ),
    "rss20/data-types-datetime/pubdate_no_seconds": (
        CHANNEL, "<lastBuildDate>Tue, 31 Dec 2002 14:20 GMT</lastBuildDate>", None,
    ),
    "rss20/data-types-datetime/pubdate_one_digit_day": (
        CHANNEL, "<lastBuildDate>Sun, 1 Dec 2002 14:20:20 GMT</lastBuildDate>", None,
    ),
    "rss20/data-types-datetime/pubdate_pst": (
        CHANNEL, "<lastBuildDate>Tue, 31 Dec 2002 14:20:20 PST</lastBuildDate>", None,
    ),
    "rss20/data-types-datetime/pubdate_z": (
        CHANNEL, "<lastBuildDate>Tue, 31 Dec 2002 14:20:20 Z</lastBuildDate>", None,
    ),
    "rss20/data-types-email/missing-email": (CHANNEL, "<webMaster>Tech Support</webMaster>", "C21"),
    "rss20/data-types-email/missing-name": (CHANNEL, "<webMaster>help@show.example</webMaster>", "C21"),
    "rss/must/unknown_element": (ITEM, "<foo>bar</foo>", "X7"),
}  # fmt: skip
STRICTER: dict[str, tuple[str, str, str]] = {
    # W3C takes these; Apple, PSP-1 or the specifications do not
    "itunes/must/lowercase_explicit_value": (ITEM, "<itunes:explicit>yes</itunes:explicit>", "I10"),
    "rss20/data-types-datetime/pubdate_pre_y2k": (
        CHANNEL, "<lastBuildDate>Tue, 31 Dec 02 14:20:20 GMT</lastBuildDate>", "C18",
    ),
    "rss20/data-types-datetime/pubdate_a": (
        CHANNEL, "<lastBuildDate>Tue, 31 Dec 2002 14:20:20 A</lastBuildDate>", "C18",
    ),
    "rss20/data-types-datetime/pubdate_comments": (
        CHANNEL, "<lastBuildDate>Tue, (a day) 31 Dec 2002 14:20:20 GMT</lastBuildDate>", "C18",
    ),
    "rss20/data-types-url/iri": (ITEM, "<comments>https://show.example/日本</comments>", "U1"),
}  # fmt: skip
LAXER: dict[str, tuple[str, str]] = {
    # W3C refuses these; no directory or app is known to
    "itunes/must/invalid_block_value": (ITEM, "<itunes:block>Absolutely</itunes:block>"),
}
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
    feed = read_feed(document.root, now=NOW)
    return {one.rule.code for one in findings(examine_feed(document, feed), "feed.xml", profile)}


def beside(place: str, line: str) -> str:
    return FEED.replace(place, f"{place}\n{line}")


@pytest.mark.parametrize("case", AGREED)
def test_what_the_w3c_validator_says_is_said_here(case: str):
    place, line, rule = AGREED[case]
    found = broken_by(beside(place, line)) - {"I8b"}  # W3C has no opinion on seconds
    assert (rule in found) if rule else not found


@pytest.mark.parametrize("case", STRICTER)
def test_what_directories_refuse_is_refused_although_the_w3c_validator_takes_it(case: str):
    place, line, rule = STRICTER[case]
    assert rule in broken_by(beside(place, line))


@pytest.mark.parametrize("case", LAXER)
def test_what_nobody_refuses_is_taken_although_the_w3c_validator_does_not(case: str):
    place, line = LAXER[case]
    assert broken_by(beside(place, line)) == set()


def test_an_attribute_in_other_letters_is_told():
    assert "I5b" in broken_by(FEED.replace('isPermaLink="false">two', 'isPermalink="false">two'))


def test_the_old_capitals_of_the_itunes_namespace_are_told_once_and_its_elements_are_read_all_the_same():
    text = FEED.replace("http://www.itunes.com/dtds/podcast-1.0.dtd", "http://www.itunes.com/DTDs/Podcast-1.0.dtd")
    assert broken_by(text) <= {"X5", "X5b"}


def test_the_examples_of_the_namespace_pages_break_no_rule():
    found = broken_by(beside(ITEM, NAMESPACE_PAGES))
    assert {code for code in found if RULES[code].level is Level.ERROR} == set()
    found = broken_by(beside(CHANNEL, NAMESPACE_PAGES_OF_SHOWS))
    assert {code for code in found if RULES[code].level is Level.ERROR} == set()


def test_the_example_of_the_chapters_page_breaks_no_rule():
    assert list(examine_text("chapters.json", CHAPTERS_PAGE.encode(), role="chapters")) == []
