"""Feeds as well-known hosts write them: what is said of them is true, and nothing else is said.

Each is written in the manner of its host (namespaces, order, CDATA, attributes), with invented shows. What stands here
beside a feed is really so in the feeds of that host; anything more would be a false alarm.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from small_feed import found_in

FEEDS = Path(__file__).parent / "known_good"
ADVICE = {
    "C10": "no podcast:guid: warning, the namespace and PSP-1 recommend one",
    "C10c": "the guid does not follow from the address: advice only, the show may have moved",
    "C12": "a sign or year in the copyright: PSP-1 asks for the name alone",
    "C23": "elements Apple no longer reads",
    "C9": "no podcast:locked: warning, the namespace and PSP-1 recommend it",
    "I16": "no page of the episode: advice",
    "I7f": "an <hr> before the host's notice: not all apps show it",
    "I8b": "a duration as 41:07: Apple advises seconds",
    "P2b": "chapters said to be application/json: the page of the tag has application/json+chapters",
}
FAULTS = {
    "C6": "explicit is `no`: Apple, PSP-1 and the W3C validator know only true and false",
    "I10": "the same for an episode",
    "C8": "the type of the self link is application/atom+xml, for a feed of RSS",
    "C15": "an owner without e-mail: YouTube and Spotify cannot verify the show",
    "C21": "an author without e-mail address, where RSS asks for one",
    "I4": "a length of 0: the size is not known before advertisements are put in",
    "X7": "<author> in <channel>: RSS has it in items only",
}
TRUE_OF = {
    "acast": "C10c C23 I7f I8b",
    "anchor": "C10 C23 C9 I8b X7",
    "buzzsprout": "C10c C12 C23 I16 P2b",
    "libsyn": "C10 C23 I8b",
    "megaphone": "C10 C23 C6 C9 I4",
    "namespace_example": "C10c C15 C6 I10 P2b",
    "podlove": "C10 C12 C23 C9 I8b",
    "simplecast": "C10 C12 C23 C8 C9 I8b",
    "transistor": "C10c C12 C15 C21 C23 C6 I10",
    "wordpress": "C10c C23 C9 I8b",
}


@pytest.mark.parametrize("host", TRUE_OF)
def test_nothing_but_what_is_true_is_said_of_a_feed_of(host: str):
    found = found_in((FEEDS / f"{host}.xml").read_bytes())
    assert " ".join(sorted({finding.rule.code for finding in found})) == TRUE_OF[host]


def test_every_feed_and_every_remark_has_its_place_above():
    assert {path.stem for path in FEEDS.glob("*.xml")} == set(TRUE_OF)
    assert {code for codes in TRUE_OF.values() for code in codes.split()} == {*ADVICE, *FAULTS}
