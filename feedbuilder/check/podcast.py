"""Rules of the podcast namespace.

Spec: https://github.com/Podcastindex-org/podcast-namespace/tree/main/docs/tags (2026-05)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml.etree import _Element

from feedbuilder.check import specs
from feedbuilder.check.enclosure import ending_of
from feedbuilder.check.feed import Feed, Item, at, attribute, name_of, text_of
from feedbuilder.check.podcast_tags import ADDRESSES, TAGS
from feedbuilder.check.rules import Faults, rule, shortened
from feedbuilder.check.vocabulary import is_address
from feedbuilder.vocabulary.languages import is_language_code

WHO: Final = "podcast-index psp1"
_PAGES: Final = specs.tag("").rpartition("/")[0]
_TRANSCRIPT_ENDINGS: Final = {
    "text/plain": ("txt", "text"),
    "text/html": ("html", "htm"),
    "text/vtt": ("vtt",),
    "application/json": ("json",),
    "application/x-subrip": ("srt",),
    "application/srt": ("srt",),
}
_TIMED: Final = frozenset({"text/vtt", "application/json", "application/x-subrip", "application/srt"})
_FETCHED: Final = frozenset({"transcript", "chapters", "image"})
_OTHER_ENDINGS: Final = frozenset(ending for endings in _TRANSCRIPT_ENDINGS.values() for ending in endings)


@dataclass(frozen=True, slots=True)
class Tag:
    """One element of the namespace."""

    element: _Element
    name: str  # without the prefix
    parent: str
    item: Item | None

    def attribute(self, name: str) -> str:
        """Return an attribute, or nothing."""
        return attribute(self.element, name)

    @property
    def attributes(self) -> list[tuple[str, str]]:
        """Every attribute and its value."""
        return [(str(name), str(value)) for name, value in self.element.attrib.items()]

    @property
    def text(self) -> str:
        """The value of the node."""
        return text_of(self.element).strip()


def tags_of(feed: Feed) -> Iterator[Tag]:
    """Yield every element of the namespace."""
    of_items = {id(item.element): item for item in feed.items}
    for top in feed.channel.element.iterchildren("*"):
        item = of_items.get(id(top))
        for element in top.iter("*"):
            name = name_of(element)
            if name.startswith("podcast:"):
                parent = element.getparent()
                above = "" if parent is None else name_of(parent)
                yield Tag(element, name.removeprefix("podcast:"), above, item)


@rule(
    "P1",
    "A transcript has one of the five documented types",
    error=WHO,
    spec=specs.tag("transcript"),
    remedy="write the type that the page of the tag lists",
)
def _transcript_type(tag: Tag) -> Faults:
    kind = tag.attribute("type").casefold()
    if tag.name == "transcript" and kind and kind not in _TRANSCRIPT_ENDINGS:
        yield at(tag.element, f"{shortened(kind)} is no type of transcript", attribute="type")


@rule(
    "P1e",
    "The type of an SRT transcript is application/x-subrip",
    warning=WHO,
    spec=specs.tag("transcript"),
    remedy="write application/x-subrip",
)
def _subrip_type(tag: Tag) -> Faults:
    if tag.name == "transcript" and tag.attribute("type").casefold() == "application/srt":
        yield at(tag.element, "application/srt was its name until 2022", attribute="type")


@rule(
    "P1b",
    "The ending of a transcript's address agrees with its type",
    error=WHO,
    spec=specs.tag("transcript"),
    remedy="make ending and type agree",
)
def _transcript_ending(tag: Tag) -> Faults:
    if tag.name == "transcript" and (expected := _TRANSCRIPT_ENDINGS.get(tag.attribute("type").casefold())):
        ending = ending_of(tag.attribute("url"))
        if ending in _OTHER_ENDINGS and ending not in expected:
            yield at(tag.element, f"a file .{ending} is no {tag.attribute('type')}")


@rule(
    "P1c",
    "The rel of a transcript is captions, and its format has times",
    error=WHO,
    spec=specs.tag("transcript"),
    remedy="write rel='captions' on timed formats only",
)
def _transcript_rel(tag: Tag) -> Faults:
    rel = tag.attribute("rel")
    if tag.name == "transcript" and rel:
        if rel != "captions":
            yield at(tag.element, f"{shortened(rel)} means nothing; captions does", attribute="rel")
        elif tag.attribute("type").casefold() in _TRANSCRIPT_ENDINGS.keys() - _TIMED:
            yield at(tag.element, f"captions of {tag.attribute('type')} have no times", attribute="rel")


@rule(
    "P1d",
    "The language of a transcript is a BCP 47 code",
    error=WHO,
    spec=specs.tag("transcript"),
    remedy="write a code such as en or pt-BR",
    key="language",
)
def _transcript_language(tag: Tag) -> Faults:
    code = tag.attribute("language")
    if tag.name == "transcript" and code and not is_language_code(code):
        yield at(tag.element, f"{shortened(code)} is no language code", attribute="language")


@rule(
    "P2",
    "The type of a chapters file is application/json+chapters",
    error=WHO,
    spec=specs.tag("chapters"),
    remedy="write application/json+chapters",
)
def _chapters_type(tag: Tag) -> Faults:
    kind = tag.attribute("type")
    if tag.name == "chapters" and kind and kind not in ("application/json+chapters", "application/json"):
        yield at(tag.element, f"{shortened(kind)} is no type of chapters", attribute="type")


@rule(
    "P2b",
    "The type of a chapters file is written in full",
    warning=WHO,
    spec=specs.tag("chapters"),
    remedy="write application/json+chapters",
)
def _chapters_type_in_full(tag: Tag) -> Faults:
    if tag.name == "chapters" and tag.attribute("type") == "application/json":
        yield at(tag.element, "application/json does not say that they are chapters", attribute="type")


@rule(
    "P3",
    "An element of the namespace is a documented one",
    error=WHO,
    spec=_PAGES,
    remedy="spell it as the namespace does",
)
def _documented(tag: Tag) -> Faults:
    if tag.name not in TAGS:
        folded = {name.casefold(): name for name in TAGS}
        near = folded.get(tag.name.casefold())
        yield at(tag.element, f"there is no such tag{f'; is {near} meant?' if near else ''}")


@rule(
    "P3b",
    "An element of the namespace stands in the right parent",
    error=WHO,
    spec=_PAGES,
    remedy="move it to where its page puts it",
)
def _parent(tag: Tag) -> Faults:
    known = TAGS.get(tag.name)
    if known and tag.parent not in known.parents:
        yield at(tag.element, f"it stands in <{tag.parent}>, not in {' or '.join(map(_angled, sorted(known.parents)))}")


@rule(
    "P3c", "An element that may stand once stands once in its parent", error=WHO, spec=_PAGES, remedy="keep one of them"
)
def _single(feed: Feed) -> Faults:
    seen: set[tuple[int, str]] = set()
    for tag in tags_of(feed):
        place = (id(tag.element.getparent()), tag.name)
        if tag.name in TAGS and TAGS[tag.name].is_single and place in seen:
            yield at(tag.element, "it stands a second time", tag.item)
        seen.add(place)


@rule("P3d", "An element of the namespace has the attributes it must have", error=WHO, spec=_PAGES, remedy="add it")
def _required_attributes(tag: Tag) -> Faults:
    known = TAGS.get(tag.name)
    needed = known.required if known else ()
    if tag.name == "socialInteract" and tag.attribute("protocol") != "disabled":
        needed = (*needed, "uri")
    if missing := [name for name in needed if tag.element.get(name) is None]:
        yield at(tag.element, f"it has no {' and no '.join(missing)}")


@rule(
    "P3e",
    "An element of the namespace has no attributes but its own",
    warning=WHO,
    spec=_PAGES,
    remedy="remove it, or spell it as its page does",
)
def _known_attributes(tag: Tag) -> Faults:
    known = TAGS.get(tag.name)
    own = {name for name, _ in tag.attributes if not name.startswith("{")}
    if known and (others := sorted(own - {*known.required, *known.optional})):
        yield at(tag.element, f"{', '.join(others)} is no attribute of it")


@rule("P3f", "No attribute is empty", error=WHO, spec=_PAGES, remedy="leave the attribute out")
def _no_empty_attributes(tag: Tag) -> Faults:
    for name, value in tag.attributes:
        if not value.strip():
            yield at(tag.element, f"{name} is empty", attribute=name)


@rule("P3g", "Addresses in the namespace are absolute", error=WHO, spec=_PAGES, remedy="write the whole address")
def _absolute_addresses(tag: Tag) -> Faults:
    for name, value in tag.attributes:
        if name in ADDRESSES and value.strip() and not is_address(value):
            yield at(tag.element, f"{shortened(value)} is no absolute address", attribute=name)


@rule(
    "U2b",
    "Transcripts, chapters and pictures are fetched over https",
    warning="podcast-index psp1",
    spec=_PAGES,
    remedy="serve it over https, and say so",
)
def _https(tag: Tag) -> Faults:
    for name in ("url", "href"):
        if tag.name in _FETCHED and tag.attribute(name).startswith("http://"):
            yield at(tag.element, f"{shortened(tag.attribute(name))} is not https", attribute=name)


def _angled(name: str) -> str:
    return f"<{name}>"


RULES: Final = (
    _transcript_type, _subrip_type, _transcript_ending, _transcript_rel, _transcript_language, _chapters_type,
    _chapters_type_in_full, _documented, _parent, _required_attributes, _known_attributes, _no_empty_attributes,
    _absolute_addresses, _https,
)  # fmt: skip
FEED_RULES: Final = (_single,)
