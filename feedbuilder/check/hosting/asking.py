"""From a feed to what is wrong with how it is published: plan, have somebody ask, judge."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from feedbuilder.check.examine import Finding, findings
from feedbuilder.check.feed import Feed
from feedbuilder.check.hosting.examine import examine_hosting, hosting_of
from feedbuilder.check.hosting.plan import USUAL_ITEMS, CopyOf, Plan, Role, ask_of, plan
from feedbuilder.check.hosting.published import Hosting
from feedbuilder.check.rules import Profile
from feedbuilder.online.questions import Ask, Heard

Asker = Callable[[Sequence[Ask]], Mapping[str, Heard]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Online:
    """Whether and how far servers are asked."""

    ask: Asker
    items: int | None = USUAL_ITEMS  # whose files are asked for, the newest; None: all of them


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """How far servers were asked."""

    addresses: int
    items: int  # whose files were asked for
    left_out: int  # older items, whose files were not
    unanswered: tuple[str, ...] = ()  # why addresses in the plan were not asked after all

    @property
    def is_everything(self) -> bool:
        """Whether nothing was left out."""
        return not self.left_out and not self.unanswered


def examine_published(
    online: Online, feed: Feed, path: str, profile: Profile, content: bytes | None = None, copy_of: CopyOf | None = None
) -> tuple[list[Finding], Asked]:
    """Return what a profile holds against the servers of a show, and how far they were asked.

    `content` and `copy_of` give the feed and the files of the output folder; None where the show is a stranger's.
    """
    wanted = plan(feed, copy_of or (lambda path: None), online.items)
    heard = online.ask([ask_of(thing) for thing in wanted.things])
    hosting = hosting_of(wanted, heard, feed, content)
    return list(findings(examine_hosting(hosting), path, profile)), _asked(wanted, hosting)


def _asked(wanted: Plan, hosting: Hosting) -> Asked:
    files = [file for file in hosting.files if file.thing.role is not Role.PLAIN]
    unanswered = [file.fault.message for file in files if file.fault and not file.was_asked]
    return Asked(
        addresses=len(files) - len(unanswered),
        items=wanted.items,
        left_out=wanted.left_out,
        unanswered=tuple(unanswered),
    )
