"""Rules of the feed as a document: its bytes, its XML, its vocabulary.

Spec: XML 1.0 (https://www.w3.org/TR/xml/), RSS 2.0.11 (https://www.rssboard.org/rss-specification)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from feedbuilder.check import specs
from feedbuilder.check.feed import KNOWN_NAMESPACES, folded, line_of
from feedbuilder.check.rules import EVERYONE, Fault, Faults, rule
from feedbuilder.render.xml import strict_parser

_LARGE_BYTES: Final = 5_000_000
_TOO_LARGE_BYTES: Final = 73_400_320
_DECLARATION = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_MOJIBAKE = re.compile(
    "[\ufffd\x80-\x84\x86-\x9fÃÂâ]"  # what it may begin with is found fast, in one class
    "(?:(?<=[ÃÂ])[\x80-\xbf]|(?<=â)€[™œ\x9d“”˜¦]|(?<![ÃÂâ]))"
)
_NEEDED: Final = ("itunes", "podcast", "atom")


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes of a feed, and the tree in them, if there is one."""

    content: bytes
    root: etree._Element | None
    error: etree.XMLSyntaxError | None = None

    @property
    def declared(self) -> str:
        """The encoding that the XML declaration names."""
        found = _DECLARATION.match(self.content.removeprefix(b"\xef\xbb\xbf").lstrip())
        return found[1].decode("ascii") if found else ""


def read_document(content: bytes) -> Document:
    """Return a feed's bytes with their tree."""
    try:
        return Document(content, etree.fromstring(content, strict_parser()))
    except etree.XMLSyntaxError as error:
        return Document(content, None, error)
    except ValueError:  # nothing at all in it
        return Document(content, None)


@rule(
    "X1",
    "The feed is well-formed XML with nothing before its declaration, no DTD and no entities of its own",
    error=EVERYONE,
    spec=specs.XML,
    remedy="write XML with a library, never by pasting text together",
)
def _well_formed(document: Document) -> Faults:
    content = document.content.removeprefix(b"\xef\xbb\xbf")
    if document.root is None:
        error = document.error
        message = error.msg if error and error.msg else "there is nothing in it"
        message = re.sub(r", line \d+, column \d+$", "", message)
        yield Fault(f"{message}; nothing else could be checked", error.lineno if error else 1)
        return
    if document.root.getroottree().docinfo.internalDTD is not None:
        yield Fault("it has a DOCTYPE, which directories refuse because entities can blow up")
    if content[:1].isspace():
        yield Fault("there is space before the XML declaration", 1)


@rule(
    "X2",
    "The feed is UTF-8",
    error=EVERYONE,
    spec=specs.w3c("NotUTF8", "warning"),
    remedy="save the feed as UTF-8 and say encoding='UTF-8'",
)
def _utf8(document: Document) -> Faults:
    try:
        document.content.decode()
    except UnicodeDecodeError as error:
        yield Fault(f"byte {error.start} is not UTF-8", document.content.count(b"\n", 0, error.start) + 1)
    if document.declared.upper() not in ("", "UTF-8", "UTF8", "US-ASCII", "ASCII"):
        yield Fault(f"the declaration says {document.declared}, not UTF-8", 1)


@rule(
    "X2c",
    "The feed says that it is UTF-8",
    error="psp1",
    warning="apple",
    spec=specs.PSP,
    remedy="begin with <?xml version='1.0' encoding='UTF-8'?>",
)
def _says_utf8(document: Document) -> Faults:
    if document.root is not None and not document.declared:
        yield Fault("no encoding is declared", 1)


@rule(
    "X2b",
    "The feed begins with no byte order mark",
    warning="apple psp1 rss",
    spec=specs.PSP,
    remedy="save it without a byte order mark",
)
def _no_byte_order_mark(document: Document) -> Faults:
    if document.content.startswith(b"\xef\xbb\xbf"):
        yield Fault("it starts with a byte order mark", 1)


@rule(
    "X3",
    "The text shows no sign of a wrong encoding, and no control characters",
    warning=EVERYONE,
    spec=specs.XML,
    remedy="write the letters that were meant; the text was decoded wrongly",
)
def _no_mojibake(document: Document) -> Faults:
    try:
        text = document.content.decode()
    except UnicodeDecodeError:  # X2 tells of it
        return
    if text.isascii():
        return
    line = position = 0
    for found in _MOJIBAKE.finditer(text):
        line += text.count("\n", position, found.start())
        position = found.start()
        around = " ".join(text[max(0, position - 20) : position + 20].split())
        yield Fault(f"{found[0]!r} in “{around}”", line + 1)


@rule(
    "X4",
    "The root is rss of version 2.0 and holds one channel",
    error=EVERYONE,
    spec=specs.RSS,
    remedy="write one <channel> in <rss version='2.0'>",
)
def _rss_with_one_channel(document: Document) -> Faults:
    root = document.root
    if root is None:
        return
    if root.tag != "rss":
        yield Fault(
            f"the root is <{etree.QName(root).localname}>, not <rss>; nothing in it could be checked", line_of(root)
        )
        return
    if root.get("version") != "2.0":
        yield Fault(f"its version is {root.get('version')!r}, not '2.0'", line_of(root), "rss@version")
    channels = len(root.findall("channel"))
    if channels != 1:
        yield Fault(f"it has {channels} channels", line_of(root))


@rule(
    "X5",
    "Namespaces are the documented ones to the letter, and those of iTunes, podcast and Atom stand on rss",
    error="apple psp1 podcast-index",
    spec=specs.PSP,
    remedy="copy the namespace's address to the letter",
)
def _namespaces_to_the_letter(document: Document) -> Faults:
    root = document.root
    if root is None or root.tag != "rss":
        return
    by_fold = {folded(uri): uri for uri in KNOWN_NAMESPACES}
    for uri in sorted(_used_namespaces(root)):
        meant = by_fold.get(folded(uri))
        if meant and meant != uri:
            yield Fault(f"the namespace {uri!r} is none that apps know; {meant!r} is", line_of(root))


@rule(
    "X5b",
    "The namespaces of iTunes, podcast and Atom are declared on rss",
    error="psp1",
    spec=specs.PSP,
    remedy="declare xmlns:itunes, xmlns:podcast and xmlns:atom on <rss>",
)
def _namespaces_on_the_root(document: Document) -> Faults:
    root = document.root
    if root is None or root.tag != "rss":
        return
    there = {KNOWN_NAMESPACES.get(uri or "") for uri in root.nsmap.values()}
    if missing := [prefix for prefix in _NEEDED if prefix not in there]:
        yield Fault(f"<rss> declares no namespace of {', '.join(missing)}", line_of(root))


@rule(
    "X5c",
    "Namespaces have the prefixes everybody gives them",
    warning="rss podcast-index",
    spec=specs.w3c("NonstdPrefix", "warning"),
    remedy="write itunes:, podcast:, atom: and content:; many programs look for the name as it is written",
)
def _usual_prefixes(document: Document) -> Faults:
    root = document.root
    if root is None or root.tag != "rss":
        return
    for uri, usual in KNOWN_NAMESPACES.items():
        other = next((element for element in root.iter(f"{{{uri}}}*") if element.prefix != usual), None)
        if other is not None:
            yield Fault(f"{other.prefix or 'no prefix'} stands for {usual}", line_of(other))
    by_fold = {folded(uri) for uri in KNOWN_NAMESPACES}
    for prefix, uri in sorted((prefix or "", uri) for prefix, uri in root.nsmap.items()):
        if prefix in KNOWN_NAMESPACES.values() and folded(uri) not in by_fold:
            yield Fault(f"{prefix} stands for {uri!r}, which is something else", line_of(root))


@rule(
    "X8",
    "The feed stays under 5 MB, where validators give up, and 70 MiB, where the Podcast Index does",
    warning=EVERYONE,
    spec=specs.AGGREGATOR,
    remedy="shorten the notes, or leave old episodes out",
)
def _not_too_large(document: Document) -> Faults:
    size = len(document.content)
    if size > _LARGE_BYTES:
        who = "the Podcast Index" if size > _TOO_LARGE_BYTES else "the W3C validator"
        yield Fault(f"it has {size / 1_000_000:.1f} MB, more than {who} reads")


def _used_namespaces(root: etree._Element) -> Iterator[str]:
    yield from {uri for uri in root.nsmap.values() if uri}
    tags = {str(element.tag) for element in root.iter("*")}
    yield from {tag[1:].partition("}")[0] for tag in tags if tag.startswith("{")} - set(root.nsmap.values())


RULES: Final = (
    _well_formed, _utf8, _says_utf8, _no_byte_order_mark, _no_mojibake, _rss_with_one_channel,
    _namespaces_to_the_letter, _namespaces_on_the_root, _usual_prefixes, _not_too_large,
)  # fmt: skip
