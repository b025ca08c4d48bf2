"""Rules of the show: the channel of the feed.

Spec: https://help.apple.com/itc/podcasts_connect/#/itcb54353390,
https://github.com/Podcast-Standards-Project/PSP-1-Podcast-RSS-Specification
"""

from __future__ import annotations

import re
from typing import Final

from feedbuilder.check import specs
from feedbuilder.check.feed import Feed, at, attribute, name_of, text_of
from feedbuilder.check.rules import DIRECTORIES, EVERYONE, Faults, rule, shortened
from feedbuilder.check.values import (
    MAX_DESCRIPTION_BYTES,
    is_email,
    is_picture,
    length_bytes,
)
from feedbuilder.vocabulary.apple_categories import APPLE_CATEGORIES, nearest_category
from feedbuilder.vocabulary.languages import is_feed_language

_MAX_LANGUAGE: Final = 8


@rule(
    "C1",
    "The show has a title",
    error=EVERYONE,
    spec=specs.RSS,
    remedy="give the show a <title>",
    key="config:show.title",
)
def _title(feed: Feed) -> Faults:
    if not feed.channel.text("title"):
        yield at(feed.channel.element, "it has no <title>")


@rule(
    "C2",
    "The show has a description",
    error=EVERYONE,
    spec=specs.RSS,
    remedy="describe the show in <description>",
    key="config:show.description",
)
def _description(feed: Feed) -> Faults:
    if not feed.channel.text("description"):
        yield at(feed.channel.element, "it has no <description>")


@rule(
    "C2b",
    "The show's description has at most 4,000 bytes",
    error="apple psp1",
    spec=specs.APPLE,
    remedy="shorten it",
    key="config:show.description",
)
def _description_fits(feed: Feed) -> Faults:
    size = length_bytes(feed.channel.text("description"))
    if size > MAX_DESCRIPTION_BYTES:
        yield at(feed.channel.all("description")[0], f"it has {size:,} bytes; 4,000 are taken")


@rule(
    "C3",
    "The show has a link to its page",
    error="rss psp1",
    warning="apple",
    spec=specs.RSS,
    remedy="name the show's web page",
    key="config:show.link",
)
def _link(feed: Feed) -> Faults:
    if not feed.channel.text("link"):
        yield at(feed.channel.element, "it has no <link>")


@rule(
    "C4",
    "The show's language is an ISO 639 code, alone or with a region, of at most 8 characters",
    error="apple psp1 spotify podcast-index",
    spec=specs.APPLE,
    remedy="write a code such as en, de or pt-BR",
    key="config:show.language",
)
def _language(feed: Feed) -> Faults:
    code = feed.channel.text("language")
    if not code:
        yield at(feed.channel.element, "it has no <language>")
    elif len(code) > _MAX_LANGUAGE or not is_feed_language(code):
        yield at(feed.channel.all("language")[0], f"{shortened(code)} is no language code directories take")


@rule(
    "C5",
    "The show has a category of Apple's list, and subcategories stand under their own",
    error="apple psp1 spotify",
    spec=specs.APPLE_CATEGORIES,
    remedy="take a category from Apple's list",
    key="config:show.categories",
)
def _categories(feed: Feed) -> Faults:
    tops = feed.channel.all("itunes:category")
    if not tops:
        yield at(feed.channel.element, "it has no <itunes:category>")
    for top in tops:
        name = attribute(top, "text")
        if name not in APPLE_CATEGORIES:
            near = nearest_category(name)
            yield at(top, f"{shortened(name)} is not on Apple's list" + (f"; {near!r} is" if near else ""))
            continue
        for sub in top.iterchildren("*"):
            if name_of(sub) == "itunes:category" and attribute(sub, "text") not in APPLE_CATEGORIES[name]:
                yield at(sub, f"{shortened(attribute(sub, 'text'))} is not under {name!r} on Apple's list")


@rule(
    "C6",
    "The show says whether it is explicit: true or false",
    error="apple psp1 spotify rss",
    spec=specs.APPLE,
    remedy="write true or false",
    key="config:show.explicit",
)
def _explicit(feed: Feed) -> Faults:
    found = feed.channel.first("itunes:explicit")
    if found is None:
        yield at(feed.channel.element, "it has no <itunes:explicit>")
    elif text_of(found) not in ("true", "false"):
        yield at(found, f"{shortened(text_of(found))} is neither true nor false")


@rule(
    "C7",
    "The show has artwork whose address ends in .jpg, .jpeg or .png",
    error=DIRECTORIES,
    spec=specs.APPLE_ARTWORK,
    key="config:show.image",
    remedy="name square artwork of 1400 to 3000 pixels, JPEG or PNG, in <itunes:image href=…>",
    in_archive="set show.image to square artwork of 1400 to 3000 pixels, JPEG or PNG",
)
def _artwork(feed: Feed) -> Faults:
    found = feed.channel.first("itunes:image")
    if found is None:
        yield at(feed.channel.element, "it has no <itunes:image>")
    elif not is_picture(attribute(found, "href")):
        yield at(found, f"{shortened(attribute(found, 'href'))} does not end in .jpg, .jpeg or .png", None, "href")


@rule(
    "C11",
    "The show names its author",
    warning="apple psp1 spotify",
    spec=specs.SPOTIFY,
    remedy="name the author in <itunes:author>",
    key="config:show.author",
)
def _author(feed: Feed) -> Faults:
    if not feed.channel.text("itunes:author"):
        yield at(feed.channel.element, "it has no <itunes:author>")


@rule(
    "C12",
    "The copyright names its holder, without the word, the sign or a year",
    info="psp1",
    spec=specs.PSP,
    remedy="leave the word, the sign and the year out",
    key="config:show.copyright",
)
def _copyright_holder(feed: Feed) -> Faults:
    text = feed.channel.text("copyright")
    if found := re.search(r"copyright|©|\([cC]\)|\b(?:19|20)\d\d\b", text, re.IGNORECASE):
        yield at(feed.channel.all("copyright")[0], f"{shortened(text)} has {found[0]!r}")


@rule(
    "C13",
    "The show's type, if it is told, is episodic or serial",
    error="apple psp1",
    spec=specs.APPLE,
    remedy="write episodic or serial",
    key="config:show.type",
)
def _show_type(feed: Feed) -> Faults:
    found = feed.channel.first("itunes:type")
    if found is not None and text_of(found).strip().casefold() not in ("episodic", "serial"):
        yield at(found, f"{shortened(text_of(found))} is neither episodic nor serial")


@rule(
    "C14",
    "The only value of itunes:complete is Yes",
    warning="apple psp1",
    spec=specs.APPLE,
    remedy="write Yes, or leave it out",
    key="config:show.complete",
)
def _complete(feed: Feed) -> Faults:
    found = feed.channel.first("itunes:complete")
    if found is not None and text_of(found).strip().casefold() not in ("yes", "no"):
        yield at(found, f"{shortened(text_of(found))} has no effect; only Yes has")


@rule(
    "C15",
    "The show has an owner with an e-mail address",
    warning="youtube spotify rss",
    spec=specs.YOUTUBE,
    key="config:show.owner",
    remedy="name an owner with an e-mail address: directories send the code that proves the show is yours there",
)
def _owner(feed: Feed) -> Faults:
    found = feed.channel.first("itunes:owner")
    if found is None or not any(name_of(child) == "itunes:email" for child in found.iterchildren("*")):
        yield at(feed.channel.element if found is None else found, "it has no <itunes:owner> with <itunes:email>")


@rule(
    "C15b",
    "The owner's e-mail address is one",
    error="youtube spotify rss",
    spec=specs.YOUTUBE,
    remedy="write one address",
    key="config:show.owner.email",
)
def _owner_email(feed: Feed) -> Faults:
    found = feed.channel.first("itunes:owner")
    for child in () if found is None else found.iterchildren("*"):
        if name_of(child) == "itunes:email" and not is_email(text_of(child).strip()):
            yield at(child, f"{shortened(text_of(child))} is no e-mail address")


@rule(
    "C16",
    "The show has an episode",
    error="spotify apple youtube",
    spec=specs.SPOTIFY,
    remedy="publish an episode, a trailer at least",
)
def _has_items(feed: Feed) -> Faults:
    if not any(not item.is_live for item in feed.items):
        yield at(feed.channel.element, "it has no <item>")


RULES: Final = (
    _title, _description, _description_fits, _link, _language, _categories, _explicit, _artwork, _author,
    _copyright_holder, _show_type, _complete, _owner, _owner_email, _has_items,
)  # fmt: skip
