"""Feeds of strangers: every way they are known to be odd, and what becomes of it."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from time import process_time

import pytest
from archives import SEEDS, built
from lxml import etree

from feedbuilder.errors import Problem, UsageError
from feedbuilder.problems import CATALOGUE
from feedbuilder.source.host_feed import HostFeed, HostItem, read_host_feed
from feedbuilder.source.host_feed.text import MAX_FEED_BYTES

ITUNES = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
PODCAST = 'xmlns:podcast="https://podcastindex.org/namespace/1.0"'
ATOM = 'xmlns:atom="http://www.w3.org/2005/Atom"'
CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'
SPACES = f"{ITUNES} {PODCAST} {ATOM} {CONTENT} {MEDIA}"
DATE = "<pubDate>Tue, 23 Feb 2021 10:00:00 GMT</pubDate>"
GUID = '<guid isPermaLink="false">one</guid>'
AUDIO = '<enclosure url="https://cdn.example/1.mp3" length="12345" type="audio/mpeg"/>'
WHOLE = f"<title>One</title>{GUID}{DATE}{AUDIO}"


def feed_text(items: str = f"<item>{WHOLE}</item>", *, channel: str = "", spaces: str = SPACES) -> str:
    head = "<title>Show</title><link>https://show.example/</link>"
    return f'<rss version="2.0" {spaces}><channel>{head}{channel}{items}</channel></rss>'


def read(text: str | bytes) -> tuple[HostFeed, list[Problem]]:
    return read_host_feed(text if isinstance(text, bytes) else text.encode(), "host.xml")


def item_of(inner: str, **options: str) -> tuple[HostItem, list[Problem]]:
    feed, problems = read(feed_text(f"<item>{inner}</item>", **options))
    assert len(feed.items) == 1
    return feed.items[0], problems


def codes(problems: list[Problem]) -> list[str]:
    assert {one.code for one in problems} <= CATALOGUE.keys()
    assert all(one.remedy for one in problems)
    return [one.code for one in problems]


def refusal(data: str | bytes) -> Problem:
    with pytest.raises(UsageError) as caught:
        read(data)
    [problem] = caught.value.problems
    assert problem.code == "host-feed-unusable"
    assert problem.remedy
    assert problem.place.path == "host.xml"
    return problem


# the document as a whole


def test_a_plain_feed_has_nothing_odd():
    feed, problems = read(feed_text())
    assert problems == []
    item = feed.items[0]
    assert (feed.title, feed.link) == ("Show", "https://show.example/")
    assert (item.title, item.guid, item.guid_is_permalink) == ("One", "one", False)
    assert item.published == datetime(2021, 2, 23, 10, tzinfo=UTC)
    assert item.enclosure is not None
    assert (item.enclosure.url, item.enclosure.length_bytes) == ("https://cdn.example/1.mp3", 12345)
    assert item.enclosure.mime_type == "audio/mpeg"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty"),
        (b" \n\0\n", "empty"),
        (b"hello", "not XML"),
        (b'{"version": "https://jsonfeed.org"}', "JSON"),
        (b"<!DOCTYPE html><html><head></head><body>x<br></body></html>", "web page"),
        (b"<html><body>x</html>", "web page"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "Atom"),
        (b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', "RDF"),
        (b'<opml version="2.0"/>', "OPML"),
        (b"<podcast/>", "no RSS"),
        (b"<rss/>", "no <channel>"),
        (gzip.compress(b"<rss/>", mtime=0), "packed with gzip"),
        (b"PK\x03\x04rest", "packed with zip"),
        (b"<br/>Warning: x in y.php<rss/>", "no RSS"),
        (b"Warning: x in y.php <rss/>", "other text stands before the feed"),
    ],
)
def test_what_is_no_feed_is_refused_by_its_name(data: bytes, told: str):
    assert told in refusal(data).message


def test_a_web_page_that_names_its_feed_hands_the_address_on():
    page = "<html><head><link rel='alternate' type='application/rss+xml' href='https://h.example/f?a=1&amp;b=2'></head>"
    assert "https://h.example/f?a=1&b=2" in refusal(page).remedy


def test_a_doctype_is_refused_with_its_reason():
    laughs = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    problem = refusal(f'<?xml version="1.0"?>\n<!-- x -->\n{laughs}{feed_text()}')
    assert problem.place.line == 3
    assert "<!DOCTYPE>" in problem.message


def test_an_external_entity_is_not_opened(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    text = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + feed_text("<item><title>&x;</title></item>")
    assert "secret" not in refusal(text).message


def test_a_feed_cut_off_in_the_middle_says_where_it_ends():
    problem = refusal(feed_text().replace("<item>", "\n<item>").removesuffix("</channel></rss>")[:-30])
    assert "its end is missing" in problem.message
    assert problem.place.line == 2


def test_a_feed_over_64_mib_is_refused_before_it_is_read():
    started = process_time()
    assert f"{MAX_FEED_BYTES:,}" in refusal(b" " * (MAX_FEED_BYTES + 1)).message
    assert process_time() - started < 1


def test_nesting_without_end_is_refused():
    assert "depth" in refusal("<rss>" + "<a>" * 100_000 + "</a>" * 100_000 + "</rss>").message


def test_text_without_end_is_refused():
    assert "too" in refusal(feed_text(f"<item><title>{'x' * 10_500_000}</title></item>")).message


@pytest.mark.parametrize("opened", ["<!--", "<![CDATA[", "&", "<?", "<", "&#", "<rss ", "<a:b ", '<rss "', "&nbsp;"])
def test_what_is_opened_a_million_times_is_refused_in_time(opened: str):
    started = process_time()
    refusal("<rss>" + opened * 1_000_000)
    assert process_time() - started < 10


def test_broken_markup_is_refused_at_its_line():
    problem = refusal(feed_text("\n<item><title>One</item>"))
    assert problem.place.line == 2
    assert problem.place.column


def test_more_items_than_any_podcast_has_are_refused():
    assert "100,000 items" in refusal(feed_text("<item/>" * 100_001)).message


def test_more_tags_than_memory_has_room_for_are_refused():
    assert "tags" in refusal("<rss>" + "<a/>" * 3_000_001).message


def test_a_file_of_control_characters_is_no_text():
    assert "control characters" in refusal("<rss>" + "\x01" * 20_000).message


def test_a_sentence_of_closing_brackets_ends_an_address_in_time():
    started = process_time()
    item, _ = item_of(f"<description>{('https://a.example/' + ')' * 100_000 + ' ') * 50}</description>")
    assert item.links == ("https://a.example/",)
    assert process_time() - started < 5


# encodings


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_utf_is_read(codec: str):
    feed, problems = read(('<?xml version="1.0"?>' + feed_text().replace("One", "Ünö 日本")).encode(codec))
    assert (feed.items[0].title, problems) == ("Ünö 日本", [])


@pytest.mark.parametrize(
    ("codec", "title"),
    [("iso-8859-1", "Ünö"), ("windows-1252", "“Ünö” – …"), ("windows-1251", "Привет"), ("shift_jis", "日本語"),
     ("iso-2022-jp", "日本語"), ("gb2312", "中文"), ("koi8-r", "Привет"), ("iso-8859-2", "Žižek")],
)  # fmt: skip
def test_a_declared_encoding_is_held_to(codec: str, title: str):
    text = f'<?xml version="1.0" encoding="{codec}"?>' + feed_text().replace("One", title)
    feed, problems = read(text.encode(codec))
    assert (feed.items[0].title, problems) == (title, [])


@pytest.mark.parametrize("declared", ["ISO-8859-1", "windows-1251", "utf-16", "no-such-thing", "unicode_escape"])
def test_utf8_under_another_name_is_read_as_utf8(declared: str):
    feed, problems = read(f'<?xml version="1.0" encoding="{declared}"?>' + feed_text().replace("One", r"Ünö \u0041"))
    assert feed.items[0].title == r"Ünö \u0041"
    assert codes(problems) == ["host-feed"]


def test_windows_1252_under_the_name_of_utf8_is_read_and_told():
    text = feed_text().replace("One", "It’s “Ünö” – été")
    feed, problems = read(b'<?xml version="1.0" encoding="UTF-8"?>\n' + text.encode("cp1252"))
    assert feed.items[0].title == "It’s “Ünö” – été"
    assert codes(problems) == ["host-feed"]
    assert (problems[0].place.line, problems[0].place.column) == (2, text.index("’") + 1)


@pytest.mark.parametrize(("codec", "word"), [("cp1251", "Привет"), ("shift_jis", "日本語です"), ("koi8-r", "Привет")])
def test_another_script_under_the_name_of_utf8_is_refused(codec: str, word: str):
    problem = refusal(feed_text().replace("One", word).encode(codec))
    assert "does not fit" in problem.message
    assert problem.place.line == 1


def test_czech_under_the_name_of_utf8_is_refused_since_two_readings_are_possible():
    text = feed_text(channel="<language>cs</language>").replace("One", "Příběh")
    assert "does not fit" in refusal(text.encode("cp1250")).message


def test_a_character_cut_in_two_is_replaced_and_told():
    feed, problems = read(
        feed_text(channel="<language>ru</language>").replace("One", "Привет").encode().replace("т".encode(), b"\xd1")
    )
    assert feed.items[0].title == "Приве\ufffd"
    assert codes(problems) == ["host-feed"]


def test_control_characters_are_replaced_and_told():
    feed, problems = read("\0" + feed_text().replace("One", "O\x0bn\x00e").replace("<item>", "<item>\x08"))
    assert feed.items[0].title == "O\ufffdn\ufffde"
    assert codes(problems) == ["forbidden-character"]


def test_references_to_forbidden_characters_are_replaced_and_told():
    feed, problems = read(feed_text().replace("One", "O&#11;ne &#x1F600; it&#146;s"))
    assert feed.items[0].title == "O\ufffdne 😀 it’s"
    assert codes(problems) == ["host-feed"]


def test_white_space_before_the_declaration_is_skipped_and_told():
    feed, problems = read('\n\ufeff \n<?xml version="1.0" encoding="utf-8"?>\n' + feed_text())
    assert feed.items[0].place.line == 4
    assert codes(problems) == ["host-feed"]


# markup that is mended


def test_bare_ampersands_are_read_and_told():
    item, problems = item_of(
        f"<title>Q&A & AT&T &c;</title>{GUID}{DATE}"
        '<enclosure url="https://c.example/?a=1&b=2" length="12345" type="audio/mpeg"/>'
    )
    assert item.title == "Q&A & AT&T &c;"
    assert item.enclosure is not None
    assert item.enclosure.url == "https://c.example/?a=1&b=2"
    assert codes(problems) == ["host-feed"]


def test_html_entities_are_read_and_told_and_cdata_is_left_alone():
    item, problems = item_of(
        f"<title>a&nbsp;b&eacute;&LT;</title>{GUID}{DATE}{AUDIO}<description><![CDATA[x & <br> &y]]></description>"
    )
    assert item.title == "a bé<"
    assert codes(problems) == ["host-feed"]


def test_a_bare_less_than_sign_is_read_and_told():
    item, problems = item_of(f"<title>I <3 you, 1 < 2</title>{GUID}{DATE}{AUDIO}")
    assert item.title == "I <3 you, 1 < 2"
    assert codes(problems) == ["host-feed"]


def test_text_after_the_end_is_skipped_and_told():
    feed, problems = read(feed_text() + "\n<br/><b>Notice</b>: x & y")
    assert len(feed.items) == 1
    assert codes(problems) == ["host-feed"]


def test_comments_after_the_end_are_nothing_to_tell():
    assert read(feed_text() + "<!-- Cached by a plug-in -->\n")[1] == []


def test_items_after_the_end_are_never_cut_away():
    refusal(feed_text() + f"<item>{WHOLE}</item>")


def test_a_prefix_that_is_not_declared_has_its_usual_meaning():
    item, problems = item_of(f"{WHOLE}<itunes:duration>1:00</itunes:duration><o:p>x</o:p>", spaces="")
    assert item.duration_ms == 60_000
    assert codes(problems) == ["host-feed"]
    assert "itunes, o" in problems[0].message


def test_attributes_of_rss_that_stand_twice_or_close_together_are_read():
    item, problems = item_of(f"{WHOLE}<itunes:duration>1:00</itunes:duration>", spaces=f"{ITUNES}{ATOM}\n{ITUNES}")
    assert item.duration_ms == 60_000
    assert codes(problems) == ["host-feed", "host-feed"]
    assert item.place.line == 2


# names


@pytest.mark.parametrize(
    "uri",
    ["http://www.itunes.com/DTDs/Podcast-1.0.dtd", "https://www.itunes.com/dtds/podcast-1.0.dtd",
     "http://itunes.com/dtds/podcast-1.0.dtd/", "http://example.com/dtds/podcast-1.0.dtd"],
)  # fmt: skip
def test_itunes_is_known_by_every_address_it_is_given(uri: str):
    item, problems = item_of(f"{WHOLE}<x:Duration>61</x:Duration>", spaces=f'xmlns:x="{uri}"')
    assert (item.duration_ms, problems) == (61_000, [])


@pytest.mark.parametrize(
    "uri",
    ["https://podcastindex.org/namespace/1.0", "http://podcastindex.org/namespace/1.0/",
     "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"],
)  # fmt: skip
def test_the_podcast_namespace_is_known_by_every_address_it_is_given(uri: str):
    feed, _ = read(
        feed_text(channel="<p:guid>abc</p:guid><p:locked owner='x'>yes</p:locked>", spaces=f'xmlns:p="{uri}"')
    )
    assert (feed.guid, feed.locked) == ("abc", True)


def test_a_namespace_nobody_knows_goes_by_its_prefix():
    item, _ = item_of(f"{WHOLE}<itunes:season>2</itunes:season>", spaces='xmlns:itunes="urn:misspelt"')
    assert item.season == 2


def test_rss_in_a_namespace_of_its_own_is_rss():
    text = feed_text().replace("<rss", '<rss xmlns="http://backend.userland.com/rss2"')
    assert read(text)[0].items[0].title == "One"


def test_elements_in_other_cases_are_read():
    text = feed_text().replace("item>", "Item>").replace("pubDate", "PUBDATE").replace("isPermaLink", "ispermalink")
    feed, problems = read(text)
    assert (feed.items[0].guid_is_permalink, problems) == (False, [])


# items in odd places


def test_items_outside_the_channel_are_read_and_told():
    text = feed_text().replace(
        "</channel>",
        "</channel><item><title>Two</title>" + WHOLE.replace("One", "").replace(">one<", ">two<") + "</item>",
    )
    feed, problems = read(text)
    assert [item.title for item in feed.items] == ["One", "Two"]
    assert codes(problems) == ["host-item"]


def test_nested_items_are_both_read_and_keep_their_own_links():
    inner = f"<item>{WHOLE.replace('One', 'Two').replace('>one<', '>two<').replace('1.mp3', '2.mp3')}</item>"
    feed, problems = read(feed_text(f"<item>{WHOLE}{inner}</item>"))
    assert [item.links for item in feed.items] == [("https://cdn.example/1.mp3",), ("https://cdn.example/2.mp3",)]
    assert codes(problems) == ["host-item"]


def test_items_of_every_channel_are_read():
    feed, problems = read(
        feed_text().replace(
            "</channel>", f"</channel><channel><title>B</title><item>{WHOLE.replace('>one<', '>b<')}</item></channel>"
        )
    )
    assert (feed.title, len(feed.items)) == ("Show", 2)
    assert codes(problems) == ["host-feed"]


def test_what_is_no_item_is_told_and_not_read():
    text = feed_text(f"<item>{WHOLE}</item><podcast:liveItem><title>x</title></podcast:liveItem><atom:entry/>")
    feed, problems = read(text)
    assert len(feed.items) == 1
    assert codes(problems) == ["host-item", "host-item"]


def test_an_item_with_nothing_in_it_is_kept_and_told():
    item, problems = item_of("")
    assert (item.title, item.enclosure, item.published, item.guid) == ("", None, None, None)
    assert {"host-item", "host-guid", "host-date", "host-enclosure"} == set(codes(problems))


def test_a_feed_without_items_is_told():
    assert codes(read(feed_text(""))[1]) == ["host-feed"]


def test_the_same_oddity_of_many_items_is_told_once_with_their_lines():
    item = f"<item><title>T</title>{AUDIO}{DATE}</item>\n"
    _, problems = read(feed_text("\n" + item * 9))
    assert codes(problems) == ["host-guid"]
    assert problems[0].place.line == 2
    assert "9 items" in problems[0].message
    assert "lines 3, 4, 5, 6, 7 and 3 more" in problems[0].message


def test_lines_beyond_65535_are_right():
    feed, _ = read(feed_text("\n" * 70_000 + f"<item>{WHOLE}</item>"))
    assert feed.items[0].place.line == 70_001


# titles


@pytest.mark.parametrize(
    ("written", "title"),
    [("<![CDATA[A & B]]>", "A & B"), ("\n  A\n  B ", "A B"), ("Q&amp;amp;A", "Q&A"), ("<![CDATA[Q&amp;A]]>", "Q&A"),
     ("it&amp;#8217;s", "it’s"), ("A<!-- x -->B", "AB"), ("<b>A</b> B", "A B"), ("A &amp;nbsp; B", "A B")],
)  # fmt: skip
def test_titles_are_one_line_for_people(written: str, title: str):
    assert item_of(f"<title>{written}</title>")[0].title == title


def test_the_itunes_title_stands_in_for_a_missing_one():
    assert item_of("<title/><itunes:title>T</itunes:title>")[0].title == "T"


# guids


@pytest.mark.parametrize(
    ("written", "is_permalink"),
    [("", True), ('isPermaLink="false"', False), ('isPermaLink="False"', False), ('isPermaLink="no"', False),
     ('isPermaLink="True"', True), ('isPermaLink="yes"', True), ('isPermaLink=""', True), ('ispermalink="0"', False)],
)  # fmt: skip
def test_every_way_to_say_whether_a_guid_is_an_address(written: str, is_permalink: bool):
    assert item_of(f"<guid {written}> https://h.example/?p=1&amp;amp;x </guid>")[0].guid_is_permalink is is_permalink


def test_a_guid_is_taken_as_it_stands_without_the_space_around_it():
    assert item_of("<guid>\n https://h.example/?p=1&amp;#038;x=2 </guid>")[0].guid == "https://h.example/?p=1&#038;x=2"


@pytest.mark.parametrize(
    "written", ["", "<guid/>", "<guid> </guid>", '<guid isPermaLink="maybe">x</guid>', "<guid>x</guid><guid>y</guid>"]
)
def test_guids_that_are_not_as_they_should_be_are_told(written: str):
    item, problems = item_of(f"<title>T</title>{written}{DATE}{AUDIO}")
    assert item.guid == ("x" if "x" in written else None)
    assert codes(problems) == ["host-guid"]


def test_a_repeated_guid_is_told_and_both_items_stay():
    feed, problems = read(feed_text(f"<item>{WHOLE}</item>\n<item>{WHOLE}</item>"))
    assert len(feed.items) == 2
    assert codes(problems) == ["host-guid"]
    assert problems[0].place.line == 2


# dates


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("Tue, 23 Feb 2021 10:00:00 PST", "2021-02-23T18:00"),
        ("Tue, 23 Feb 2021 10:00:00 edt", "2021-02-23T14:00"),
        ("Tue, 23 Feb 2021 10:00:00 UT", "2021-02-23T10:00"),
        ("Tue, 23 Feb 2021 10:00:00 Z", "2021-02-23T10:00"),
        ("Tue, 23 Feb 2021 10:00:00 CEST", "2021-02-23T08:00"),
        ("Tue, 23 Feb 2021 10:00:00 +02:00", "2021-02-23T08:00"),
        ("Tue, 23 Feb 2021 10:00:00 -0000", "2021-02-23T10:00"),
        ("Tue,  23\n Feb 2021 10:00 GMT", "2021-02-23T10:00"),
        ("23 Feb 2021 10:00:00 GMT", "2021-02-23T10:00"),
        ("Tue, 23 Feb 21 10:00:00 GMT", "2021-02-23T10:00"),
        ("Tue, 02 Feb 99 1:2:3 GMT", "1999-02-02T01:02:03"),
        ("Tuesday, 23 February 2021 10:00:00 GMT", "2021-02-23T10:00"),
        ("Tue, 23-Feb-2021 10:00:00 GMT", "2021-02-23T10:00"),
        ("Tue, 7 Sept 2021 10:00:00 GMT", "2021-09-07T10:00"),
        ("Tue Feb 23 2021 10:00:00 GMT-0400 (EDT)", "2021-02-23T14:00"),
        ("Tue 23 Feb 2021 10:00:00 GMT+0100 (CET)", "2021-02-23T09:00"),
        ("Tue Feb 23 10:00:00 2021", "2021-02-23T10:00"),
        ("Tue Feb 23 10:00:00 UTC 2021", "2021-02-23T10:00"),
        ("February 23, 2021 10:00 PM EST", "2021-02-24T03:00"),
        ("Tue, 23 Feb 2021 12:30 am GMT", "2021-02-23T00:30"),
        ("Tue, 23 Feb 2021 24:00:00 GMT", "2021-02-24T00:00"),
        ("2021-02-23T10:00:00Z", "2021-02-23T10:00"),
        ("2021-02-23T10:00:00.000+01:00", "2021-02-23T09:00"),
        ("2021-02-23 10:00:00 +0100", "2021-02-23T09:00"),
        ("2021-02-23 10:00:00 UTC", "2021-02-23T10:00"),
        ("2021-02-23 10:00:00 GMT+0100", "2021-02-23T09:00"),
    ],
)
def test_every_date_that_means_one_moment_is_read(written: str, utc: str):
    item, _ = item_of(f"<pubDate>{written}</pubDate>")
    assert item.published == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "utc", "told"),
    [
        ("Tue, 23 Feb 2021 10:00:00", "2021-02-23T10:00", "no zone"),
        ("2021-02-23T10:00:00", "2021-02-23T10:00", "no zone"),
        ("2021-02-23", "2021-02-23T00:00", "no time of day"),
        ("23 Feb 2021", "2021-02-23T00:00", "no time of day"),
        ("Thu, 8 Oct 2014 09:00:00 GMT", "2014-10-08T09:00", "weekday"),
        ("Tue, 23 Feb 2021 10:00:00 IST", "2021-02-23T10:00", "IST"),
        ("Tue, 23 Feb 2021 10:00:00 +9900", "2021-02-23T10:00", "+9900"),
    ],
)
def test_a_date_read_with_a_doubt_is_told(written: str, utc: str, told: str):
    item, problems = item_of(f"<title>T</title>{GUID}{AUDIO}<pubDate>{written}</pubDate>")
    assert item.published == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert codes(problems) == ["host-date"]
    assert told in problems[0].message


@pytest.mark.parametrize(
    "written",
    ["", " ", "Invalid Date", "Mo, 13 Juli 2026 11:23:00 GMT", "mar., 23 févr. 2021 10:00:00 +0100", "03/04/2021 10:00",
     "Wed, 27 May 2020 34:50:00 -0400", "30 Feb 2021 10:00:00 GMT", "1614074400", "Thu, 01 Jan 1970 00:00:00 GMT",
     "31 Dec 9999 24:00:00 GMT", "Feb 2021", "0000-00-00 00:00:00", "x" * 1000, "23 Feb 2021 13:00 PM GMT"],
)  # fmt: skip
def test_a_date_without_one_meaning_is_told_and_left_out(written: str):
    item, problems = item_of(f"<title>T</title>{GUID}{AUDIO}<pubDate>{written}</pubDate>")
    assert item.published is None
    assert codes(problems) == ["host-date"]


def test_dublin_core_stands_in_for_a_missing_date():
    item, _ = item_of("<dc:date>2021-02-23T10:00:00Z</dc:date>", spaces='xmlns:dc="http://purl.org/dc/elements/1.1/"')
    assert item.published == datetime(2021, 2, 23, 10, tzinfo=UTC)


# enclosures


def enclosure_of(written: str) -> tuple[tuple[str, str, int | None] | None, list[str]]:
    item, problems = item_of(f"<title>T</title>{GUID}{DATE}{written}")
    found = item.enclosure
    return found and (found.url, found.mime_type, found.length_bytes), codes(problems)


@pytest.mark.parametrize("length", ["", "0", "-1", "unknown", "1:02:03", "12,5", "1e9", "9" * 5000, "1"])
def test_a_length_that_is_none_is_told_and_left_out(length: str):
    found = enclosure_of(f'<enclosure url="https://c.example/1.mp3" length="{length}" type="audio/mpeg"/>')
    assert found == (("https://c.example/1.mp3", "audio/mpeg", None), ["host-enclosure"])


@pytest.mark.parametrize("length", ["12345678", " 12345678 ", "12,345,678", "12.345.678", "12345678.0"])
def test_a_length_that_can_only_be_one_number_is_read(length: str):
    found = enclosure_of(f'<enclosure url="https://c.example/1.mp3" length="{length}" type="audio/mpeg"/>')
    assert found == (("https://c.example/1.mp3", "audio/mpeg", 12345678), [])


@pytest.mark.parametrize(
    ("ending", "written", "mime_type"),
    [("mp3", "", "audio/mpeg"), ("mp3", "audio/mp3", "audio/mpeg"), ("mp3", "text/html", "audio/mpeg"),
     ("m4a", "application/octet-stream", "audio/x-m4a"), ("mp3?x=1", "garbage", "audio/mpeg"), ("", "", "audio/mpeg"),
     ("mp3/default.php", "image/jpeg", "audio/mpeg"), ("m4a", "audio/mpeg", "audio/mpeg")],
)  # fmt: skip
def test_a_type_that_is_missing_or_wrong_is_told_and_inferred(ending: str, written: str, mime_type: str):
    found, told = enclosure_of(f'<enclosure url="https://c.example/1.{ending}" length="12345" type="{written}"/>')
    assert found is not None
    assert found[1] == mime_type
    assert set(told) == {"host-enclosure"}


def test_of_several_enclosures_the_first_that_plays_is_taken():
    pdf = '<enclosure url="https://c.example/1.pdf" length="12345" type="application/pdf"/>'
    picture = '<enclosure url="https://c.example/1.jpg" length="12345" type="image/jpeg"/>'
    other = AUDIO.replace("1.mp3", "2.mp3")
    assert enclosure_of(picture + pdf + AUDIO) == (("https://cdn.example/1.mp3", "audio/mpeg", 12345), [])
    assert enclosure_of(AUDIO + other) == (("https://cdn.example/1.mp3", "audio/mpeg", 12345), ["host-enclosure"])
    assert enclosure_of(pdf) == (("https://c.example/1.pdf", "application/pdf", 12345), [])
    assert enclosure_of(picture) == (None, ["host-enclosure"])


@pytest.mark.parametrize(
    "written",
    ["", "<enclosure/>", '<enclosure url=""/>', '<enclosure url="mailto:x"/>', '<enclosure url="http://[::1"/>',
     '<enclosure url="https:///x.mp3"/>', '<enclosure url="javascript:alert(1)"/>'],
)  # fmt: skip
def test_an_item_whose_audio_cannot_be_reached_is_told(written: str):
    found, told = enclosure_of(written)
    assert found is None
    assert set(told) == {"host-enclosure"}


@pytest.mark.parametrize("around", ["{}", "<media:group>{}</media:group>"])
def test_media_content_stands_in_for_an_enclosure(around: str):
    content = '<media:content url="https://c.example/1.mp3" fileSize="12345" type="audio/mpeg" duration="61"/>'
    item, problems = item_of(f"<title>T</title>{GUID}{DATE}" + around.format(content))
    assert item.enclosure is not None
    assert (item.enclosure.length_bytes, item.enclosure.duration_ms, item.duration_ms) == (12345, 61_000, 61_000)
    assert problems == []


def test_media_content_fills_in_what_the_same_enclosure_lacks():
    bare = '<enclosure url="https://c.example/1.mp3" length="0" type="audio/mpeg"/>'
    content = '<media:content url="https://c.example/1.mp3" fileSize="12345" type="audio/mpeg"/>'
    assert enclosure_of(bare + content) == (("https://c.example/1.mp3", "audio/mpeg", 12345), [])


@pytest.mark.parametrize(
    ("written", "url"),
    [("/1.mp3", "https://show.example/1.mp3"), ("//c.example/1.mp3", "https://c.example/1.mp3"),
     (" https://c.example/my file.mp3\n", "https://c.example/my%20file.mp3"),
     ("https://c.example/1.mp3?a=1&amp;amp;b=2", "https://c.example/1.mp3?a=1&b=2")],
)  # fmt: skip
def test_addresses_are_made_whole(written: str, url: str):
    found, _ = enclosure_of(f'<enclosure url="{written}" length="12345" type="audio/mpeg"/>')
    assert found is not None
    assert found[0] == url


def test_xml_base_comes_before_the_channels_link():
    item, _ = item_of(
        f"<link>1</link>{AUDIO.replace('https://cdn.example', '..')}",
        channel="",
        spaces='xml:base="https://b.example/a/b/"',
    )
    assert item.link == "https://b.example/a/b/1"
    assert item.enclosure is not None
    assert item.enclosure.url == "https://b.example/a/1.mp3"


# numbers and words


@pytest.mark.parametrize(
    ("written", "milliseconds"),
    [("3909", 3_909_000), ("65:09", 3_909_000), ("1:05:09", 3_909_000), ("01:05:09.5", 3_909_500),
     ("3909.5", 3_909_500), ("1:05:09:12", 3_909_000),
     ("1h 2m", 3_720_000), ("1 hr 2 min 3 sec", 3_723_000), ("62 minutes", 3_720_000), ("1.5h", 5_400_000),
     ("00:65:09", 3_909_000), ("PT1H5M9S", 3_909_000), (" 3909\n", 3_909_000), ("<![CDATA[61]]>", 61_000)],
)  # fmt: skip
def test_durations_are_read_in_every_notation(written: str, milliseconds: int):
    item, problems = item_of(f"{WHOLE}<itunes:duration>{written}</itunes:duration>")
    assert (item.duration_ms, problems) == (milliseconds, [])
    assert item.enclosure is not None
    assert item.enclosure.duration_ms == milliseconds


@pytest.mark.parametrize(
    "written", ["0", "00:00:00", "garbage", "-5", "1:65:09", "1:02:xx:04", "9" * 5000, "h", "NaN", "m s"]
)
def test_a_duration_that_is_none_is_told_and_left_out(written: str):
    item, problems = item_of(f"{WHOLE}<itunes:duration>{written}</itunes:duration>")
    assert item.duration_ms is None
    assert codes(problems) == ["host-value"]


def test_a_duration_that_is_the_files_size_is_told_and_left_out():
    audio = AUDIO.replace("12345", "1234567")
    item, problems = item_of(f"<title>T</title>{GUID}{DATE}{audio}<itunes:duration>1234567</itunes:duration>")
    assert item.enclosure is not None
    assert (item.duration_ms, item.enclosure.duration_ms, item.enclosure.length_bytes) == (None, None, 1234567)
    assert codes(problems) == ["host-value"]


def test_season_and_episode_are_read_in_both_namespaces():
    item, problems = item_of(
        f'{WHOLE}<itunes:season>1</itunes:season><podcast:season name="x">2</podcast:season>'
        "<itunes:episode>3</itunes:episode><podcast:episode>3.5</podcast:episode><itunes:episodeType>Bonus</itunes:episodeType>"
    )
    assert (item.season, item.episode, item.episode_type, problems) == (2, 3.5, "bonus", [])


@pytest.mark.parametrize(
    ("written", "number"), [("S02", 2), ("Season 2", 2), ("#2", 2), (" 2 ", 2), ("0", 0), ("2.0", 2)]
)
def test_a_number_with_a_word_beside_it_is_read(written: str, number: int):
    assert item_of(f"<itunes:season>{written}</itunes:season>")[0].season == number


@pytest.mark.parametrize("written", ["S1E2", "1/2", "two", "-1", "2b", "9" * 5000, "inf", "1.5"])
def test_a_number_that_is_none_is_told_and_left_out(written: str):
    item, problems = item_of(f"{WHOLE}<itunes:season>{written}</itunes:season>")
    assert item.season is None
    assert codes(problems) == ["host-value"]


def test_an_episode_type_nobody_knows_is_told_and_left_out():
    item, problems = item_of(f"{WHOLE}<itunes:episodeType>special</itunes:episodeType>")
    assert item.episode_type is None
    assert codes(problems) == ["host-value"]


# the channel


def test_everything_a_channel_says_is_read():
    feed, problems = read(
        feed_text(
            channel="""<description>D &amp; d</description><language>de-DE</language><copyright>C</copyright>
            <atom:link rel="self" href="https://h.example/feed"/><atom:link rel="hub" href="https://hub.example/"/>
            <podcast:guid>9b024349-ccf0-5f69-a609-6b82873eab3c</podcast:guid><podcast:locked>no</podcast:locked>
            <itunes:author>A</itunes:author><itunes:owner><itunes:name>O</itunes:name><itunes:email>o@h.example</itunes:email>
            </itunes:owner><itunes:image href="/art.jpg"/><image><url>https://h.example/small.jpg</url></image>
            <itunes:category text="News"><itunes:category text="Tech News"/><itunes:category text="Politics"/>
            </itunes:category>
            <itunes:category text="Society &amp;amp; Culture"/>
            <itunes:category text="News"><itunes:category text="Politics"/></itunes:category>
            <itunes:explicit>clean</itunes:explicit><itunes:type>Serial</itunes:type>"""
        )
    )
    assert problems == []
    assert feed == HostFeed(
        title="Show", items=feed.items, link="https://show.example/", description="D & d", language="de-DE",
        feed_url="https://h.example/feed", guid="9b024349-ccf0-5f69-a609-6b82873eab3c", author="A", owner_name="O",
        owner_email="o@h.example", image_url="https://show.example/art.jpg", copyright="C", locked=False,
        categories=(("News", "Tech News"), ("News", "Politics"), ("Society & Culture", None)),
        explicit=False, show_type="serial",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "explicit"),
    [
        ("yes", True),
        ("True", True),
        ("explicit", True),
        ("no", False),
        ("FALSE", False),
        ("clean", False),
        ("", None),
        ("maybe", None),
    ],
)
def test_every_way_to_say_explicit(written: str, explicit: bool | None):
    feed, problems = read(feed_text(channel=f"<itunes:explicit>{written}</itunes:explicit>"))
    assert feed.explicit is explicit
    assert codes(problems) == (["host-value"] if written == "maybe" else [])


def test_the_plain_image_stands_in_for_the_one_of_itunes():
    feed, _ = read(
        feed_text(channel="<itunes:image/><image><title>x</title><url>https://h.example/s.jpg</url></image>")
    )
    assert feed.image_url == "https://h.example/s.jpg"


def test_a_feed_that_has_moved_says_so():
    moved = "<itunes:new-feed-url>https://new.example/</itunes:new-feed-url>"
    assert read(feed_text(channel=moved))[0].feed_url == "https://new.example/"
    feed, problems = read(feed_text(channel=f'{moved}<atom:link rel="self" href="https://h.example/feed"/>'))
    assert feed.feed_url == "https://h.example/feed"
    assert "https://new.example/" in problems[0].message


def test_the_link_is_the_page_and_not_an_atom_link():
    feed, _ = read(
        f'<rss {ATOM}><channel><atom:link rel="self" href="https://h.example/feed"/><link> https://h.example/ </link>'
        "</channel></rss>"
    )
    assert feed.link == "https://h.example/"


# links


def test_every_address_in_an_item_is_collected_once():
    item, _ = item_of(
        f"""<link>https://h.example/1</link>{AUDIO}
        <description>See https://a.example/x?a=1&amp;amp;b=2, (https://a.example/y_(z)) or https://h.example/1.</description>
        <content:encoded><![CDATA[<a href="https://b.example/?a=1&amp;copy=2">x</a> <a href='/local'>y</a> <A HREF=https://c.example>z</A>
        <a href="mailto:x@y.example">m</a> <a href="#top">t</a>]]></content:encoded>
        <itunes:summary>&lt;a href=&quot;https://d.example/&quot;&gt;d&lt;/a&gt; https://youtu.be/abc&lt;br&gt;</itunes:summary>
        <itunes:image href="https://e.example/i.jpg"/>"""
    )
    assert set(item.links) >= {
        "https://h.example/1", "https://cdn.example/1.mp3", "https://a.example/x?a=1&b=2", "https://a.example/y_(z)",
        "https://b.example/?a=1&copy=2", "https://show.example/local", "https://c.example", "https://d.example/",
        "https://youtu.be/abc", "https://e.example/i.jpg",
    }  # fmt: skip
    assert len(set(item.links)) == len(item.links)
    assert not [link for link in item.links if "mailto" in link]


# our own feed, and large ones


def test_our_own_feed_reads_back(tmp_path):
    built(SEEDS / "feedbuilder.yaml", tmp_path)
    data = (tmp_path / "feed.xml").read_bytes()
    feed, problems = read(data)
    assert {problem.code for problem in problems} <= {"host-enclosure", "host-value"}
    items = etree.fromstring(data).findall("channel/item")
    assert len(items) == len(feed.items) > 0
    duration = "{http://www.itunes.com/dtds/podcast-1.0.dtd}duration"
    for element, item in zip(items, feed.items, strict=True):
        assert item.guid == element.findtext("guid")
        assert item.place.line == element.sourceline
        assert item.published is not None
        assert f"{item.published:%a, %d %b %Y %H:%M:%S %z}" == element.findtext("pubDate")
        enclosure = element.find("enclosure")
        if enclosure is not None:
            assert item.enclosure is not None
            assert (item.enclosure.url, item.enclosure.mime_type) == (enclosure.get("url"), enclosure.get("type"))
            assert item.enclosure.length_bytes == int(enclosure.get("length", ""))
        if (written := element.findtext(duration)) is not None:
            assert item.duration_ms is not None
            assert round(item.duration_ms / 1000) == int(written)


def test_two_thousand_items_of_ten_megabytes_are_read_in_time():
    notes = '<p>Notes, <a href="https://x.example/?a=1&amp;b=2">a link</a> and https://bare.example/foo.</p>' * 50
    item = f"<item><title>T</title>{GUID}{DATE}{AUDIO}<description><![CDATA[{notes}]]></description></item>\n"
    text = feed_text("".join(item.replace(">one<", f">{number}<") for number in range(2000)))
    assert len(text) > 9_000_000
    started = process_time()
    feed, problems = read(text)
    assert process_time() - started < 4  # a quarter of this on an idle machine
    assert (len(feed.items), problems) == (2000, [])
