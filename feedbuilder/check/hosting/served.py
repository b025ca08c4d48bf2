"""Rules of how published files are served: ranges, types, lengths, conditional requests, other sites' pages.

Spec: RFC 9110, 14 (ranges), 8.3 (types), 8.6 (lengths), 13 (conditions); https://fetch.spec.whatwg.org/ (CORS)
"""

from __future__ import annotations

import re
from typing import Final

from feedbuilder.check import specs
from feedbuilder.check.enclosure import ending_of
from feedbuilder.check.feed import attribute
from feedbuilder.check.hosting.plan import TEXTS, Role
from feedbuilder.check.hosting.published import Hosting, Published
from feedbuilder.check.rules import APPS, DIRECTORIES, EVERYONE, Fault, Faults, rule
from feedbuilder.online.questions import ORIGIN, Question, Reply
from feedbuilder.vocabulary.media import MEDIA_TYPES

_FEED_TYPES: Final = ("application/rss+xml", "application/xml", "text/xml")
_CHAPTERS_TYPES: Final = ("application/json+chapters", "application/json")
_SRT_TYPES: Final = ("application/x-subrip", "application/srt", "text/srt")
_PICTURE_TYPES: Final = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"}
_RANGE: Final = re.compile(r"bytes 0-1/(\d{1,15}|\*)", re.IGNORECASE)
_NUMBER: Final = r"[0-9]{1,15}"
_CHARSET: Final = re.compile(r";\s*charset\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)


@rule(
    "H2",
    "Byte ranges of audio and video are answered with 206, so that players can seek",
    error="apple",
    warning="spotify youtube podcast-index psp1",
    spec=specs.HTTP_RANGES,
    remedy="let the server give parts of files. nginx: no max_ranges 0; behind proxy_pass: proxy_force_ranges on;",
)
def _gives_ranges(file: Published) -> Faults:
    reply = file.reply(Question.RANGE)
    if file.thing.role is not Role.MEDIA or reply is None or file.is_page:
        return
    if reply.status in (200, 416):
        yield file.told(f"{file.shown} answers {reply.status} to bytes=0-1")
    elif reply.status == 206 and not _RANGE.fullmatch(reply.headers.get("content-range", "").strip()):
        given = reply.headers.get("content-range", "")
        yield file.told(f"{file.shown} answers bytes=0-1 with a part, and {given[:60]!r} for its place in the file")


@rule(
    "H3",
    "The feed is served as RSS or XML",
    warning=EVERYONE,
    spec=specs.w3c("UnexpectedContentType", "warning"),
    remedy="nginx: location = /feed.xml { types { } default_type application/rss+xml; }",
)
def _feed_has_its_type(file: Published) -> Faults:
    if file.thing.role is Role.FEED and file.there and not file.is_page and file.content_type not in _FEED_TYPES:
        yield _of_type(file, _FEED_TYPES[:1])


@rule(
    "H3b",
    "Chapters and transcripts are served by the type that the feed gives them",
    warning=APPS,
    spec=specs.CHAPTERS,
    remedy="nginx: location /chapters/ { types { application/json+chapters json; text/vtt vtt; } } and "
    "location /transcripts/ { types { text/vtt vtt; application/x-subrip srt; application/json json; text/html html; "
    "text/plain txt; } }",
)
def _texts_have_their_type(file: Published) -> Faults:
    if file.thing.role in TEXTS and file.there and not file.is_page:
        said = attribute(file.thing.element, "type").partition(";")[0].strip().lower()
        fitting = _CHAPTERS_TYPES if file.thing.role is Role.CHAPTERS else _SRT_TYPES if said in _SRT_TYPES else (said,)
        if file.content_type not in fitting:
            yield _of_type(file, fitting)


@rule(
    "H3c",
    "Pictures, audio and video are served by their type",
    warning=DIRECTORIES,
    spec=specs.APPLE,
    remedy="nginx, in http { }: include /etc/nginx/mime.types;",
)
def _media_have_their_type(file: Published) -> Faults:
    fitting = _media_types(file)
    if fitting and file.there and not file.is_page and file.content_type not in fitting:
        yield _of_type(file, fitting)


@rule(
    "H3d",
    "Where a file should be is no web page",
    error=EVERYONE,
    spec=specs.APPLE,
    remedy="upload output/, and answer 404 for what is not there. nginx: try_files $uri $uri/ =404;",
)
def _is_no_page(file: Published) -> Faults:
    if file.thing.role is not Role.PLAIN and file.is_page:
        yield file.told(f"{file.shown} gives a web page ({file.content_type})")


@rule(
    "H3e",
    "Texts are not served as another encoding than UTF-8",
    warning=EVERYONE,
    spec=specs.w3c("EncodingMismatch", "warning"),
    remedy="nginx: charset utf-8; or none at all. Apache: AddDefaultCharset Off",
)
def _is_utf8(file: Published) -> Faults:
    found = _CHARSET.search(file.there.headers.get("content-type", "")) if file.there else None
    if found and file.thing.role in (*TEXTS, Role.FEED) and found[1].lower() not in ("utf-8", "utf8"):
        yield file.told(f"{file.shown} is called {found[1]} by its server, and is UTF-8")


@rule(
    "H4",
    "The server gives as many bytes as the enclosure says",
    error="apple psp1 rss",
    spec=specs.RSS,
    key="audio.length",
    remedy="upload the file that was measured, or write the length of the one that is out",
    in_archive="upload the file that was measured; if the one that is out is right, run feedbuilder build --online",
)
def _length_is_true(file: Published) -> Faults:
    said, length = attribute(file.thing.element, "length"), length_of(file)
    if file.thing.role is not Role.MEDIA or file.is_page or length is None or not re.fullmatch(_NUMBER, said):
        return
    if int(said) != length:
        yield file.told(f"the feed says {int(said):,} bytes, {file.shown} has {length:,}")


@rule(
    "H4b",
    "The server says how long audio and video are",
    warning="apple psp1",
    spec=specs.HTTP_LENGTH,
    remedy="serve the file as it is, not packed and not piece by piece. nginx: gzip_types without audio and video",
)
def _says_length(file: Published) -> Faults:
    if file.thing.role is Role.MEDIA and file.there and not file.is_page and length_of(file) is None:
        yield file.told(f"{file.shown} is given without a Content-Length")


@rule(
    "H5",
    "The feed has an ETag or a Last-Modified, so that apps need not load it again and again",
    warning="podcast-index",
    spec=specs.AGGREGATOR,
    remedy="nginx: etag on; (and no if_modified_since off;)",
)
def _has_validators(hosting: Hosting) -> Faults:
    feed = hosting.feed
    reply = feed.there if feed else None
    if feed and reply and not reply.headers.keys() & {"etag", "last-modified"}:
        yield feed.told(f"{feed.shown} is given with neither")


@rule(
    "H5b",
    "A feed that did not change is answered with 304",
    warning="podcast-index",
    spec=specs.HTTP_CONDITIONAL,
    remedy="let the server compare If-None-Match and If-Modified-Since. nginx: etag on; if_modified_since exact;",
)
def _answers_304(hosting: Hosting) -> Faults:
    feed = hosting.feed
    again = feed.reply(Question.AGAIN) if feed else None
    if feed and again and again.status != 304:
        yield feed.told(f"{feed.shown} answers {again.status} when asked whether it changed since a moment ago")


@rule(
    "H5c",
    "Pages of other sites may read chapters and transcripts (CORS), so that web players can show them",
    warning="podcast-index",
    spec=specs.TRANSCRIPTS,
    remedy='nginx: add_header Access-Control-Allow-Origin "*"; in location /chapters/ and in location /transcripts/',
)
def _lets_players_read(file: Published) -> Faults:
    if file.thing.role in TEXTS and file.there:
        allowed = file.there.headers.get("access-control-allow-origin")
        if allowed is None:
            yield file.told(f"{file.shown} is given without Access-Control-Allow-Origin")
        elif allowed.strip() not in ("*", ORIGIN):
            yield file.told(f"{file.shown} is only for pages of {allowed[:60]!r}")


def length_of(file: Published) -> int | None:
    """Return how many bytes a server has of a file, as far as it says."""
    part = file.reply(Question.RANGE)
    found = _RANGE.fullmatch(part.headers.get("content-range", "").strip()) if part and part.status == 206 else None
    if found and found[1] != "*":
        return int(found[1])
    whole = file.reply(Question.WHOLE)
    if whole and whole.length_bytes is not None:
        return whole.length_bytes
    return next((length for reply in (file.head, part) if (length := _content_length(reply)) is not None), None)


def _content_length(reply: Reply | None) -> int | None:
    if reply is None or reply.status != 200 or reply.headers.get("content-encoding", "identity") != "identity":
        return None
    given = reply.headers.get("content-length", "").strip()
    return int(given) if re.fullmatch(_NUMBER, given) else None


def _media_types(file: Published) -> tuple[str, ...]:
    """Return the types that fit a picture, audio or video; none where anything may."""
    if file.thing.role is Role.PICTURE:
        fitting = _PICTURE_TYPES.get(ending_of(file.thing.url))
        return (fitting,) if fitting else ()
    if file.thing.role is not Role.MEDIA:
        return ()
    said = attribute(file.thing.element, "type").strip().lower()
    alike = next((types for types in MEDIA_TYPES.values() if said in types), (said,))
    return (said, *alike) if said else ()


def _of_type(file: Published, fitting: tuple[str, ...]) -> Fault:
    given = file.content_type
    return file.told(f"{file.shown} is {f'called {given}' if given else 'given no type'}, not {fitting[0]}")


FILE_RULES: Final = (
    _gives_ranges, _feed_has_its_type, _texts_have_their_type, _media_have_their_type, _is_no_page, _is_utf8,
    _length_is_true, _says_length, _lets_players_read,
)  # fmt: skip
RULES: Final = (_has_validators, _answers_304)
