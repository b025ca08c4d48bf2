"""What came of asking: each published file with its answers, and the feed that is out beside the one in the folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from feedbuilder.check.feed import Feed, at, attribute
from feedbuilder.check.hosting.plan import Role, Thing
from feedbuilder.check.rules import Fault
from feedbuilder.online.faults import FaultKind, WebFault
from feedbuilder.online.questions import Heard, Question, Reply

PAGES: Final = ("text/html", "application/xhtml+xml")
_UNASKED = frozenset({FaultKind.NOT_ASKED, FaultKind.BUSY})


@dataclass(frozen=True, slots=True)
class Published:
    """One published file as its server has it."""

    thing: Thing
    heard: Heard

    def reply(self, question: Question) -> Reply | None:
        """Return the answer to a question, where one came."""
        given = self.heard.get(question)
        return given if isinstance(given, Reply) else None

    @property
    def head(self) -> Reply | None:
        """The answer to HEAD, where it is of use."""
        reply = self.reply(Question.HEAD)
        return reply if reply and reply.status == 200 else None

    @property
    def got(self) -> Reply | None:
        """The answer to GET, whatever it says; that to HEAD where GET was not asked."""
        asked = [question for question in (Question.WHOLE, Question.RANGE) if question in self.heard]
        return next(filter(None, map(self.reply, asked or [Question.HEAD])), None)

    @property
    def there(self) -> Reply | None:
        """The answer that gave the file, in whole or in part."""
        reply = self.got
        return reply if reply and reply.status in (200, 206) else None

    @property
    def fault(self) -> WebFault | None:
        """Why there is no answer at all."""
        if self.got is not None:
            return None
        return next((given for given in reversed([*self.heard.values()]) if isinstance(given, WebFault)), None)

    @property
    def was_asked(self) -> bool:
        """Whether its server was asked, and did not merely put us off."""
        return self.fault is None or self.fault.kind not in _UNASKED

    @property
    def is_page(self) -> bool:
        """Whether it is a web page instead of what it should be, and not merely called one by its server."""
        if self.content_type not in PAGES or attribute(self.thing.element, "type").startswith("text/html"):
            return False
        whole, copy = self.reply(Question.WHOLE), self.thing.copy
        is_right = whole and (b"<rss" in (whole.body or b"")[:10_000] or (copy and whole.sha256 == copy.sha256))
        return not is_right

    @property
    def host(self) -> str:
        """The name of the server it is published on."""
        return urlsplit(self.thing.url).netloc

    @property
    def shown(self) -> str:
        """Its address for messages: without its query, where keys of private feeds stand."""
        return self.thing.url.partition("?")[0]

    @property
    def content_type(self) -> str:
        """The type its server calls it by, in lower case and without parameters."""
        return self.there.headers.get("content-type", "").partition(";")[0].strip().lower() if self.there else ""

    def told(self, message: str) -> Fault:
        """Return a fault of it."""
        fault = at(self.thing.element, message, self.thing.item)._replace(url=self.shown)
        return fault._replace(element="") if self.thing.role in (Role.FEED, Role.PLAIN) else fault


class Sides(NamedTuple):
    """A show's own feed, as it is out and as it is in the output folder."""

    file: Published
    out: Feed
    here: Feed


@dataclass(frozen=True, kw_only=True, slots=True)
class Hosting:
    """A show as it is out, and as it is in the output folder."""

    files: tuple[Published, ...]
    here: Feed  # as it was checked
    content: bytes | None  # of the output folder's feed; None: it is a stranger's, and nothing else is known
    out: Feed | None = None  # the feed that is out, where it could be read

    @property
    def feed(self) -> Published | None:
        """The feed that is out, with its answers."""
        return next((file for file in self.files if file.thing.role is Role.FEED), None)

    @property
    def body(self) -> bytes | None:
        """The feed that is out, byte for byte."""
        whole = self.feed.reply(Question.WHOLE) if self.feed else None
        return whole.body if whole else None

    @property
    def sides(self) -> Sides | None:
        """Both feeds; None where the show is a stranger's, or its feed could not be read."""
        if self.feed is None or self.out is None or self.content is None:
            return None
        return Sides(self.feed, self.out, self.here)


def published(things: tuple[Thing, ...], heard: Mapping[str, Heard]) -> tuple[Published, ...]:
    """Return each file with its answers."""
    return tuple(Published(thing, heard[thing.url]) for thing in things)
