"""How a case of the W3C feed validator is told again in the smallest feed, and why it may be judged otherwise here.

Names are those of its folder testcases/ (github.com/rubys/feedvalidator, github.com/w3c/feedvalidator). What it is to
say stands in each of its files as `Expect`: a message, `!` and a message that must not come, or what it takes as valid.
About half of the files were read; those that repeat another (months, zones, one more missing or doubled element) are
told by their names.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from small_feed import feed


class Case(NamedTuple):
    """One case: what the validator says, the feed, the rules that it breaks here, and why they differ, if they do."""

    name: str
    says: str
    content: str | bytes
    ours: str = ""
    why: str = ""

    @property
    def they_object(self) -> bool:
        return not self.says.startswith(("!", "Valid"))


WHY: Final = {
    # stricter here
    "apple-values": "Apple, PSP-1 and newer cases of the validator take `true` and `false` only; this one is older",
    "apple-length": "apps show a length of 0 as an empty download; a published file has a size",
    "web-addresses": "apps open web addresses only; `ftp:` and `mailto:` lead nowhere in them",
    "one-form": "one form of a contact is understood everywhere: `address (Name)`",
    "entities-shown": "an app shows `&#x26;` in a title as it stands",
    "whole-seconds": "advice only: Apple wants durations in seconds, and takes the other forms",
    "https": "a warning only: iOS and Android open plain http only by exception",
    "plain-html": "advice only: PSP-1 lists the few elements that all apps show",
    "apple-ending": "Apple tells by the ending of its address whether an episode can be played",
    "no-doctype": "directories refuse a DOCTYPE, because entities in it can blow up",
    # laxer here
    "block-does-nothing": "only Yes has an effect; what else stands there changes nothing",
    "compared-as-written": "apps compare guids letter by letter, so other spellings of one address are other guids",
    "own-scope": "apps keep guids by show; a short one is as good as a long one there",
    "image-of-its-own": "directories take `itunes:image`; the old `image` may have a title, link and format of its own",
    "both-descriptions": "both are wanted: some apps show the short description, some the whole notes",
    "other-namespaces": "elements of namespaces that feedbuilder does not know are not looked into",
    "says-nothing": "an empty category, comment or the like says nothing and breaks nothing",
    "any-order": "no reader is known that needs `item` after everything else",
    "real-zones": "zones with minutes are real: India has +0530, Newfoundland -0330",
    "bare-ampersand": "an ampersand without a semicolon is shown as it is; only HTML would read `&omega`",
    "browsers-mend": "browsers show `&#x92;` as the quotation mark that was meant",
    "discouraged": "`textInput` does no harm",
}  # fmt: skip
"""Why something is said here or not, where the validator does otherwise."""


def in_channel(name: str, says: str, lines: str, ours: str = "", why: str = "") -> Case:
    return Case(name, says, feed(channel=lines), ours, why)


def in_item(name: str, says: str, lines: str, ours: str = "", why: str = "") -> Case:
    return Case(name, says, feed(item=lines), ours, why)


def with_guids(name: str, says: str, one: str, other: str, ours: str = "", why: str = "") -> Case:
    return Case(f"rss20/element-channel-item-guid/{name}", says, feed(item=one, other=other), ours, why)


def built_on(name: str, says: str, date: str, ours: str = "", why: str = "") -> Case:
    lines = f"<lastBuildDate>{date}</lastBuildDate>"
    return Case(f"rss20/data-types-datetime/{name}", says, feed(channel=lines), ours, why)


def titled(name: str, says: str, title: str, ours: str = "", why: str = "") -> Case:
    return Case(f"rss20/data-types-characterdata/{name}", says, feed(item=f"<title>{title}</title>"), ours, why)


def with_notes(name: str, says: str, html: str, ours: str = "", why: str = "") -> Case:
    return Case(name, says, feed(item=f"<description><![CDATA[{html}]]></description>"), ours, why)


def written_by(name: str, says: str, author: str, ours: str = "", why: str = "") -> Case:
    return Case(f"rss20/data-types-email/{name}", says, feed(item=f"<author>{author}</author>"), ours, why)


def with_image(name: str, says: str, change: tuple[str, str], ours: str = "", why: str = "") -> Case:
    whole = "<image><url>https://a.example/s.jpg</url><title>Tea</title><link>https://a.example/</link></image>"
    assert change[0] in whole
    lines = whole.replace(*change)
    return Case(f"rss20/element-channel-image-{name}", says, feed(channel=lines), ours, why)


def with_cloud(name: str, says: str, before: str = "", after: str = "", ours: str = "C24") -> Case:
    whole = '<cloud domain="a.example" port="80" path="/rpc" registerProcedure="ping" protocol="soap"/>'
    assert before in whole
    return Case(f"rss20/element-channel-cloud/{name}", says, feed(channel=whole.replace(before, after)), ours)


def with_input(name: str, says: str, before: str = "", after: str = "", ours: str = "C24", why: str = "") -> Case:
    whole = "<textInput><title>T</title><description>D</description><name>n</name><link>https://a.example/s</link></textInput>"
    assert before in whole
    lines = whole.replace(before, after) if before else whole
    return Case(f"rss20/element-channel-textinput/{name}", says, feed(channel=lines), ours, why)


def twice(parent: str, line: str, ours: str = "X10") -> Case:
    name = line[1 : line.index(">") if " " not in line else min(line.index(">"), line.index(" "))].rstrip("/")
    if parent == "item":
        return Case(f"rss20/element-channel-item/multiple_item_{name}", "DuplicateElement", feed(item=line * 2), ours)
    return Case(f"rss20/element-channel/multiple_{name}", "DuplicateElement", feed(channel=line * 2), ours)
