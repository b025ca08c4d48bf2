"""Whatever stands in an archive comes out of the files as readers that are not ours see it."""

from __future__ import annotations

import html
import json
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import feedparser
import srt
import webvtt
from archives import built, config_text, quoted_yaml, write_archive
from hypothesis import assume, example, given
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html

from feedbuilder.captions.names import short_names
from feedbuilder.check.rendered import check_feed, check_json, check_srt, check_vtt
from feedbuilder.model import (
    Chapter,
    Enclosure,
    Episode,
    EpisodeType,
    License,
    Link,
    Location,
    Notes,
    Person,
    Show,
    Soundbite,
    Transcript,
    TranscriptLine,
    UpdateFrequency,
)
from feedbuilder.render import Wanted, announced_files, chapters_json, feed, render_texts
from feedbuilder.render.xml import NAMESPACES

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
WANTED = Wanted(transcripts=("vtt", "srt", "json", "html"))
NASTY = [
    "]]>", "-->", "<!--", "&amp;", "&lt;b&gt;", "&#1;", "&", "<", ">", "<v x>", "</v>", "<b>bold</b>", '"', "'",
    "\r", "\n", "\r\n", "\n\n", "\t", " ", "\u00a0", "\u2028", "\u2029", "\u0085", "\u202e", "\u2066", "\u200f",
    "\u200b", "\ufeff", "\u0301", "e\u0301", "\x01", "\x1b", "\x7f", "\x9f", "\ufffe", "👩\u200d🚀", "🎙️", "日本語。",
    "「あ", "العربية،", "עברית", "Ünï", ":", "A: ", "{{", "%}", "\\", "00:01.000 --> 00:02.000", "1", "WEBVTT", "NOTE",
]  # fmt: skip


def legal(text: str | None) -> str | None:
    """Replace what is documented to be: what XML 1.0 forbids, and control characters."""
    return text and re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]", "\ufffd", text)


def kept(text: str | None) -> str | None:
    """Return the text as a tag of the namespaces carries it: not at all when there is nothing to read in it."""
    return legal(text) if text and text.strip() else None


pieces = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4)
texts = st.lists(pieces, max_size=3).map("".join)
words = st.builds("{}{}{}".format, texts, st.sampled_from(["a", "Z9", "语", "ع", "é", "<b>", "&", "-->", "]]>"]), texts)
names = st.builds("{}{}".format, st.sampled_from(["A", "Åsa", "B & C", "<v", "山田", "A: B", "-->"]), texts)
urls = st.text("abcxyz0189-._~/%3A?=&,+!$'()*", max_size=20).map(lambda path: "https://show.example/" + path)
moments = st.builds(
    datetime.fromtimestamp,
    st.integers(7 * 10**8, 7 * 10**9),
    st.sampled_from([UTC, ZoneInfo("Asia/Kolkata"), ZoneInfo("Europe/Berlin")]),
)
milliseconds = st.integers(0, 200 * 3600 * 1000)
links = st.builds(Link, label=words, url=urls)
persons = st.builds(Person, name=words, url=urls | st.none())
chapters = st.lists(st.builds(Chapter, title=words, start_ms=milliseconds, url=urls | st.none()), max_size=5).map(
    lambda found: tuple(
        {chapter.start_ms: chapter for chapter in sorted(found, key=lambda each: each.start_ms)}.values()
    )
)
transcripts = st.builds(
    Transcript,
    lines=st.lists(
        st.builds(
            TranscriptLine,
            text=words.map(legal),  # as the archive's reader leaves it
            speaker=names.map(legal) | st.none(),
            start_ms=milliseconds | st.none(),
            end_ms=milliseconds | st.none(),
        ),
        min_size=1,
        max_size=6,
    ).map(tuple),
    language=st.sampled_from(["en", "de", "ja", "ar"]),
)
episodes = st.builds(
    Episode,
    slug=st.text("abcdefg-", min_size=1, max_size=8),
    source=st.just("one.md"),
    guid=words,
    title=words,
    published=moments,
    page_url=urls | st.none(),
    season=st.integers(0, 2000) | st.none(),
    season_name=texts,
    episode=st.integers(0, 10**9).map(lambda thousandths: thousandths / 1000) | st.integers(0, 10**9).map(float),
    episode_display=texts | st.none(),
    episode_type=st.sampled_from(EpisodeType),
    enclosure=st.builds(Enclosure, url=urls, mime_type=st.just("audio/mpeg"), length_bytes=st.integers(0, 10**12)),
    author=texts | st.none(),
    categories=st.lists(words, max_size=2, unique=True).map(tuple),
    notes=st.builds(Notes, opening_html=words, body_html=words, summary_html=words),
    persons=st.lists(persons, max_size=2).map(tuple),
    chapters=chapters,
    soundbites=st.lists(
        st.builds(Soundbite, start_ms=milliseconds, duration_ms=milliseconds, title=texts), max_size=1
    ).map(tuple),
    license=st.builds(License, identifier=words, url=urls),
    location=st.builds(Location, name=words),
    content_links=st.lists(links, max_size=2).map(tuple),
    language=st.just("en"),
)
shows = st.builds(
    Show,
    title=words,
    link=urls,
    feed_url=st.just("https://show.example/pod/feed.xml"),
    description=words,
    language=st.just("en"),
    guid=st.just("9b024349-ccf0-5f69-a609-6b82873eab3c"),
    author=texts | st.none(),
    owner_name=words,
    owner_email=st.just("a@show.example"),
    managing_editor=words,
    copyright=texts | st.none(),
    categories=st.just((("Technology", None), ("Society & Culture", "Philosophy"))),
    funding=st.lists(links, max_size=2).map(tuple),
    persons=st.lists(persons, max_size=2).map(tuple),
    txt=st.lists(st.tuples(texts | st.none(), words), max_size=2).map(tuple),
    update_frequency=st.builds(UpdateFrequency, label=words, rrule=texts | st.none()),
    published=moments,
    updated=moments,
    episodes=st.lists(episodes, min_size=1, max_size=2, unique_by=(lambda e: e.slug, lambda e: legal(e.guid))).map(
        tuple
    ),
)


def solid(text: str) -> str:
    """Return the text without its spaces, which captions may break anywhere in scripts that have none."""
    return "".join(text.split())


def written(show: Show) -> bytes:
    announced = {
        episode.slug: announced_files(episode, "https://show.example/pod/", WANTED) for episode in show.episodes
    }
    return feed.render(show, announced)


def all_texts(parent: Any, tag: str) -> list[str | None]:
    return [element.text for element in parent.findall(tag, NAMESPACES)]


@given(shows)
def test_lxml_reads_every_text_of_a_show_as_it_was(show: Show) -> None:
    content = written(show)
    assert list(check_feed(etree.fromstring(content))) == []
    channel = etree.fromstring(content)[0]
    assert channel.findtext("title") == channel.findtext("image/title", channel.findtext("title")) == legal(show.title)
    assert channel.findtext("link") == show.link
    assert channel.findtext("description") == legal(show.description)
    assert channel.findtext("managingEditor") == legal(show.managing_editor)
    assert channel.findtext("copyright") == (legal(show.copyright) or None)
    assert channel.findtext("itunes:author", None, NAMESPACES) == kept(show.author)
    assert channel.findtext("itunes:owner/itunes:name", None, NAMESPACES) == legal(show.owner_name)
    assert all_texts(channel, "podcast:person") == [legal(person.name) for person in show.persons]
    assert all_texts(channel, "podcast:funding") == [legal(link.label) for link in show.funding]
    assert [(entry.get("purpose"), entry.text) for entry in channel.findall("podcast:txt", NAMESPACES)] == [
        (kept(purpose), legal(value)) for purpose, value in show.txt
    ]
    frequency = channel.find("podcast:updateFrequency", NAMESPACES)
    assert show.update_frequency is not None
    assert frequency.text == legal(show.update_frequency.label)
    assert frequency.get("rrule") == kept(show.update_frequency.rrule)


@given(shows)
def test_lxml_reads_every_text_of_an_episode_as_it_was(show: Show) -> None:
    items = etree.fromstring(written(show)).findall("channel/item")
    assert len(items) == len(show.episodes)
    for item, episode in zip(items, show.episodes, strict=True):
        assert item.findtext("title") == item.findtext("itunes:title", None, NAMESPACES) == legal(episode.title)
        assert item.findtext("guid") == legal(episode.guid)
        assert item.findtext("link") == episode.page_url
        assert item.findtext("description") == legal(episode.notes.summary_html)
        encoded = item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded")
        assert encoded == re.sub("\r\n?", "\n", legal(episode.notes.html) or "")  # CDATA has no CR; HTML sees no change
        assert all_texts(item, "category") == [legal(category) for category in episode.categories]
        assert item.findtext("itunes:author", None, NAMESPACES) == kept(episode.author)
        assert float(item.findtext("podcast:episode", "", NAMESPACES)) == episode.episode
        assert item.find("podcast:episode", NAMESPACES).get("display") == kept(episode.episode_display)
        season = item.find("podcast:season", NAMESPACES)
        if episode.season is not None:
            assert (season.text, season.get("name")) == (str(episode.season), kept(episode.season_name))
        assert [(person.text, person.get("href")) for person in item.findall("podcast:person", NAMESPACES)] == [
            (legal(person.name), person.url) for person in episode.persons
        ]
        assert [bite.text for bite in item.findall("podcast:soundbite", NAMESPACES)] == [
            kept(bite.title) for bite in episode.soundbites
        ]
        assert item.findtext("podcast:license", None, NAMESPACES) == legal(episode.license.identifier)  # type: ignore[union-attr]
        assert item.findtext("podcast:location", None, NAMESPACES) == legal(episode.location.name)  # type: ignore[union-attr]
        assert [(link.text, link.get("href")) for link in item.findall("podcast:contentLink", NAMESPACES)] == [
            (legal(link.label), link.url) for link in episode.content_links
        ]
        assert [
            (chapter.get("title"), chapter.get("href"))
            for chapter in item.findall("psc:chapters/psc:chapter", NAMESPACES)
        ] == [(legal(chapter.title), chapter.url) for chapter in episode.chapters]
        enclosure = item.find("enclosure")
        assert episode.enclosure is not None
        assert (enclosure.get("url"), enclosure.get("length")) == (
            episode.enclosure.url,
            str(episode.enclosure.length_bytes),
        )


def settled(text: str | None) -> str:
    """Return text with everything undone that feedparser may undo: references, and what looks like mojibake to it.

    lxml sees to it that each of them is there; feedparser, that the words arrive.
    """
    found = (legal(text) or "").strip().replace("\x85", "…")
    while True:
        before = found
        found = html.unescape(found).strip()
        with suppress(UnicodeError):
            found = found.encode("iso-8859-1").decode("utf-8")
        if found == before:
            return found


@given(shows)
def test_feedparser_reads_the_same_show(show: Show) -> None:
    # It takes a text for HTML when it looks like HTML; what is asked here is whether the feed carries it whole.
    read = feedparser.parse(written(show), sanitize_html=False, resolve_relative_uris=False)
    assert not read.bozo, read.get("bozo_exception")
    assert settled(read.feed.title) == settled(show.title)
    assert len(read.entries) == len(show.episodes)
    for entry, episode in zip(read.entries, show.episodes, strict=True):
        assert settled(entry.title) == settled(episode.title)
        assert settled(entry.id) == settled(episode.guid)
        assert entry.get("link") == episode.page_url
        assert settled(entry.summary) == settled(episode.notes.summary_html)
        wanted = dict.fromkeys(settled(each) for each in episode.categories)
        assert list(dict.fromkeys(settled(tag.term) for tag in entry.get("tags", ()))) == list(wanted)
        assert episode.enclosure is not None
        assert [(each.href, each.length) for each in entry.enclosures] == [
            (episode.enclosure.url, str(episode.enclosure.length_bytes))
        ]
        moment = episode.published
        assert tuple(entry.published_parsed) == tuple(moment.utctimetuple()), (entry.published, moment)


@given(episodes, shows)
def test_json_reads_every_chapter_as_it_was(episode: Episode, show: Show) -> None:
    assume(episode.chapters)
    content = chapters_json.render(episode, show)
    assert list(check_json(content)) == []
    document = json.loads(content)
    assert document["title"] == episode.title
    assert document["podcastName"] == show.title
    assert [(each["title"], each.get("url")) for each in document["chapters"]] == [
        (chapter.title, chapter.url) for chapter in episode.chapters
    ]
    starts = [each["startTime"] for each in document["chapters"]]
    assert [round(start * 1000) for start in starts] == [chapter.start_ms for chapter in episode.chapters]
    assert all(earlier < later for earlier, later in pairwise(starts))


def captions(transcript: Transcript) -> dict[str, bytes]:
    episode = Episode(
        slug="one", source="one.md", guid="one", title="One", language="en", transcript=transcript,
        published=NEW_YEAR,
    )  # fmt: skip
    show = Show(title="A", link="", feed_url="", description="", language="en", guid="", episodes=(episode,))
    return {file.path.rpartition(".")[2]: file.content for file in render_texts(episode, show, WANTED).files}  # type: ignore[misc]


def read_vtt(content: bytes) -> list[tuple[float, float, str, str]]:
    found = webvtt.from_buffer(StringIO(content.decode(), newline="\n"))
    return [(seconds(cue.start), seconds(cue.end), cue.voice or "", html.unescape(cue.text)) for cue in found.captions]


def seconds(stamp: str) -> float:
    hours, minutes, rest = stamp.split(":")
    return round(int(hours) * 3600 + int(minutes) * 60 + float(rest), 3)


@given(transcripts)
@example(Transcript(lines=(TranscriptLine("a --> b & <v x> ]]>", "A & <B>", 0),), language="en"))
def test_every_caption_format_holds_the_same_words_in_the_order_spoken(transcript: Transcript) -> None:
    files = captions(transcript)
    wanted = solid("".join(line.text for line in transcript.lines))
    segments = json.loads(files["json"])["segments"]
    assert solid("".join(segment["body"] for segment in segments)) == wanted

    page = lxml_html.document_fromstring(files["html"].decode())
    assert solid("".join(paragraph.text_content() for paragraph in page.iter("p"))) == wanted

    assert list(check_vtt(files["vtt"])) == []
    assert solid("".join(text for *_, text in read_vtt(files["vtt"]))) == wanted

    assert list(check_srt(files["srt"])) == []
    cues = list(srt.parse(files["srt"].decode()))
    assert solid("".join(without_names(cues, transcript))) == wanted


def without_names(cues: list[srt.Subtitle], transcript: Transcript) -> list[str]:
    """Take the names off again that stand before the first words of each speaker's turn."""
    found = {line.speaker for line in transcript.lines if line.speaker}
    prefixes = sorted({f"{name}: " for name in short_names(found).values() if name}, key=len)
    texts = []
    for cue in cues:
        # A no-break space stands behind every colon that belongs to the words, so no name is found where none was put.
        text = cue.content.replace("\n", " ")
        prefix = next((each for each in reversed(prefixes) if text.startswith(each.replace("-->", "--\u2009>"))), "")
        texts.append(text[len(prefix.replace("-->", "--\u2009>")) :])
    return texts


@given(transcripts)
def test_captions_follow_each_other_in_time(transcript: Transcript) -> None:
    files = captions(transcript)
    spans = {
        "vtt": [(timedelta(seconds=start), timedelta(seconds=end)) for start, end, *_ in read_vtt(files["vtt"])],
        "srt": [(cue.start, cue.end) for cue in srt.parse(files["srt"].decode())],
        "json": [
            (timedelta(seconds=each["startTime"]), timedelta(seconds=each["endTime"]))
            for each in json.loads(files["json"])["segments"]
        ],
    }
    for name, times in spans.items():
        assert times, name
        assert all(start < end for start, end in times), name
        assert all(end <= start for (_, end), (start, _) in pairwise(times)), name
    assert spans["vtt"] == spans["json"]


episode_fields = st.fixed_dictionaries(
    {
        "title": words,
        "guid": words.map(lambda text: text.replace("{{", "")),  # a template's braces identify nothing
        "description": words,
        "topics": st.lists(words, max_size=3),
        "guests": st.lists(names, max_size=2),
        "season_name": words,
        "author": words,
        "chapters": st.lists(words, min_size=1, max_size=4),
        "lines": st.lists(st.tuples(words, st.sampled_from(["Ana", "B & C", "山田"])), min_size=1, max_size=4),
    }
)


@given(episode_fields, words.map(legal), words.map(legal))
def test_what_is_typed_into_an_archive_is_what_apps_read(fields: dict[str, Any], title: str, description: str) -> None:
    with TemporaryDirectory() as name:
        folder, output = Path(name), Path(name) / "output"
        config = config_text(show={"title": title, "description": description})
        report = built(write_archive(folder, {"one.md": as_front_matter(fields)}, config), output)
        assert [episode.slug for episode in report.show.episodes] == ["one"], report.problems
        root = etree.parse(output / "feed.xml").getroot()
        vtt, subrip = ((output / f"transcripts/one.{kind}").read_bytes() for kind in ("vtt", "srt"))
        found_chapters = json.loads((output / "chapters/one.json").read_bytes())["chapters"]
        segments = json.loads((output / "transcripts/one.json").read_bytes())["segments"]
    channel, item = root[0], root.find("channel/item")
    assert channel.findtext("title") == trimmed(title)
    assert channel.findtext("description") == trimmed(description)
    assert item.findtext("title") == spaced(fields["title"])
    assert item.findtext("guid") == trimmed(fields["guid"])
    assert item.findtext("itunes:author", None, NAMESPACES) == trimmed(fields["author"])
    assert item.find("podcast:season", NAMESPACES).get("name") == trimmed(fields["season_name"])
    assert all_texts(item, "category") == list(dict.fromkeys(map(spaced, fields["topics"])))
    assert all_texts(item, "podcast:person") == list(dict.fromkeys(map(trimmed, fields["guests"])))
    summary = lxml_html.fromstring(f"<div>{item.findtext('description')}</div>").text_content()
    assert solid(summary) == solid(legal(fields["description"]) or "")
    assert [chapter["title"] for chapter in found_chapters] == [spaced(each) for each in fields["chapters"]]
    wanted = solid("".join(legal(text) or "" for text, _ in fields["lines"]))
    assert solid("".join(segment["body"] for segment in segments)) == wanted
    assert solid("".join(text for *_, text in read_vtt(vtt))) == wanted
    spoken = Transcript(lines=tuple(TranscriptLine("", name) for _, name in fields["lines"]), language="en")
    assert solid("".join(without_names(list(srt.parse(subrip.decode())), spoken))) == wanted
    assert set(segment["speaker"] for segment in segments) == {name for _, name in fields["lines"]}


def as_front_matter(fields: dict[str, Any]) -> str:
    """Return an episode file in which every value is quoted, and titles and the description are HTML."""
    tree = {name: value for name, value in fields.items() if name not in {"chapters", "lines"}}
    tree |= {
        "dateadded": "2026-01-31",
        "season": 2,
        **{name: html.escape(fields[name]) for name in ("title", "description")},
    }
    tree["quotableClips"] = [
        {"name": html.escape(name), "startOffset": start} for start, name in enumerate(fields["chapters"])
    ]
    tree["transcript"] = [
        {"line": text, "who": who, "sec": 5 * place} for place, (text, who) in enumerate(fields["lines"])
    ]
    return "---\n" + quoted_yaml(tree) + "---\n"


def trimmed(text: str) -> str:
    return (legal(text) or "").strip()


def spaced(text: str) -> str:
    return " ".join((legal(text) or "").split())
