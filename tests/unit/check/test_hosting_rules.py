"""Every rule of servers sees what breaks it, and nothing where all is as it should be; no server is needed for that."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from specimens import FEED, NOW, URL

from feedbuilder.check.document import read_document
from feedbuilder.check.every_rule import NEEDS_SERVERS, SERVER_RULES
from feedbuilder.check.examine import Finding
from feedbuilder.check.feed import Feed, read_feed
from feedbuilder.check.hosting.asking import Asked, Online, examine_published
from feedbuilder.check.hosting.plan import MOST_COMPARED_BYTES, Copy, Plan, Role, ask_of, plan
from feedbuilder.check.rules import Profile
from feedbuilder.online.faults import FaultKind, Obstacle, WebFault
from feedbuilder.online.questions import Ask, Heard, Question, Redirect, Reply

HEAD, WHOLE, RANGE, AGAIN = Question
CONTENT = FEED.encode()
FOLDER = "https://show.example"
MEDIA, VTT, CHAPTERS, PICTURE = (
    f"{FOLDER}/2.mp3",
    f"{FOLDER}/transcripts/2.vtt",
    f"{FOLDER}/chapters/2.json",
    f"{FOLDER}/2.png",
)
TEXT = b"what stands in any text or picture"
COPIES = {
    "2.mp3": Copy(123, hashlib.sha256(b"sound").hexdigest()),
    "transcripts/2.vtt": Copy(len(TEXT), hashlib.sha256(TEXT).hexdigest()),
}
TYPES = {
    "xml": "application/rss+xml", "mp3": "audio/mpeg", "m4a": "audio/mp4", "png": "image/png", "jpg": "image/jpeg",
    "vtt": "text/vtt; charset=utf-8", "srt": "application/x-subrip", "json": "application/json+chapters",
}  # fmt: skip
LENGTHS = {MEDIA: 123, f"{FOLDER}/1.m4a": 9}
Answers = dict[str, dict[Question, Reply | WebFault]]


def feed_of(text: str = FEED) -> Feed:
    feed = read_feed(read_document(text.encode()).root, url=URL, now=NOW)  # type: ignore[arg-type]
    assert feed is not None
    return feed


def planned(newest: int | None = None, copies: Mapping[str, Copy] = COPIES) -> Plan:
    return plan(feed_of(), copies.get, newest)


def well(asks: list[Ask]) -> Answers:
    """Return what a server answers that does everything as it should."""
    return {ask.url: {question: well_answered(ask, question) for question in ask.questions} for ask in asks}


def well_answered(ask: Ask, question: Question) -> Reply:
    if ask.url.startswith("http:"):
        return Reply(url=URL, status=200, headers={}, redirects=(Redirect(301, ask.url, URL),))
    length = LENGTHS.get(ask.url, len(TEXT))
    headers = {"content-type": TYPES[ask.url.rpartition(".")[2]], "etag": '"1"', "access-control-allow-origin": "*"}
    match question:
        case Question.HEAD:
            return Reply(url=ask.url, status=200, headers=headers | {"content-length": str(length)})
        case Question.RANGE:
            return Reply(url=ask.url, status=206, headers=headers | {"content-range": f"bytes 0-1/{length}"})
        case Question.AGAIN:
            return Reply(url=ask.url, status=304, headers={})
        case Question.WHOLE:
            body = CONTENT if ask.keeps_body else b"sound" if ask.url == MEDIA else TEXT
            told_length = 123 if ask.url == MEDIA else len(body)
            return Reply(
                url=ask.url, status=200, headers=headers, length_bytes=told_length,
                sha256=hashlib.sha256(body).hexdigest(), body=body if ask.keeps_body else None,
            )  # fmt: skip


def examined(
    change: Callable[[Answers], None] = lambda heard: None,
    here: str = FEED,
    profile: Profile = Profile.ALL,
    items: int | None = None,
) -> tuple[list[Finding], Asked]:
    def ask(asks: Any) -> Mapping[str, Heard]:
        heard = well(asks)
        change(heard)
        return heard

    online = Online(ask=ask, items=items)
    return examine_published(online, feed_of(here), "feed.xml", profile, here.encode(), COPIES.get)


def codes(found: tuple[list[Finding], Asked]) -> list[str]:
    return sorted({finding.rule.code for finding in found[0]})


def to(address: str, *questions: Question, **changes: Any) -> Callable[[Answers], None]:
    """Return a change of the answers about an address."""

    def change(heard: Answers) -> None:
        for question in questions or tuple(heard[address]):
            before = heard[address][question]
            assert isinstance(before, Reply)
            headers = {**before.headers, **changes.get("headers", {})}
            kept = {name: value for name, value in headers.items() if value is not None}
            heard[address][question] = replace(before, **{**changes, "headers": kept})

    return change


def fails(url: str, kind: FaultKind, obstacle: Obstacle | None = None) -> Callable[[Answers], None]:
    def change(heard: Answers) -> None:
        heard[url] = {HEAD: WebFault(kind=kind, message="no", remedy="mend it", obstacle=obstacle)}

    return change


def out(text: str) -> Callable[[Answers], None]:
    """Return a change of the feed that is out."""
    return to(URL, WHOLE, body=text.encode(), sha256="other")


def hops(*statuses: int) -> tuple[Redirect, ...]:
    return tuple(Redirect(status, "https://a.example/", "https://b.example/") for status in statuses)


DATED = FEED.replace("<ttl>", "<lastBuildDate>Tue, 31 Dec 2024 06:00:00 +0000</lastBuildDate><ttl>")
ITEM = FEED[FEED.index("<item>") : FEED.index("</item>") + 7]

BREAKS: dict[str, Callable[[Answers], None]] = {
    "H1": to(PICTURE, status=404),
    "H1b": to(PICTURE, HEAD, status=405),
    "H1c": to(PICTURE, status=403),
    "H1d": fails(PICTURE, FaultKind.UNREACHABLE, Obstacle.NAME),
    "H1e": fails(PICTURE, FaultKind.UNREACHABLE, Obstacle.CONNECTION),
    "H1f": fails(PICTURE, FaultKind.UNREACHABLE, Obstacle.TLS),
    "H1g": fails(PICTURE, FaultKind.TOO_SLOW),
    "H1h": fails(PICTURE, FaultKind.SERVER_ERROR),
    "H1i": out("<html>Welcome"),
    "H2": to(MEDIA, RANGE, status=200),
    "H3": to(URL, WHOLE, headers={"content-type": "text/plain"}),
    "H3b": to(VTT, WHOLE, headers={"content-type": "application/octet-stream"}),
    "H3c": to(f"{FOLDER}/1.m4a", RANGE, headers={"content-type": "audio/mpeg"}),
    "H3d": to(CHAPTERS, WHOLE, headers={"content-type": "text/html"}),
    "H3e": to(VTT, WHOLE, headers={"content-type": "text/vtt; charset=ISO-8859-1"}),
    "H4": to(f"{FOLDER}/1.m4a", RANGE, headers={"content-range": "bytes 0-1/10"}),
    "H4b": lambda heard: [
        to(f"{FOLDER}/1.m4a", question, headers={"content-range": "bytes 0-1/*", "content-length": None})(heard)
        for question in (HEAD, RANGE)
    ] and None,
    "H5": to(URL, WHOLE, headers={"etag": None}),
    "H5b": to(URL, AGAIN, status=200),
    "H5c": to(CHAPTERS, WHOLE, headers={"access-control-allow-origin": None}),
    "H6": to(URL, WHOLE, redirects=hops(302, 301)),
    "H6b": to(MEDIA, WHOLE, redirects=hops(302, 302, 302, 302)),
    "H6c": fails(PICTURE, FaultKind.BAD_ANSWER, Obstacle.REDIRECTS),
    "H6d": to("http://show.example/feed.xml", redirects=hops(302)),
    "S1": out(FEED.replace("18b54d9d-", "18b54d9e-")),
    "S2": out(FEED.replace("</channel>", f"{ITEM.replace('>two<', '>gone<')}</channel>")),
    "S3": out(FEED.replace("Mon, 30 Dec 2024 06:00:00 GMT", "Sun, 29 Dec 2024 06:00:00 GMT")),
    "S4": out(FEED.replace("The First", "The Very First")),
    "S4b": out(FEED.replace(ITEM, "")),
    "S4c": to(VTT, WHOLE, sha256="other"),
    "S4d": out(DATED.replace("<lastBuildDate>Tue, 31 Dec 2024 06", "<lastBuildDate>Tue, 31 Dec 2024 07")),
}  # fmt: skip


def test_a_show_that_is_out_as_it_should_be_has_no_findings():
    found, asked = examined()
    assert [(finding.rule.code, finding.message) for finding in found] == []
    assert asked == Asked(addresses=len(planned().things) - 1, items=2, left_out=0)
    assert asked.is_everything


@pytest.mark.parametrize("code", BREAKS)
def test_a_rule_sees_what_breaks_it_and_no_other_does(code: str):
    assert codes(examined(BREAKS[code], here=DATED if code == "S4d" else FEED)) == [code]


def test_every_rule_of_servers_has_a_case_above():
    assert set(BREAKS) == {rule.code for rule in SERVER_RULES} == set(NEEDS_SERVERS)


# Cases that are right, beside those of the server that does everything well.
@pytest.mark.parametrize(
    "change",
    [
        to(URL, WHOLE, headers={"content-type": "text/xml; charset=UTF-8"}),
        to(URL, WHOLE, headers={"etag": None, "last-modified": "Mon, 30 Dec 2024 06:00:00 GMT"}),
        to(URL, WHOLE, redirects=hops(302, 307)),
        to(CHAPTERS, WHOLE, headers={"content-type": "application/json"}),
        to(f"{FOLDER}/transcripts/2.srt", WHOLE, headers={"content-type": "application/srt"}),
        to(f"{FOLDER}/1.m4a", RANGE, headers={"content-type": "audio/x-m4a"}),
        to(VTT, WHOLE, headers={"access-control-allow-origin": "https://player.example"}),
        to(MEDIA, RANGE, headers={"content-range": "Bytes 0-1/*"}),
        to(MEDIA, HEAD, WHOLE, redirects=hops(301, 302, 302)),
        to("http://show.example/feed.xml", status=404),
        fails("http://show.example/feed.xml", FaultKind.UNREACHABLE, Obstacle.CONNECTION),
        fails("http://show.example/feed.xml", FaultKind.TOO_SLOW),
    ],
)
def test_what_is_right_in_another_way_is_no_finding(change: Callable[[Answers], None]):
    assert codes(examined(change)) == []


def test_a_feed_without_tls_is_told_where_it_is_not_redirected():
    change = to("http://show.example/feed.xml", url="http://show.example/feed.xml", redirects=())
    assert codes(examined(change)) == ["H6d"]


@pytest.mark.parametrize(
    ("status", "content_range", "expected"),
    [(416, None, ["H2"]), (206, "bytes 0-1", ["H2"]), (206, None, ["H2"]), (206, "bytes 5-6/123", ["H2"])],
)
def test_an_answer_to_a_range_must_be_one(status: int, content_range: str | None, expected: list[str]):
    change = to(MEDIA, RANGE, status=status, headers={"content-range": content_range})
    assert codes(examined(change)) == expected


def test_a_file_that_its_server_merely_calls_a_page_is_none():
    found, _ = examined(to(VTT, WHOLE, headers={"content-type": "text/html"}))
    assert [(finding.rule.code, finding.url) for finding in found] == [("H3b", VTT)]
    assert codes(examined(to(URL, WHOLE, headers={"content-type": "text/html"}))) == ["H3"]


def test_a_page_in_place_of_a_file_is_told_once():
    change = to(VTT, WHOLE, headers={"content-type": "text/html"}, sha256="other", length_bytes=7)
    assert codes(examined(change)) == ["H3d"]


def test_a_host_that_is_down_is_told_once_with_the_feed_first():
    def down(heard: Answers) -> None:
        for number, url in enumerate(heard):
            kind = FaultKind.UNREACHABLE if number > 3 else FaultKind.NOT_ASKED
            fails(url, kind, Obstacle.CONNECTION if number > 3 else None)(heard)

    found, asked = examined(down)
    [told] = [finding for finding in found if finding.rule.code != "H6d"]
    assert (told.rule.code, told.url) == ("H1e", URL)
    assert f"{URL} and {len(planned().things) - 2} more of its addresses" in told.message
    assert len(asked.unanswered) == 4 - 1  # the feed's address without TLS does not count
    assert not asked.is_everything


def test_a_server_that_puts_us_off_is_no_finding_and_is_told_as_not_known():
    found, asked = examined(fails(MEDIA, FaultKind.BUSY))
    assert found == []
    assert asked.unanswered == ("no",)


def test_what_answers_neither_head_nor_get_is_told_once():
    def broken_off(heard: Answers) -> None:
        fault = WebFault(kind=FaultKind.BAD_ANSWER, message="the connection broke off", remedy="")
        heard[MEDIA] = dict.fromkeys((HEAD, RANGE, WHOLE), fault)

    assert codes(examined(broken_off)) == ["H1h"]


def test_a_head_that_breaks_off_where_get_does_not_is_a_matter_of_head():
    def broken_off(heard: Answers) -> None:
        heard[PICTURE][HEAD] = WebFault(kind=FaultKind.BAD_ANSWER, message="the connection broke off", remedy="")

    assert codes(examined(broken_off)) == ["H1b"]


def test_the_audio_that_is_out_is_held_against_the_feed_and_then_against_the_folder():
    longer = to(MEDIA, RANGE, headers={"content-range": "bytes 0-1/200"})
    assert codes(examined(longer)) == ["H4"]
    assert codes(examined(longer, here=FEED.replace('length="123"', 'length="200"'))) == ["S4", "S4c"]
    assert codes(examined(to(MEDIA, WHOLE, sha256="other"))) == ["S4c"]


def test_a_finding_about_an_episode_names_it_its_line_and_the_address():
    found, _ = examined(out(FEED.replace("The First", "The Very First")))
    [told] = found
    assert told.item is not None
    assert told.item.guid == "https://show.example/1.html"
    assert FEED.splitlines()[(told.line or 0) - 1].startswith("<item>")
    assert told.message == "it has another title in the feed that is out"
    assert told.url == URL


def test_the_key_of_a_private_feed_stands_in_no_finding():
    keyed = FEED.replace("2.mp3", "2.mp3?key=secret")
    change = to(f"{MEDIA}?key=secret", RANGE, status=200)

    def ask(asks: Any) -> Mapping[str, Heard]:
        bare = {one.url: replace(one, url=one.url.partition("?")[0]) for one in asks}
        heard = {
            url: {question: well_answered(one, question) for question in one.questions} for url, one in bare.items()
        }
        change(heard)  # type: ignore[arg-type]
        return heard

    found, _ = examine_published(Online(ask=ask), feed_of(keyed), "feed.xml", Profile.ALL)
    assert [finding.rule.code for finding in found] == ["H2"]
    assert "secret" not in f"{found[0].message} {found[0].url} {found[0].paths}"


def test_feeds_in_another_order_or_other_bytes_are_told_as_such():
    first = FEED[FEED.rindex("<item>") : FEED.rindex("</item>") + 7]
    turned = FEED.replace(first, "").replace(ITEM, first + ITEM)
    assert "another order" in examined(out(turned))[0][0].message
    assert "in other bytes" in examined(out(FEED.replace("\n<link>", "\n\n<link>")))[0][0].message


def test_a_newer_feed_that_is_out_is_not_to_be_overwritten():
    newer = DATED.replace("<lastBuildDate>Tue, 31 Dec 2024 06", "<lastBuildDate>Tue, 31 Dec 2024 07").replace(ITEM, "")
    [told] = examined(out(newer), here=DATED)[0]
    assert told.rule.code == "S4d"
    assert "do not upload" in told.remedy


def test_a_strangers_feed_is_not_held_against_a_folder():
    def ask(asks: Any) -> Mapping[str, Heard]:
        heard = well(asks)
        out(FEED.replace(ITEM, ""))(heard)
        return heard

    found, _ = examine_published(Online(ask=ask, items=None), feed_of(), "feed.xml", Profile.ALL)
    assert found == []


def test_the_newest_episodes_are_asked_for_and_the_others_counted():
    everything = {thing.url for thing in planned().things}
    some = planned(1)
    assert (some.items, some.left_out) == (1, 1)
    assert everything - {thing.url for thing in some.things} == {f"{FOLDER}/1.m4a"}
    none = planned(0)
    assert {thing.role for thing in none.things} == {Role.FEED, Role.PLAIN, Role.PICTURE}
    assert f"{FOLDER}/live.mp3" not in everything


def test_each_address_is_asked_once_and_only_what_it_is_good_for():
    things = planned().things
    assert len({thing.url for thing in things}) == len(things)
    asked = {thing.url: ask_of(thing).questions for thing in things}
    assert asked[URL] == (HEAD, WHOLE, AGAIN)
    assert asked["http://show.example/feed.xml"] == (HEAD,)
    assert asked[VTT] == (HEAD, WHOLE)
    assert asked[PICTURE] == (HEAD, RANGE)  # no copy to compare it with
    assert asked[MEDIA] == (HEAD, RANGE, WHOLE)
    large = planned(copies={"2.mp3": Copy(MOST_COMPARED_BYTES + 1, "x")})
    assert next(ask_of(thing).questions for thing in large.things if thing.url == MEDIA) == (HEAD, RANGE)


def test_a_feed_that_is_out_with_odd_namespaces_is_compared_all_the_same():
    odd = FEED.replace(
        "<title>The First</title>", '<title>The First</title><x:y xmlns:x="rel" x:z="1">w</x:y><!-- c -->'
    )
    [told] = examined(out(odd))[0]
    assert told.message == "it has another {rel}y in the feed that is out"
    renamed = FEED.replace("xmlns:itunes", "xmlns:it").replace("<itunes:", "<it:").replace("</itunes:", "</it:")
    assert "in other bytes" in examined(out(renamed))[0][0].message


ANY_REPLY = st.builds(
    Reply,
    url=st.sampled_from(["https://a.example/", "http://a.example/"]),
    status=st.sampled_from([200, 204, 206, 304, 400, 401, 404, 405, 416, 500]),
    headers=st.dictionaries(
        st.sampled_from(
            ["content-type", "content-length", "content-range", "content-encoding", "etag", "last-modified",
             "access-control-allow-origin"]
        ),
        st.text(max_size=20) | st.sampled_from(["text/html", "bytes 0-1/9", "9" * 40, "٣", "x; charset=", "identity"]),
    ),
    redirects=st.lists(st.sampled_from(hops(301, 302)), max_size=5).map(tuple),
    length_bytes=st.none() | st.integers(0, 9),
    sha256=st.none() | st.text(max_size=5),
    body=st.none() | st.binary(max_size=50) | st.sampled_from([CONTENT, b"<rss/>", b"<rss><channel/></rss>", b"<rss"]),
)  # fmt: skip
ANY_FAULT = st.builds(
    WebFault, kind=st.sampled_from(FaultKind), message=st.text(max_size=5), remedy=st.just(""),
    obstacle=st.none() | st.sampled_from(Obstacle),
)  # fmt: skip


@given(st.data())
def test_any_answers_whatever_are_judged(data: st.DataObject):
    def ask(asks: Any) -> Mapping[str, Heard]:
        return {
            one.url: data.draw(st.dictionaries(st.sampled_from(one.questions), ANY_REPLY | ANY_FAULT, max_size=3))
            for one in asks
        }

    found, asked = examine_published(Online(ask=ask), feed_of(), "feed.xml", Profile.ALL, CONTENT, COPIES.get)
    assert {finding.rule.code for finding in found} <= set(NEEDS_SERVERS)
    assert asked.addresses >= 0


def test_a_profile_holds_only_what_it_demands():
    change = BREAKS["H5c"]
    assert codes(examined(change, profile=Profile.APPLE)) == []
    assert codes(examined(change, profile=Profile.PODCAST_INDEX)) == ["H5c"]
