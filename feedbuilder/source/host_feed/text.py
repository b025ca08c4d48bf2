"""Bytes of a host's feed → text that XML can carry: whatever encoding it claims, whatever encoding it is in.

Spec: XML 1.0, fifth edition, 4.3.3 and appendix F (https://www.w3.org/TR/xml/#charencoding).
"""

from __future__ import annotations

import codecs
import re
from itertools import islice
from typing import NamedTuple, NoReturn

from feedbuilder.errors import Place, Problem, UsageError
from feedbuilder.problems import problem
from feedbuilder.source.decoding import replaced
from feedbuilder.vocabulary.characters import FORBIDDEN

MAX_FEED_BYTES = 64 * 1024 * 1024

DOWNLOAD_AGAIN = "download the feed again, and look at the file before you use it"
TELL_THE_HOST = "tell the host: strict readers refuse such a feed"
_SAVE_AS_UTF8 = (
    'save the feed as UTF-8, or name its real encoding in its first line: <?xml version="1.0" encoding="…"?>'
)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0?\0", "utf-16-le"), (b"<\0r\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"), (b"\0<\0r", "utf-16-be"),
)  # fmt: skip
"""How a file starts that says by itself how it is encoded; the longer mark first where one begins like another."""

_PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
_DECLARATION = re.compile(r"<\?xml\b[^<>]*>")
_DECLARED = re.compile(rb"<\?xml\b[^<>]{0,500}?\bencoding\s*=\s*[\"']?([A-Za-z][\w.:-]{0,40})")
_TEXT_CODECS = re.compile(
    r"(?:iso|windows|cp|koi8|mac|x-mac|shift|sjis|euc|gb|hz|big5|latin|us-|ascii|utf[-_]?(?:8|16)|tis|ks|johab)",
    re.IGNORECASE,
)
"""Python also calls transforms such as punycode and unicode_escape encodings."""

_SEVEN_BIT = re.compile("iso-?2022|hz", re.IGNORECASE)
_NOT_UTF8 = re.compile("[\udc80-\udcff]+")  # what `surrogateescape` makes of single bytes
_BEYOND_ASCII = re.compile("[^\x00-\x7f]+")
_CUT_CHARACTER = re.compile(rb"[\xc2-\xf4]|[\xe0-\xf4][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{2}")
_LANGUAGE = re.compile(r"<(?:\w+:)?language>\s*(?:<!\[CDATA\[)?\s*([A-Za-z]{2,3})", re.IGNORECASE)
_WINDOWS_1252_LANGUAGES = re.compile(
    "en|de|fr|es|pt|it|nl|sv|da|no|nb|nn|fi|is|fo|ga|gd|ca|eu|gl|oc|lb|af|id|ms|sw|tl|la", re.IGNORECASE
)
_AFTER_A_CUT = tuple("<[]&.…")  # programs that shorten a text by bytes go on with a tag or with dots
_MOST_CONTROL_CHARACTERS = 10_000
_LONGEST_RUN = 3
"""Western words seldom have more letters beyond ASCII in a row; in other scripts nearly every word has."""


class Decoded(NamedTuple):
    """A feed's text, its XML declaration blanked out, lines and columns as in the file."""

    text: str
    problems: list[Problem]


def refuse(place: Place, message: str, remedy: str, cause: Exception | None = None) -> NoReturn:
    """Raise the error of a document that cannot be used as a whole."""
    fault = problem("host-feed-unusable", place, message, remedy)
    raise UsageError(f"the host's feed {place.path} cannot be used", [fault]) from cause


def place_at(text: str, index: int, path: str) -> Place:
    """Return the place of a character."""
    return Place(path, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


def decode_feed(data: bytes, path: str) -> Decoded:
    """Return the feed's text and what was odd about its bytes.

    Raises:
        UsageError: when it is too large, empty, packed, or in an encoding that nothing tells.
    """
    if len(data) > MAX_FEED_BYTES:
        refuse(
            Place(path),
            f"it has {len(data):,} bytes; the limit is {MAX_FEED_BYTES:,}",
            "look whether it is a feed at all",
        )
    if not data.strip(b"\0\t\n\r "):
        refuse(Place(path, 1, 1), "it is empty", DOWNLOAD_AGAIN)
    for magic, name in _PACKED.items():
        if data.startswith(magic):
            refuse(
                Place(path, 1, 1),
                f"it is packed with {name}",
                f"unpack it, or download it without --compressed or Accept-Encoding: {name}",
            )
    text, problems = _decode(data, path)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _without_declaration(*_without_forbidden(text, problems, path), path)


def _decode(data: bytes, path: str) -> tuple[str, list[Problem]]:
    for mark, codec in _MARKS:
        if data.startswith(mark) and codec != "utf-8":
            try:
                return data.decode(codec), []
            except UnicodeDecodeError as error:
                refuse(
                    Place(path),
                    f"it starts as {codec.upper()}, but byte {error.start:,} is none",
                    DOWNLOAD_AGAIN,
                    error,
                )
    data = data.removeprefix(codecs.BOM_UTF8)
    found = _DECLARED.search(data, 0, 2048)
    declared = found[1].decode("ascii") if found else "utf-8"
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            refuse(
                Place(path), "the feed stops in the middle of a character: its end is missing", DOWNLOAD_AGAIN, error
            )
        return _decode_as_declared(data, declared, path)
    if _SEVEN_BIT.match(declared) and (other := _decoded(data, declared)) is not None:
        return other, []
    if text.isascii() or declared.lower() in {"utf-8", "utf8"}:
        return text, []
    message = f"the first line says encoding={declared!r}, but the feed is UTF-8; it is read as UTF-8"
    place = Place(path, data.count(b"\n", 0, found.start() if found else 0) + 1)
    return text, [problem("host-feed", place, message, "tell the host: other readers show wrong letters")]


def _decode_as_declared(data: bytes, declared: str, path: str) -> tuple[str, list[Problem]]:
    name = declared.lower().replace("_", "-")
    if name in {"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii", "windows-1252", "cp1252"}:
        text = _decoded(data, "cp1252")  # what browsers and programs mean by all of these names
        return (data.decode("latin-1") if text is None else text), []
    if name not in {"utf-8", "utf8"} and (text := _decoded(data, declared)) is not None:
        return text, []
    return _with_windows_1252(data.decode("utf-8", "surrogateescape"), declared, path)


def _decoded(data: bytes, codec: str) -> str | None:
    if not _TEXT_CODECS.match(codec):
        return None
    try:
        return data.decode(codec)
    except (LookupError, UnicodeError):
        return None


def _with_windows_1252(text: str, declared: str, path: str) -> tuple[str, list[Problem]]:
    """Read the bytes that are no UTF-8 as Windows-1252, if that is all they can be; a character cut in two is lost."""
    is_utf8 = not _NOT_UTF8.sub("", text).isascii()
    western = _is_western(text)

    def without_halves(found: re.Match[str]) -> str:
        raw = found[0].encode("utf-8", "surrogateescape")
        is_half = _CUT_CHARACTER.fullmatch(raw) and (len(raw) > 1 or found.string[found.end()] in _AFTER_A_CUT)
        return "\ufffd" if is_half else found[0]

    def repaired(run: re.Match[str]) -> str:
        word = (
            _NOT_UTF8.sub(without_halves, run[0] + text[run.end() : run.end() + 1].ljust(1))[:-1] if is_utf8 else run[0]
        )
        found = _NOT_UTF8.search(word)
        if found is None:
            return word
        if len(word) > _LONGEST_RUN or not western:
            byte = ord(found[0][0]) - 0xDC00
            message = f"the first line says encoding={declared!r}, which does not fit the byte 0x{byte:02x} here"
            refuse(place_at(text, run.start(), path), message, _SAVE_AS_UTF8)
        return _NOT_UTF8.sub(lambda raw: raw[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace"), word)

    result = _BEYOND_ASCII.sub(repaired, text)
    first, count = _NOT_UTF8.search(text), sum(1 for _ in _NOT_UTF8.finditer(text))
    place = place_at(text, first.start() if first else 0, path)
    message = f"{count} places are not UTF-8, this is the first; read as Windows-1252, or U+FFFD for half a character"
    problems = [problem("host-feed", place, message, "look whether the letters are right: " + _SAVE_AS_UTF8)]
    return result, problems


def _is_western(text: str) -> bool:
    language = _LANGUAGE.search(text)
    return language is None or _WINDOWS_1252_LANGUAGES.fullmatch(language[1]) is not None


def _without_forbidden(text: str, problems: list[Problem], path: str) -> tuple[str, list[Problem]]:
    start = len(text) - len(text.lstrip("\ufeff\0\t\n "))
    text = re.sub("[^\n]", " ", text[:start]) + text[start:]  # before the first tag they mean nothing
    found = FORBIDDEN.search(text)
    if found is None:
        return text, problems
    count = sum(1 for _ in islice(FORBIDDEN.finditer(text), _MOST_CONTROL_CHARACTERS + 1))
    if count > _MOST_CONTROL_CHARACTERS:
        message = f"more than {_MOST_CONTROL_CHARACTERS:,} control characters stand in it, so it is no text"
        refuse(place_at(text, found.start(), path), message, DOWNLOAD_AGAIN)
    problems = [*problems, replaced(found[0], place_at(text, found.start(), path), count)]
    return FORBIDDEN.sub("\ufffd", text), problems


def _without_declaration(text: str, problems: list[Problem], path: str) -> Decoded:
    declaration = _DECLARATION.match(text, len(text) - len(text.lstrip()))
    if declaration is None:
        return Decoded(text, problems)
    if declaration.start():
        message = "white space stands before <?xml, where XML has no place for it; it is skipped"
        problems = [*problems, problem("host-feed", place_at(text, declaration.start(), path), message, TELL_THE_HOST)]
    blank = re.sub("[^\n]", " ", declaration[0])
    return Decoded(text[: declaration.start()] + blank + text[declaration.end() :], problems)
