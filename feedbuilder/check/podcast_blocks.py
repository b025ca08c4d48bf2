"""Rules of what stands in the larger elements of the podcast namespace: places, licences, trailers, payments, streams.

Spec: https://github.com/Podcastindex-org/podcast-namespace/tree/main/docs/tags (2026-05)
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from feedbuilder.check import specs
from feedbuilder.check.feed import at, name_of
from feedbuilder.check.podcast import WHO, Tag
from feedbuilder.check.podcast_tags import MEDIUMS_OF_OTHER_FEEDS
from feedbuilder.check.rules import Faults, rule, shortened
from feedbuilder.check.values import date_flaw
from feedbuilder.vocabulary.licenses import LICENSES
from feedbuilder.vocabulary.media import MEDIUMS
from feedbuilder.vocabulary.places import GEO


@rule(
    "P10",
    "A location has a name, and geo, osm, rel and country in their forms",
    error=WHO,
    spec=specs.tag("location"),
    key="location",
    remedy="write it as the page of the tag shows",
)
def _location(tag: Tag) -> Faults:
    if tag.name != "location":
        return
    if not tag.text:
        yield at(tag.element, "it has no name")
    forms = (("geo", GEO), ("osm", r"[NWR]\d+(#\d+)?"), ("rel", "subject|creator"), ("country", "[A-Za-z]{2}"))
    for name, form in forms:
        value = tag.attribute(name)
        if value and not re.fullmatch(form, value):
            yield at(tag.element, f"{shortened(value)} is no {name}", attribute=name)


@rule(
    "P11",
    "A licence is on the list, or has the address of its text",
    error=WHO,
    spec=specs.tag("license"),
    key="license",
    remedy="name one of the list, or give the url",
)
def _licence(tag: Tag) -> Faults:
    if tag.name == "license" and not tag.attribute("url") and tag.text not in LICENSES:
        yield at(tag.element, f"{shortened(tag.text)} is not on the list" if tag.text else "it names none")


@rule(
    "P12",
    "A medium is a documented one, a list of one (podcastL), or mixed",
    error=WHO,
    spec=specs.tag("medium"),
    key="config:show.medium",
    remedy="write podcast, or what it is",
)
def _medium(tag: Tag) -> Faults:
    if tag.name == "medium" and not {tag.text, tag.text.removesuffix("L")} & {*MEDIUMS, *MEDIUMS_OF_OTHER_FEEDS}:
        yield at(tag.element, f"{shortened(tag.text)} is no medium")


@rule(
    "P13",
    "A trailer has a title and a date of RFC 2822",
    error=WHO,
    spec=specs.tag("trailer"),
    remedy="give it a title, and the date as in pubDate",
)
def _trailer(tag: Tag) -> Faults:
    if tag.name == "trailer":
        if not tag.text:
            yield at(tag.element, "it has no title")
        flaw = date_flaw(tag.attribute("pubdate"))
        if flaw and tag.attribute("pubdate"):
            yield at(tag.element, flaw, attribute="pubdate")


@rule(
    "P14",
    "The purpose of a txt has at most 128 characters, and it says something",
    warning=WHO,
    spec=specs.tag("txt"),
    key="config:show.txt",
    remedy="shorten the purpose",
)
def _txt_purpose(tag: Tag) -> Faults:
    if tag.name == "txt" and (len(tag.attribute("purpose")) > 128 or not tag.text):
        yield at(tag.element, "its purpose is too long" if tag.text else "it says nothing")


@rule(
    "P15",
    "A value block names recipients, each with a whole number of shares",
    error=WHO,
    spec=specs.tag("value"),
    remedy="name who is to be paid, with a whole number of shares",
)
def _value_recipients(tag: Tag) -> Faults:
    inside = {name_of(child) for child in tag.element.iterchildren("*")}
    if tag.name == "value" and "podcast:valueRecipient" not in inside:
        yield at(tag.element, "it names no recipient")
    elif tag.name == "valueRecipient" and tag.attribute("split") and not re.fullmatch(r"\d+", tag.attribute("split")):
        yield at(tag.element, f"{shortened(tag.attribute('split'))} is no number of shares", attribute="split")


@rule(
    "P17", "A block is yes or no", error=WHO, spec=specs.tag("block"), key="config:show.block", remedy="write yes or no"
)
def _block(tag: Tag) -> Faults:
    if tag.name == "block" and tag.text not in ("yes", "no"):
        yield at(tag.element, f"{shortened(tag.text)} is neither yes nor no")


@rule(
    "P18",
    "A live item is pending, live or ended, and its times are those of ISO 8601",
    error=WHO,
    spec=specs.tag("live-item"),
    remedy="write pending, live or ended, and ISO 8601 times",
)
def _live_item(tag: Tag) -> Faults:
    if tag.name != "liveItem":
        return
    if (status := tag.attribute("status")) and status not in ("pending", "live", "ended"):
        yield at(tag.element, f"{shortened(status)} is not pending, live or ended", attribute="status")
    for name in ("start", "end"):
        if (text := tag.attribute(name)) and not _is_iso(text):
            yield at(tag.element, f"{shortened(text)} is no time of ISO 8601", attribute=name)


def _is_iso(text: str) -> bool:
    try:
        return "T" in text and bool(datetime.fromisoformat(text))
    except ValueError:
        return False


@rule(
    "P19",
    "The element podcast:images is no longer used",
    warning=WHO,
    spec=specs.tag("image"),
    remedy="write podcast:image instead",
)
def _images_are_retired(tag: Tag) -> Faults:
    if tag.name == "images":
        yield at(tag.element, "podcast:image has taken its place")


@rule(
    "P20",
    "An alternate enclosure names a source",
    error=WHO,
    spec=specs.tag("alternate-enclosure"),
    remedy="name where it is in <podcast:source uri=…>",
)
def _alternate_enclosure(tag: Tag) -> Faults:
    inside = {name_of(child) for child in tag.element.iterchildren("*")}
    if tag.name == "alternateEnclosure" and "podcast:source" not in inside:
        yield at(tag.element, "it names no source")


RULES: Final = (
    _location, _licence, _medium, _trailer, _txt_purpose, _value_recipients, _block, _live_item,
    _images_are_retired, _alternate_enclosure,
)  # fmt: skip
