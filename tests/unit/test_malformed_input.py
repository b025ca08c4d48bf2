"""Every kind of malformed episode file: what is said of it, where exactly, how to mend it, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import NamedTuple

import pytest
from archives import SEEDS, built, config_text, episode_text, write_archive
from PIL import Image

HEAD = {"title": "An episode", "dateadded": "2026-01-31", "guid": "one"}
SPOKEN_FOR = frozenset(
    {"missing-audio", "no-artwork", "no-duration"}
)  # true of nearly every archive here, and tested elsewhere


class Kind(NamedTuple):
    """One kind of malformed episode file; the lines of `header` start on line 5, below title, date and guid."""

    what: str
    header: str | bytes  # bytes are the whole file
    code: str | None  # None: nothing is wrong
    place: str = ""  # line:column
    says: str = ""
    remedy: str = ""
    published: bool = True
    also: frozenset[str] = frozenset()  # codes that follow from the first
    without: str = ""  # the field of the usual header that the case writes itself
    body: str = ""
    config: str | None = None
    others: Mapping[str, str | bytes] = {}
    file: str = "x.md"


def whole(header: str = "", body: str = "", without: str = "") -> str:
    usual = "".join(f"{name}: {value}\n" for name, value in HEAD.items() if name != without)
    return f"---\n{usual}{header}{'' if not header or header.endswith(chr(10)) else chr(10)}---\n{body}"


def held(what: str, header: str | bytes, code: str, place: str, says: str, remedy: str, **more: object) -> Kind:
    return Kind(what, header, code, place, says, remedy, published=False, **more)  # type: ignore[arg-type]


def picture(kind: str, pixels: int = 200) -> bytes:
    file = BytesIO()
    Image.effect_noise((pixels, pixels), 50).save(file, kind)
    return file.getvalue()


SOUND = (SEEDS / "audio/welcome-to-the-seed-show.mp3").read_bytes()
WITH_FOLDER = config_text(audio={"folder": "audio"})
WITH_PEOPLE = config_text(archive={"people": "people"})
JANE = {"people/jane.md": "---\ntitle: Jane Doe\n---\n"}
NO_DATE = frozenset({"no-date"})
TIMELESS = frozenset({"transcript-irregular"})

ENCODINGS = [
    held("a file in UTF-16", whole().encode("utf-16"), "not-utf8", "1:1", "UTF-16", "save the file as UTF-8"),
    held("a file in UTF-32", whole().encode("utf-32"), "not-utf8", "1:1", "UTF-32", "save the file as UTF-8"),
    held("a file in UTF-16 that does not say so", whole().encode("utf-16-le"), "not-text", "1:2", "NUL", "UTF-8"),
    held(
        "a file in Latin-1", whole("intro: Café").encode("latin-1"), "not-utf8", "5:11", "it is é", "save the file as"
    ),
    held(
        "a file in Windows-1252 with a BOM and Windows line ends",
        b"\xef\xbb\xbf" + whole("intro: “Hi”").replace("\n", "\r\n").encode("cp1252"),
        "not-utf8",
        "5:8",
        "byte 0x93",
        "save the file as UTF-8",
    ),
    held(
        "a file in Windows-1252 with old Mac line ends",
        whole("intro: “Hi”").replace("\n", "\r").encode("cp1252"),
        "not-utf8",
        "5:8",
        "byte 0x93",
        "UTF-8",
    ),
    held("a NUL byte", whole("intro: a\0b").encode(), "not-text", "5:9", "NUL bytes", "restore the file"),
    held("a file of nine megabytes", whole(body="x" * (9 << 20)).encode(), "file-too-large", "", "9,437,", "move what"),
    Kind("a byte order mark is no fault", "\ufeff".encode() + whole().encode(), None),
    Kind("two byte order marks are no fault", "\ufeff\ufeff".encode() + whole().encode(), None),
    Kind("Windows line ends are no fault", whole("intro: a", "b\n").replace("\n", "\r\n").encode(), None),
    Kind("old Mac line ends are no fault", whole("intro: a", "b\n").replace("\n", "\r").encode(), None),
    Kind(
        "control characters", "intro: a\x08b\x0bc", "forbidden-character", "5:9", "2 control characters", "delete the"
    ),
    Kind("an escaped control character", 'intro: "a\\x07"', "forbidden-character", "5:8", "U+0007", "delete the"),
    Kind("a control character in the text", "", "forbidden-character", "6:3", "U+0001", "delete", body="ab\x01"),
    Kind(
        "a line separator does not shift the lines below it",
        "intro: a\u2028b\nseason: x",
        "not-a-number",
        "6:9",
        "'x' is not",
        "write digits",
    ),
]

FRONT_MATTER = [
    Kind("an empty file", b"", "no-front-matter", "1:1", "no episode", "start it with a line ---", published=False),
    Kind("a page", b"# About\n\nHi.\n", "no-front-matter", "1:1", "no episode", "start it", published=False),
    held("no line --- above", whole()[4:].encode(), "front-matter-not-opened", "1:1", "no line ---", "first line ---"),
    held("a line ---- above", b"-" + whole().encode(), "front-matter-not-opened", "2:1", "no line ---", "first line"),
    held("no line --- below", whole()[:-4].encode(), "front-matter-not-closed", "1:1", "has no end", "add a line ---"),
    held(
        "text above", b"junk\n" + whole().encode(), "text-before-front-matter", "1:1", "on line 2", "delete what stands"
    ),
    held(
        "text above a header that starts with a comment",
        b"junk\n\n---\n# mine\n\n" + whole()[4:].encode(),
        "text-before-front-matter",
        "1:1",
        "on line 3",
        "delete",
    ),
    Kind("blank lines above are no fault", b"\n\n" + whole().encode(), None),
    held("TOML", b'+++\ntitle = "A"\n+++\n', "toml-front-matter", "1:1", "TOML", "write it as YAML"),
    held("an empty header", b"---\n---\nHi.\n", "no-fields", "1:1", "holds no fields", "write `title"),
    held("a list as header", b"---\n- title\n---\n", "no-fields", "1:1", "holds no fields", "write `title"),
    held("bare text as header", b"---\nAn episode\n---\n", "no-fields", "1:1", "holds no fields", "write `title"),
]

YAML = [
    held("a tab as indentation", "links:\n\tx: y", "yaml-syntax", "6:1", "a tab", "indent with spaces"),
    held("a tab in a list's entry", "links:\n- a: b\n\tc: d", "yaml-syntax", "7:1", "a tab", "indent with spaces"),
    held("a tab inside a block of text", "intro: |\n\tHi", "yaml-syntax", "6:1", "a tab", "indent with spaces"),
    held("a colon in a value", "intro: Ana: a life", "yaml-syntax", "5:11", "second ': '", "in double quotes"),
    held(
        "a field indented too far", "intro: Hi\n  season: 2", "yaml-syntax", "6:9", "indented too far", "start the line"
    ),
    held("a quote never closed", 'intro: "Hi\nseason: 2', "yaml-syntax", "5:8", "never closed", "close the quote"),
    held("a quote closed too early", "intro: 'it's'", "yaml-syntax", "5:12", "does not fit", "closes it too early"),
    held(
        "a bracket never closed", "topics: [a, b\nseason: 2", "yaml-syntax", "5:9", "never closed", "close the bracket"
    ),
    held("a closing bracket only", "intro: ] Hi", "yaml-syntax", "5:8", "no value", "in quotes"),
    held(
        "a line without a colon", "just words\nseason: 2", "yaml-syntax", "5:1", "neither `key: value`", "missing colon"
    ),
    held("list items indented unevenly", "topics:\n  - a\n - b", "yaml-syntax", "7:2", "does not fit", "indentation"),
    held(
        "a list item on its key's line", "topics: - a", "yaml-syntax", "5:9", "same line as its key", "lines of its own"
    ),
    held("a value that starts with @", "intro: @ana", "yaml-syntax", "5:8", "start with @", "in quotes"),
    held("a value that starts with %", "intro: % of it", "yaml-syntax", "5:8", "start with %", "in quotes"),
    held("a value that starts with a backtick", "intro: `x`", "yaml-syntax", "5:8", "start with `", "in quotes"),
    held("a value in Markdown bold", "intro: **Hi**", "yaml-syntax", "5:9", "& or *", "in quotes"),
    held("a backslash in double quotes", 'intro: "\\q"', "yaml-syntax", "5:9", "backslash", "single quotes"),
    held("text behind a block's sign", "intro: | Hi", "yaml-syntax", "5:10", "behind a |", "next line"),
    held("a field twice", "title: Other", "yaml-duplicate-key", "5:1", "the first is on line 2", "keep one"),
    held("an alias", "intro: &a Hi\ndescription: *a", "yaml-alias", "6:14", "*a repeats", "write the value out"),
    held("a merge key", "location:\n  <<: {a: b}", "yaml-merge", "6:3", "<< merges", "write the fields out"),
    held(
        "a tag that would run code", "intro: !!python/name:os.system x", "yaml-tag", "5:8", "the tag", "remove the tag"
    ),
    held("a tag of the owner's own", "intro: !secret x", "yaml-tag", "5:8", "!secret", "remove the tag"),
    held("fifty thousand open brackets", "intro: " + "[" * 50_000, "yaml-too-deep", "5:57", "more than 50", "quote"),
    held("fifty thousand open braces", "intro: " + "{a: " * 50_000, "yaml-too-deep", "5:204", "more than 50", "quote"),
    held(
        "more values than any episode", "topics:\n" + "- a\n" * 200_001, "yaml-too-long", "199994:3", "200,000", "split"
    ),
    held("a list as a field's name", "? [a]\n: b", "yaml-key", "5:3", "itself a list", "in quotes"),
    held("template braces without quotes", "intro: {{ page.x }}", "yaml-key", "5:9", "itself a list", "in quotes"),
    held(
        "two documents in a YAML file",
        b"title: A\n---\ntitle: B\n",
        "yaml-many-documents",
        "2:1",
        "second YAML document",
        "one episode",
        file="x.yaml",
    ),
]

TYPES = [
    held("no title", "", "missing-field", "1:1", "`title`", "add it", without="title"),
    held("a title without a value", "title:", "missing-field", "1:1", "has no value", "add it", without="title"),
    held("a title of spaces", "title: '  '", "empty-value", "4:8", "no text", "write the text", without="title"),
    held("a mapping as title", "title: {a: b}", "wrong-type", "4:8", "this is a mapping", "write the", without="title"),
    held("a list as title", "title: [a]", "wrong-type", "4:8", "this is a list", "write the text", without="title"),
    held("a draft flag that says neither", "draft: ture", "not-a-flag", "5:8", "'ture' is neither", "true or false"),
    held("a published flag that says neither", "published: flase", "not-a-flag", "5:12", "'flase'", "true or false"),
    Kind("a list where one value is wanted", "duration: [1, 2]", "wrong-type", "5:11", "this is a list", "write PT1H"),
    Kind(
        "a mapping where a list is wanted",
        "topics: {a: b}",
        "wrong-type",
        "5:9",
        "should be a list",
        "starts with '- '",
    ),
    Kind("a letter in a number", "season: 2O", "not-a-number", "5:9", "'2O' is not a whole number", "write digits"),
    Kind("a negative number", "episode: -3", "not-a-number", "5:10", "from 0 up", "write digits"),
    Kind("a fraction of a season", "season: 1.5", "not-a-number", "5:9", "whole number", "write digits"),
    Kind("a number in words", "episode: twelve", "not-a-number", "5:10", "'twelve'", "write digits"),
    Kind("a duration in words", "duration: 1 hour", "bad-duration", "5:11", "'1 hour'", "write PT1H5M9S"),
    Kind(
        "a duration of 75 seconds after a colon", "duration: 1:75", "bad-duration", "5:11", "59 seconds", "write PT1H"
    ),
    Kind("a duration in months", "duration: P1M", "bad-duration", "5:11", "years or months", "write PT1H"),
    Kind("a negative duration", "duration: -5", "bad-duration", "5:11", "'-5'", "write PT1H"),
    Kind("a duration of nothing", "duration: 0", "bad-duration", "5:11", "no length", "write PT1H"),
    Kind("a duration of weeks", "duration: 1001:00:00", "bad-duration", "5:11", "a thousand hours", "write PT1H"),
    Kind("a duration beyond any number", f"duration: {'9' * 400}", "bad-duration", "5:11", "…", "write PT1H"),
    Kind("explicit: maybe", "explicit: maybe", "not-a-flag", "5:11", "'maybe' is neither", "true or false"),
    Kind("an unknown type of episode", "type: ful", "bad-episode-type", "5:7", "'ful'", "full, trailer or bonus"),
    Kind("a language by its name", "language: English", "bad-language", "5:11", "show's en is used", "pt-BR"),
    Kind("a country's code for a language", "language: jp", "bad-language", "5:11", "'jp'", "pt-BR"),
    Kind(
        "a display number too long", f"episode_display: {'x' * 40}", "wrong-type", "5:18", "32 characters", "shorten it"
    ),
    Kind("a field's name misspelt", "durtion: 5:00", "misspelt-field", "5:1", "`durtion`", "rename it to duration"),
    Kind("text for ids", "ids: e1abc", "wrong-type", "5:6", "should be a mapping", "`name: value`"),
    Kind("a place without its name", "location: {country: DE}", "missing-field", "5:11", "location.name", "add it"),
    Kind("a geo address that is none", "location: {name: B, geo: 52}", "wrong-type", "5:26", "geo address", "geo:52.5"),
    Kind("a licence nobody knows", "license: mine", "unknown-license", "5:10", "'mine'", "identifier and url"),
    Kind(
        "a soundbite of nothing", "soundbites: [{start: 1, duration: 0}]", "bad-duration", "5:35", "no length", "PT1H"
    ),
    Kind(
        "a soundbite after the end",
        "duration: 0:30\nsoundbites:\n- {start: 20, duration: 20}",
        "soundbite",
        "7:3",
        "after the episode",
        "correct",
    ),
    Kind("a season 0", "season: 0", "number-not-for-apple", "5:9", "from 1 up", "nothing"),
    Kind("half an episode number", "episode: 2.5", "number-not-for-apple", "5:10", "is 2.5", "nothing"),
    Kind(
        "no number in a serial show",
        "",
        "unnumbered-serial",
        "1:1",
        "no `episode`",
        "add `episode:`",
        config=config_text(show={"type": "serial"}),
    ),
]

DATES = [
    held("no date", "", "no-date", "1:1", "is not known", "add `dateadded: 2026-01-31`", without="dateadded"),
    held(
        "a date under another name",
        "pub_date: 2026-01-31",
        "no-date",
        "1:1",
        "is not known",
        "fields: {published: pub_date}",
        without="dateadded",
    ),
    *(
        held(
            what, f"dateadded: {date}", "bad-date", "4:12", says, "write 2026-01-31", without="dateadded", also=NO_DATE
        )
        for what, date, says in [
            ("a date with two readings", "03/04/2021", "one meaning only"),
            ("a date with two readings and a time", "03/04/2021 10:00", "one meaning only"),
            ("a thirtieth of February", "2021-02-30", "day is out of range"),
            ("a thirteenth month", "2021-13-01", "month must be in 1..12"),
            ("a month without a day", "February 2021", "only part of a date"),
            ("a year before podcasts", "0021-02-23", "not a year podcasts"),
            ("a zone with two readings", "Tue, 23 Feb 2021 10:00:00 CEST", "the zone CEST"),
            ("a date in no language", "soon", "'soon' is not a date"),
        ]
    ),
    held(
        "an impossible date in the file's name",
        "",
        "bad-date",
        "",
        "day is out of range",
        "rename the file",
        without="dateadded",
        also=NO_DATE,
        file="2021-02-30-x.md",
    ),
    *(
        Kind(f"{what} is no fault", f"dateadded: {date}", None, without="dateadded")
        for what, date in [
            ("a date in quotes", "'2021-02-23'"),
            ("a date with its month in words", "23 February 2021"),
            ("a date and a time", "2021-02-23 18:30"),
            ("a time with its zone", "2021-02-23T10:00:00+01:00"),
            ("a date as e-mails have it", "Tue, 23 Feb 2021 10:00:00 GMT"),
            ("a date in American zones", "Tue, 23 Feb 2021 10:00:00 EST"),
            ("a year first", "2021/2/23"),
        ]
    ),
    Kind("a date to come", "dateadded: 2099-01-01", "scheduled", "4:12", "2099-01-01", "", False, without="dateadded"),
]

LINKS = [
    Kind("a link that only keeps a place", "links: {web: TODO}", "placeholder", "5:14", "'TODO'", "write the address"),
    Kind("a javascript: link", "links: {web: 'javascript:x()'}", "bad-url", "5:14", "'javascript:x()'", "https://"),
    Kind("a link without a site", "links: {web: /about}", "bad-url", "5:14", "'/about'", "archive.site_url"),
    Kind(
        "a link that is a list", "links:\n  a: [x]\n  b: https://b.example/", "wrong-type", "6:6", "is a list", "write"
    ),
    Kind("links without a label", "links:\n- url: https://a.example/", "missing-field", "6:3", "links.label", "add it"),
    Kind("a page that is no address", "link: 'javascript:x()'", "bad-url", "5:7", "'javascript:x()'", "write it whole"),
    Kind("a content link that is none", "content_links: {a: x}", "bad-url", "5:20", "'x'", "write it whole"),
    Kind(
        "a relative link in the text",
        "",
        "bad-url",
        "8:10",
        "'/about'",
        "archive.site_url",
        body="Hi.\n\nSee [it](/about) and [that](/that).\n",
    ),
    Kind("a javascript: link in HTML", "", "bad-url", "6:10", "'data:x'", "https://", body='<a href="data:x">y</a>'),
    Kind(
        "a template tag in the text", "", "template-tag", "8:4", "{% x %}", "write the text", body="Hi.\n\nan {% x %}\n"
    ),
    Kind("a template tag in a field", "intro: a {{ page.x }}", "template-tag", "5:8", "{{ page.x }}", "write the text"),
    Kind(
        "a licence's address that is none",
        "license: {identifier: mit, url: x}",
        "bad-url",
        "5:10",
        "'x'",
        "write it",
        also=frozenset({"unknown-license"}),
    ),
]

IDENTITY = [
    held("nothing that lasts", "", "no-identity", "1:1", "nothing lasting", "copy its <guid> from", without="guid"),
    held(
        "a guid that only keeps a place",
        "guid: TODO",
        "placeholder",
        "4:7",
        "'TODO'",
        "delete the line",
        without="guid",
        also=frozenset({"no-identity"}),
    ),
    held(
        "an id that only keeps a place",
        "links: {youtube: 'https://youtu.be/TODO'}\nids: {youtube: '&t'}",
        "no-identity",
        "1:1",
        "nothing lasting",
        "guid: ",
        without="guid",
    ),
    Kind(
        "a guid longer than directories keep",
        f"guid: {'x' * 741}\nids: {{host: a}}",
        "bad-guid",
        "4:7",
        "741 characters",
        "shorten it",
        without="guid",
    ),
    Kind(
        "an id of the wrong type costs only itself", "ids: {a: [x], b: y}", "wrong-type", "5:10", "ids.a", "write the"
    ),
    Kind(
        "an id that another episode has",
        "ids: {host: shared}",
        "doubled-id",
        "5:13",
        "episodes/good.md",
        "copied by mistake",
        others={"episodes/good.md": episode_text(guid="good", title="Good", ids={"host": "shared"})},
    ),
    held(
        "a slug that differs in case only",
        "slug: GOOD",
        "doubled-slug",
        "5:7",
        "episodes/good.md",
        "`slug:` of its own",
    ),
    Kind("a slug without letters", "slug: ''", "empty-value", "5:7", "no text", "delete the field"),
    Kind(
        "the address of another episode's audio",
        "audio: {url: https://a.example/a.mp3, length: 9}",
        "doubled-audio",
        "5:8",
        "episodes/good.md",
        "copied by mistake",
        others={
            "episodes/good.md": episode_text(
                guid="good", title="Good", audio={"url": "https://a.example/a.mp3", "length": 9}, dateadded="2026-01-01"
            )
        },
    ),
    Kind(
        "the number of another episode",
        "episode: 7",
        "doubled-number",
        "5:10",
        "episodes/good.md",
        "renumber",
        others={"episodes/good.md": episode_text(guid="good", title="Good", episode=7, dateadded="2026-01-01")},
    ),
]

CHAPTERS = [
    Kind(what, f"quotableClips:\n{clips}", code, place, says, remedy)
    for what, clips, code, place, says, remedy in [
        ("a chapter without a name", "- startOffset: 1", "missing-field", "6:3", "quotableClips.name", "add it"),
        ("a chapter without a start", "- name: a", "missing-field", "6:3", "quotableClips.startOffset", "add it"),
        ("text for a chapter", "- Hi", "wrong-type", "6:3", "an entry of `quotableClips`", "`name: value`"),
        ("a start that is none", "- name: a\n  startOffset: x", "bad-duration", "7:16", "'x' is not", "write PT1H"),
        ("a negative start", "- name: a\n  startOffset: -1", "bad-duration", "7:16", "'-1'", "write PT1H"),
        (
            "an end before the start",
            "- name: a\n  startOffset: 9\n  endOffset: 5",
            "chapter-end",
            "8:14",
            "1 chapter end",
            "players use the next",
        ),
        (
            "two chapters at one moment",
            "- {name: a, startOffset: 1}\n- {name: b, startOffset: 1}",
            "doubled-chapter",
            "7:3",
            "left out 'b'",
            "own start",
        ),
        (
            "a chapter's link that is none",
            "- {name: a, startOffset: 1, url: 'javascript:x'}",
            "bad-url",
            "6:34",
            "'javascript:x'",
            "correct or delete",
        ),
        (
            "a chapter's link that only keeps a place",
            "- {name: a, startOffset: 1, url: TODO}",
            "placeholder",
            "6:34",
            "'TODO'",
            "write the address",
        ),
        (
            "a chapter's picture that is not there",
            "- {name: a, startOffset: 1, image: a.png}",
            "picture-not-found",
            "6:36",
            "a.png",
            "add the file",
        ),
        (
            "a chapter after the declared end",
            "- {name: a, startOffset: 99}\nduration: 0:30",
            "declared-too-short",
            "7:11",
            "1 of 1 chapters",
            "`duration`",
        ),
        (
            "a chapter after the measured end",
            "- {name: a, startOffset: 1}\n- {name: b, startOffset: 99}\n"
            "audio: {url: https://a.example/a.mp3, length: 9, duration: 30}",
            "chapter-beyond-end",
            "7:26",
            "1 of 2 chapters",
            "correct their starts",
        ),
    ]
] + [
    Kind(
        "text for all chapters", "quotableClips: 0:00 Hi", "wrong-type", "5:16", "should be a list", "starts with '- '"
    ),
    Kind(
        "chapters out of order are no fault",
        "quotableClips:\n- {name: b, startOffset: 9}\n- {name: a, startOffset: 1}",
        None,
    ),
]

TRANSCRIPTS = [
    Kind("a mapping for a transcript", "transcript: {line: Hi}", "transcript-shape", "5:13", "not a list", "`line`"),
    Kind("text for a transcript", "transcript: Hi", "transcript-file", "5:13", "cannot be read", "its name"),
    Kind("a transcript elsewhere", "transcript: ../../../etc/passwd", "transcript-file", "5:13", "leads out", "move"),
    Kind("a number for a transcript", "transcript: {a: b}", "transcript-shape", "5:13", "not a list", "`sec`, `who`"),
    *(
        Kind(what, f"transcript:\n{items}", code, place, says, remedy, also=TIMELESS)
        for what, items, code, place, says, remedy in [
            (
                "a line without words",
                "- line: Hi\n- who: A",
                "transcript-item",
                "7:3",
                "neither `line` nor",
                "delete it",
            ),
            (
                "a line with empty words",
                "- line: Hi\n- line: ' '",
                "transcript-item",
                "7:3",
                "1 transcript entry",
                "`line`",
            ),
            ("an empty entry", "- line: Hi\n-\n- line: Ho", "transcript-item", "7:2", "1 transcript entry", "`line`"),
            (
                "a heading that is a list",
                "- line: Hi\n- header: [a]",
                "transcript-item",
                "7:3",
                "nor `header`",
                "`line`",
            ),
            ("a time that is none", "- line: Hi\n  sec: soon", "transcript-time", "7:8", "1 time", "write seconds"),
            ("a negative time", "- line: Hi\n  sec: -5", "transcript-time", "7:8", "1 time", "write seconds"),
            ("a list for a speaker", "- line: Hi\n  who: [a]", "wrong-type", "7:8", "`who`", "write one name"),
            (
                "the words in the speaker's place",
                "- line: Ana\n  who: That is what I said. Yes.\n- line: Hm\n  who: Ana",
                "speaker-holds-text",
                "6:1",
                "`who`",
                "write the speaker's name into `who`",
            ),
        ]
    ),
    Kind(
        "a paragraph twice, first without its speaker and time",
        "transcript:\n- line: Hello there.\n- {line: Hello there., sec: 3, who: Ana}\n- {line: Hm., sec: 5, who: Bo}",
        "transcript-twice",
        "6:1",
        "1 paragraphs stand twice in a row",
        "delete the copies",
    ),
    Kind("headings only", "transcript:\n- header: Hi", "transcript-shape", "6:1", "no words", "`line`"),
    Kind(
        "times that step back",
        "transcript:\n- {line: a, sec: 9}\n- {line: b, sec: 1}",
        "transcript-irregular",
        "6:1",
        "1 stepping back",
        "",
    ),
]

AUDIO = [
    Kind("audio that only keeps a place", "audio: TODO", "placeholder", "5:8", "'TODO'", "write the address"),
    Kind("a javascript: address for audio", "audio: 'javascript:x'", "bad-url", "5:8", "'javascript:x'", "https://"),
    Kind("an e-mail address for audio", "audio: mailto:a@b.example", "bad-url", "5:8", "mailto", "https://"),
    Kind("audio without an address", "audio: {length: 5}", "missing-field", "5:8", "audio.url", "add it"),
    Kind(
        "a length that is none costs only itself",
        "audio: {url: https://a.example/a.mp3, length: big}",
        "not-a-number",
        "5:47",
        "audio.length",
        "write digits",
        also=frozenset({"audio-length"}),
    ),
    Kind("a length nobody knows", "audio: https://a.example/a.mp3", "audio-length", "5:8", "not known", "BYTES"),
    Kind(
        "an ending Apple skips",
        "audio: {url: https://a.example/a.ogg, length: 5}",
        "audio-ending",
        "5:8",
        "'ogg'",
        "MP3",
    ),
    Kind(
        "a type that is not that of the ending",
        "audio: {url: https://a.example/a.mp3, length: 5, type: audio/x-m4a}",
        "audio-type",
        "5:8",
        "audio/x-m4a",
        "use audio/mpeg",
    ),
    *(
        Kind(what, f"audio: {name}", code, "5:8", says, remedy, config=WITH_FOLDER, others={f"audio/{file}": content})
        for what, name, code, says, remedy, file, content in [
            ("a local file that is not there", "a.mp3", "audio-not-found", "no such", "add the file", "b.mp3", SOUND),
            ("a local file outside its folder", "../a.mp3", "audio-not-found", "leads out", "correct", "b.mp3", SOUND),
            ("a name longer than any file's", f"{'a' * 400}.mp3", "audio-not-found", "no such", "add", "b.mp3", SOUND),
            (
                "text that calls itself audio",
                "a.mp3",
                "audio-broken",
                "cannot be read",
                "export it",
                "a.mp3",
                b"Hi " * 99,
            ),
            ("an empty audio file", "a.mp3", "audio-broken", "cannot be read", "export it again", "a.mp3", b""),
            (
                "another container than its ending",
                "a.m4a",
                "audio-type",
                "MP3, not what .m4a",
                "ending",
                "a.m4a",
                SOUND,
            ),
            ("a file of another kind", "a.txt", "audio-type", ".txt is not a kind", "MP3 or M4A", "a.txt", b"Hi"),
        ]
    ),
    Kind(
        "a duration the audio does not have",
        "audio: a.mp3\nduration: 9:00",
        "duration-differs",
        "6:11",
        "lasts 0:39",
        "correct or delete `duration`",
        config=WITH_FOLDER,
        others={"audio/a.mp3": SOUND},
    ),
]

PICTURES = [
    Kind("a picture that is not there", "image: a.png", "picture-not-found", "5:8", "a.png", "add the file"),
    Kind("a picture that only keeps a place", "image: TODO", "placeholder", "5:8", "'TODO'", "put a picture there"),
    Kind("a picture outside the site", "image: ../../etc/passwd", "picture-not-found", "5:8", "leads out", "correct"),
    Kind("a sentence for a picture", f"image: {'ab ' * 300}", "picture-not-found", "5:8", "no such", "add the file"),
    Kind("a javascript: picture", "image: 'javascript:x'", "bad-url", "5:8", "'javascript:x'", "https://"),
    Kind(
        "a data: picture",
        f"image: 'data:image/png;base64,{'A' * 6000}'",
        "bad-url",
        "5:8",
        "no web address",
        "https://",
    ),
    *(
        Kind(what, f"image: {name}", code, "5:8", says, remedy, others={name: content})
        for what, name, code, says, remedy, content in [
            ("text that calls itself a picture", "a.png", "picture-broken", "not a picture", "export it again", b"Hi"),
            ("half a PNG", "a.png", "picture-broken", "cannot be read", "export it", picture("PNG")[:3000]),
            ("half a JPEG", "a.jpg", "picture-broken", "cannot be read", "export it", picture("JPEG")[:3000]),
            (
                "a PNG without its first chunk",
                "a.png",
                "picture-broken",
                "cannot be read",
                "export",
                picture("PNG")[:20],
            ),
            ("a picture too small for artwork", "a.jpg", "picture-not-artwork", "200×200", "1400", picture("JPEG")),
            ("a GIF", "a.gif", "picture-not-artwork", "ends in .gif", "JPEG or PNG", picture("GIF")),
            ("a GIF called JPEG", "a.jpg", "picture-not-artwork", "image/gif", "JPEG or PNG", picture("GIF")),
        ]
    ),
]

PEOPLE = [
    Kind(
        "a guest nobody knows",
        "guests: [jan]",
        "unknown-person",
        "5:10",
        "`jan`",
        "write `jane`, if",
        config=WITH_PEOPLE,
        others=JANE,
    ),
    Kind("a guest without a name", "guests: [{role: guest}]", "missing-field", "5:10", "guests.name", "add it"),
    Kind("a list for a guest", "guests: [[a]]", "wrong-type", "5:10", "an entry of `guests`", "`name: value`"),
    Kind("a role nobody has", "guests: {name: A B, role: king}", "unknown-role", "5:27", "'king'", "guest or editor"),
    Kind("a guest's address that is none", "guests: {name: A B, url: x}", "bad-url", "5:26", "'x'", "write it whole"),
    Kind(
        "a guest's picture that is none",
        "guests: {name: A B, picture: x}",
        "picture-not-found",
        "5:30",
        "x:",
        "add the",
    ),
]

KINDS = [
    *ENCODINGS,
    *FRONT_MATTER,
    *YAML,
    *TYPES,
    *DATES,
    *LINKS,
    *IDENTITY,
    *CHAPTERS,
    *TRANSCRIPTS,
    *AUDIO,
    *PICTURES,
    *PEOPLE,
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.what)
def test_the_place_the_fault_and_the_remedy_are_told(kind, tmp_path):
    text = kind.header if isinstance(kind.header, bytes) else whole(kind.header, kind.body, kind.without)
    episodes = {"good.md": episode_text(guid="good", title="Good", episode=1), kind.file: text}
    report = built(write_archive(tmp_path, episodes, kind.config, kind.others), tmp_path / "out")

    problems = [problem for problem in report.problems if problem.code not in SPOKEN_FOR]
    assert {problem.code for problem in problems} - kind.also == ({kind.code} if kind.code else set())
    if kind.code:
        told = next(problem for problem in problems if problem.code == kind.code)
        assert str(told.place) == f"episodes/{kind.file}{':' if kind.place else ''}{kind.place}"
        assert kind.says in told.message
        assert kind.remedy in told.remedy
    published = {episode.source for episode in report.show.episodes}
    assert published == {"episodes/good.md", *([f"episodes/{kind.file}"] if kind.published else [])}


@pytest.mark.parametrize(
    ("header", "codes"),
    [
        ("dateadded: yesterday", {"bad-date": "write 2026", "no-date": "see what is said of it"}),
        ("audio: x.mp3", {"bad-url": "write it whole", "missing-audio": "see what is said of it"}),
        ("audio: {url: TODO}", {"placeholder": "write the address", "missing-audio": "see what is said of it"}),
        ("audio: [a, b]", {"wrong-type": "", "missing-audio": "see what is said of it"}),
        ("", {"missing-audio": "name it with `audio:`"}),
    ],
)
def test_what_cannot_be_used_is_not_said_to_be_left_out(header, codes, tmp_path):
    fields = {"dateadded": None} if header.startswith("dateadded") else {}
    text = episode_text(**fields).replace("---\n", f"---\n{header}\n" if header else "---\n", 1)
    report = built(write_archive(tmp_path, {"x.md": text, "y.md": episode_text(guid="y")}), tmp_path / "out")
    told = {fault.code: fault.remedy for fault in report.problems if fault.place.path == "episodes/x.md"}
    assert told.keys() >= codes.keys()
    assert all(remedy in told[code] for code, remedy in codes.items())


@pytest.mark.parametrize(("declared", "differs"), [("0:39", False), ("0:40", False), ("0:41", True)])
def test_a_length_in_whole_seconds_may_be_rounded(declared, differs, tmp_path):
    text = episode_text(audio="a.mp3", duration=declared)
    config = write_archive(tmp_path, {"x.md": text}, WITH_FOLDER, {"audio/a.mp3": SOUND})
    codes = {fault.code for fault in built(config, tmp_path / "out").problems}
    assert ("duration-differs" in codes) == differs
