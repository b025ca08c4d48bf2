"""Text of a host's feed → its tree: what can only mean one thing is mended, and nothing is passed over in silence.

Spec: XML 1.0, fifth edition https://www.w3.org/TR/xml/; HTML's named characters
https://html.spec.whatwg.org/multipage/named-characters.html
"""

from __future__ import annotations

import html
import re
from collections import Counter
from html.entities import html5
from typing import NoReturn

from lxml.etree import XMLParser, XMLSyntaxError, _Element, fromstring

from feedbuilder.errors import Place, Problem
from feedbuilder.problems import problem
from feedbuilder.source.host_feed.text import DOWNLOAD_AGAIN, TELL_THE_HOST, decode_feed, place_at, refuse

PREFIXES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "media": "http://search.yahoo.com/mrss/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "googleplay": "http://www.google.com/schemas/play-podcasts/1.0",
}
"""The namespaces that this reader looks into, by the prefix that everybody gives them."""

_PROLOG = re.compile(r"(?:\s+|<\?(?!\?>).*?\?>|<!--.*?-->)*+", re.DOTALL)
_FIRST_TAG = re.compile(r"<([A-Za-z_][\w.:-]*)")
_FEED_OF_PAGE = re.compile(r"<link\b[^<>]*application/rss\+xml[^<>]*>", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s*=\s*["']?([^\s"'<>]+)""", re.IGNORECASE)
_MENDABLE = re.compile(
    r"""(?P<kept><!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|&(?:amp|lt|gt|quot|apos);)"""
    r"""|&\#(?P<number>\d{1,9}|[xX][0-9A-Fa-f]{1,8});|&(?P<name>[A-Za-z][A-Za-z0-9]{1,31};)|(?P<bare>&|<(?=[-\s\d=<.,;]))""",
    re.DOTALL,
)
_ROOT_TAG = re.compile(r"""<rss\b(?P<attributes>(?:[^<>"']|"[^"<]*"|'[^'<]*')*+)>""", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![\w.:-])([A-Za-z_][\w.:-]*)\s*=\s*("[^"<]*"|'[^'<]*')""")
_USED_PREFIX = re.compile(r"<([A-Za-z_][\w.-]*):[A-Za-z_]")
_DECLARED_PREFIX = re.compile(r"\bxmlns:([A-Za-z_][\w.-]*)\s*=")
_JOINED_ATTRIBUTES = re.compile(_ATTRIBUTE.pattern + "(?=[A-Za-z_])")
_NO_MARKUP = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL)
_MOST_PREFIXES = 50
_MOST_REPAIRS = 500_000
_MOST_TAGS = 3_000_000  # a tree takes a hundred bytes and more for each
_END = re.compile(r"</rss\s*>", re.IGNORECASE)
_OTHER_ROOTS = {
    "feed": "an Atom feed, which podcast directories do not take",
    "rdf": "an RSS 1.0 (RDF) feed, which cannot carry a podcast",
    "opml": "an OPML list of feeds",
    "urlset": "a sitemap",
    "sitemapindex": "a sitemap",
    "error": "an error message of the host's storage",
}
_ASK_FOR_RSS = (
    "find the address of the show's RSS 2.0 feed: directories and apps show it, and so does the host's dashboard"
)


def read_document(data: bytes, path: str) -> tuple[_Element, list[Problem]]:
    """Return the `<rss>` element, and what had to be mended; lines are those of the file.

    Raises:
        UsageError: when it is no RSS, or cannot be mended without guessing.
    """
    text, problems = decode_feed(data, path)
    _refuse_other_documents(text, path)
    if text.count("<") > _MOST_TAGS:
        refuse(
            Place(path), f"it has more than {_MOST_TAGS:,} tags", "no podcast needs this: look what the host put there"
        )
    try:
        root = _parsed(text)
    except XMLSyntaxError:
        text, mended = _mended(text, path)
        problems = [*problems, *mended]
        try:
            root = _parsed(text)
        except XMLSyntaxError as error:
            _refuse_broken(text, error, path)
    if root.getroottree().docinfo.internalDTD is not None:
        _refuse_doctype(Place(path, 1))
    return root, problems


def _parsed(text: str) -> _Element:
    parser = XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True, encoding="utf-8",
    )  # fmt: skip
    return fromstring(text.encode(), parser)


def _refuse_other_documents(text: str, path: str) -> None:
    start = _end_of_prolog(text)
    place = place_at(text, start, path)
    beginning = text[start : start + 2000].lstrip("\ufffd \n\t").lower()
    if beginning.startswith("<!doctype"):
        if beginning[9:].split()[:1] == ["html"] or beginning[9:].lstrip().startswith("html"):
            _refuse_page(text, place)
        _refuse_doctype(place)
    found = _FIRST_TAG.match(text, start)
    if found is None:
        _refuse_not_xml(beginning, place)
    name = found[1].lower().rpartition(":")[2]
    if name in {"html", "head", "body", "title", "meta", "script", "div"}:
        _refuse_page(text, place)
    if name != "rss":
        refuse(place, f"this is {_OTHER_ROOTS.get(name, f'no RSS: it starts with <{found[1][:60]}>')}", _ASK_FOR_RSS)


def _end_of_prolog(text: str) -> int:
    found = _PROLOG.match(text)
    return found.end() if found else 0


def _refuse_not_xml(beginning: str, place: Place) -> NoReturn:
    if beginning.startswith(("{", "[")):
        refuse(place, "this is JSON, not RSS", _ASK_FOR_RSS)
    shown = " ".join(beginning[:60].split())
    if "<rss" in beginning:
        refuse(place, f"other text stands before the feed: {shown!r}", "delete everything above <?xml or <rss")
    refuse(place, f"this is not XML; it starts with {shown!r}", DOWNLOAD_AGAIN)


def _refuse_page(text: str, place: Place) -> NoReturn:
    remedy = "look for the feed's address: " + _ASK_FOR_RSS.partition(": ")[2]
    link = _FEED_OF_PAGE.search(text, 0, 1_000_000)
    if link and (href := _HREF.search(link[0])):
        remedy = f"the page names its feed: {html.unescape(href[1])[:300]}"
    refuse(place, "this is a web page, not a feed", remedy)


def _refuse_doctype(place: Place) -> NoReturn:
    message = "it has a <!DOCTYPE>, which can blow a small file up to gigabytes or read other files, so it is not read"
    refuse(place, message, "delete the <!DOCTYPE …> if you trust the file; a feed needs none")


def _refuse_broken(text: str, error: XMLSyntaxError, path: str) -> NoReturn:
    if not _END.search(text):
        end = len(text.rstrip())
        message = "the feed stops in the middle, without </rss>: its end is missing"
        refuse(
            place_at(text, max(end - 1, 0), path), message, "download the feed again; what is there is not all", error
        )
    line, column = error.position
    told = str(error.msg or error).partition(", line ")[0]
    if "XML_PARSE_HUGE" in told or "too big" in told:
        remedy = "no podcast needs this: look what the host put there"
        told = told.partition(",")[0]
    else:
        remedy = "tell the host, or mend the line in a copy of the feed and read that"
    refuse(Place(path, line or 1, column or 1), f"it is not well-formed XML: {told}", remedy, error)


def _mended(text: str, path: str) -> tuple[str, list[Problem]]:
    """Mend what hosts often get wrong and what has one meaning only; every line keeps its number."""
    problems: list[Problem] = []
    for mend in (_mend_end, _mend_characters, _mend_root_tag):
        text, found = mend(text, path)
        problems += found
    return text, problems


def _mend_end(text: str, path: str) -> tuple[str, list[Problem]]:
    ends = [end.end() for end in _END.finditer(text)]
    if len(ends) != 1 or not text[ends[0] :].strip() or "<item" in text[ends[0] :].lower():
        return text, []
    message = "other text stands after </rss>; it is no part of the feed and is skipped"
    return text[: ends[0]], [problem("host-feed", place_at(text, ends[0], path), message, TELL_THE_HOST)]


def _mend_characters(text: str, path: str) -> tuple[str, list[Problem]]:
    counts: Counter[str] = Counter()
    first: dict[str, int] = {}

    def mended(found: re.Match[str]) -> str:
        if found["kept"]:
            return found[0]
        kind, result = _mended_character(found)
        if kind:
            if counts.total() >= _MOST_REPAIRS:
                refuse(
                    place_at(text, found.start(), path), f"{kind}, but {_MOST_REPAIRS:,} were enough", DOWNLOAD_AGAIN
                )
            counts[kind] += 1
            first.setdefault(kind, found.start())
        return result

    result = _MENDABLE.sub(mended, text)
    problems = []
    for kind, count in counts.items():
        message = kind if count == 1 else f"{kind}; so it is in {count} places, of which this is the first"
        problems.append(problem("host-feed", place_at(text, first[kind], path), message, TELL_THE_HOST))
    return result, problems


def _mended_character(found: re.Match[str]) -> tuple[str, str]:
    """Return what was wrong, which may be nothing, and what is right."""
    if number := found["number"]:
        code = int(number[1:], 16) if number[0] in "xX" else int(number)
        if code in {9, 10, 13} or 32 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF:
            return "", f"&#{number.lower()};"
        return "a character that XML cannot carry was replaced by U+FFFD", "\ufffd"
    if (name := found["name"]) and name in html5:
        return "a name such as &nbsp; is HTML, which XML does not know; its character is taken", html.escape(
            html5[name]
        )
    if found[0] == "<":
        return "a bare < stands in the text; it is read as &lt;", "&lt;"
    return "a bare & stands in the text; it is read as &amp;", "&amp;" + found[0][1:]


def _mend_root_tag(text: str, path: str) -> tuple[str, list[Problem]]:
    root = _ROOT_TAG.search(text)
    if root is None or _ATTRIBUTE.sub("", root["attributes"]).strip():
        return text, []
    attributes = _ATTRIBUTE.findall(root["attributes"])
    kept = dict(reversed(attributes))  # of two with the same name, the first one
    used = dict.fromkeys(_USED_PREFIX.findall(_NO_MARKUP.sub("", text)))
    missing = sorted(used.keys() - set(_DECLARED_PREFIX.findall(text)) - {"xml", "xmlns"})[:_MOST_PREFIXES]
    faults = []
    if missing:
        faults.append(f"the feed does not declare the prefix {', '.join(missing[:10])}; the usual meaning is taken")
    if len(kept) < len(attributes):
        faults.append("an attribute of <rss> stands twice; the first one is taken")
    if _JOINED_ATTRIBUTES.search(root["attributes"]):
        faults.append("two attributes of <rss> have no space between them")
    if not faults:
        return text, []
    added = [f'xmlns:{prefix}="{PREFIXES.get(prefix.lower(), "urn:not-declared:" + prefix)}"' for prefix in missing]
    tag = " ".join([root[0][:4], *(f"{name}={value}" for name, value in reversed(kept.items())), *added])
    tag += "\n" * (root[0].count("\n") - tag.count("\n")) + ">"
    place = place_at(text, root.start(), path)
    mended = [problem("host-feed", place, fault, TELL_THE_HOST) for fault in faults]
    return text[: root.start()] + tag + text[root.end() :], mended
