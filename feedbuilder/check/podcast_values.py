"""Rules of what stands in the elements of the podcast namespace.

Spec: https://github.com/Podcastindex-org/podcast-namespace/tree/main/docs/tags (2026-05)
"""

from __future__ import annotations

import re
from typing import Final

from feedbuilder.check import specs
from feedbuilder.check.feed import at
from feedbuilder.check.podcast import WHO, Tag
from feedbuilder.check.rules import Faults, rule, shortened
from feedbuilder.vocabulary.people import find_group, find_role

_LONGEST: Final = {
    "funding": 128, "soundbite": 128, "location": 128, "trailer": 128, "updateFrequency": 128, "txt": 4000,
    "contentLink": 128,
}  # fmt: skip
_DECIMAL = re.compile(r"\d+(\.\d+)?")


@rule(
    "P4",
    "A person has a name, of at most 128 characters",
    error=WHO,
    spec=specs.tag("person"),
    key="guests",
    remedy="write the person's name as the value",
)
def _person_named(tag: Tag) -> Faults:
    if tag.name == "person" and not 0 < len(tag.text) <= 128:
        yield at(tag.element, f"the name has {len(tag.text)} characters" if tag.text else "it names nobody")


@rule(
    "P4b",
    "A person's role and group are in the podcast taxonomy",
    warning=WHO,
    spec=specs.tag("person"),
    key="guests",
    remedy="take the role and group from the taxonomy",
)
def _person_role(tag: Tag) -> Faults:
    if tag.name == "person":
        for name, find in (("role", find_role), ("group", find_group)):
            if (value := tag.attribute(name)) and not find(value):
                yield at(tag.element, f"{shortened(value)} is not in the taxonomy", attribute=name)


@rule(
    "P6",
    "A funding link has words to show for it",
    warning=WHO,
    spec=specs.tag("funding"),
    key="config:show.funding",
    remedy="write what is shown for the link",
)
def _funding_label(tag: Tag) -> Faults:
    if tag.name == "funding" and not tag.text:
        yield at(tag.element, "it has no words")


@rule(
    "P6b",
    "Texts of the namespace have at most 128 characters, those of txt 4,000",
    warning=WHO,
    spec=specs.tag("funding"),
    remedy="shorten it; apps cut it off",
)
def _text_fits(tag: Tag) -> Faults:
    longest = _LONGEST.get(tag.name)
    if longest and len(tag.text) > longest:
        yield at(tag.element, f"it has {len(tag.text)} characters; {longest} are taken")


@rule(
    "P7",
    "A soundbite starts and lasts seconds, inside the episode",
    error=WHO,
    spec=specs.tag("soundbite"),
    key="soundbites",
    remedy="write seconds, inside the episode",
)
def _soundbite_inside(tag: Tag) -> Faults:
    if tag.name != "soundbite":
        return
    start, duration = tag.attribute("startTime"), tag.attribute("duration")
    if not _DECIMAL.fullmatch(start) or not _DECIMAL.fullmatch(duration) or not float(duration):
        yield at(tag.element, f"{start!r} and {duration!r} are no seconds")
    elif tag.item and tag.item.duration_ms and (float(start) + float(duration)) * 1000 > tag.item.duration_ms + 1000:
        yield at(tag.element, f"it ends at {float(start) + float(duration):g} s, after the episode does")


@rule(
    "P7b",
    "A soundbite lasts 15 to 120 seconds",
    info=WHO,
    spec=specs.tag("soundbite"),
    key="soundbites",
    remedy="choose 15 to 120 seconds",
)
def _soundbite_length(tag: Tag) -> Faults:
    duration = tag.attribute("duration")
    if tag.name == "soundbite" and _DECIMAL.fullmatch(duration) and not 15 <= float(duration) <= 120:
        yield at(tag.element, f"it lasts {float(duration):g} s")


@rule(
    "P8", "A season is a whole number", error=WHO, spec=specs.tag("season"), key="season", remedy="write a whole number"
)
def _season(tag: Tag) -> Faults:
    if tag.name == "season" and not re.fullmatch(r"\d+", tag.text):
        yield at(tag.element, f"{shortened(tag.text)} is no whole number")


@rule(
    "P8b",
    "A season is the one of itunes:season, and its name has at most 128 characters",
    warning=WHO,
    spec=specs.tag("season"),
    key="season",
    remedy="make both the same, and the name short",
)
def _season_agrees(tag: Tag) -> Faults:
    if tag.name == "season":
        theirs = tag.item.text("itunes:season") if tag.item else ""
        if theirs and tag.text and theirs.lstrip("0") != tag.text.lstrip("0"):
            yield at(tag.element, f"it is {tag.text}, itunes:season is {theirs}")
        if len(tag.attribute("name")) > 128:
            yield at(tag.element, f"the name has {len(tag.attribute('name'))} characters", attribute="name")


@rule(
    "P9",
    "An episode's number is a decimal one",
    error=WHO,
    spec=specs.tag("episode"),
    key="episode",
    remedy="write a number",
)
def _episode(tag: Tag) -> Faults:
    if tag.name == "episode" and not _DECIMAL.fullmatch(tag.text):
        yield at(tag.element, f"{shortened(tag.text)} is no number")


@rule(
    "P9b",
    "An episode's number is the one of itunes:episode, and what is displayed has at most 32 characters",
    warning=WHO,
    spec=specs.tag("episode"),
    key="episode",
    remedy="make both the same, and display short",
)
def _episode_agrees(tag: Tag) -> Faults:
    if tag.name == "episode" and _DECIMAL.fullmatch(tag.text):
        theirs = tag.item.text("itunes:episode") if tag.item else ""
        if _DECIMAL.fullmatch(theirs) and float(theirs) != float(tag.text):
            yield at(tag.element, f"it is {tag.text}, itunes:episode is {theirs}")
        if len(tag.attribute("display")) > 32:
            yield at(tag.element, f"display has {len(tag.attribute('display'))} characters", attribute="display")


RULES: Final = (
    _person_named, _person_role, _funding_label, _text_fits, _soundbite_inside, _soundbite_length, _season,
    _season_agrees, _episode, _episode_agrees,
)  # fmt: skip
