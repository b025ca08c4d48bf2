"""Hold what servers answered against the rules: answers in, broken rules out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from feedbuilder.check.document import read_document
from feedbuilder.check.feed import Feed, read_feed
from feedbuilder.check.hosting import copies, reached, served
from feedbuilder.check.hosting.plan import Plan
from feedbuilder.check.hosting.published import Hosting, published
from feedbuilder.check.rules import Fault, Rule, broken
from feedbuilder.online.questions import Heard

FILE_RULES: Final = (*reached.FILE_RULES, *served.FILE_RULES, *copies.FILE_RULES)
RULES: Final = (*reached.RULES, *served.RULES, *copies.RULES)


def hosting_of(plan: Plan, heard: Mapping[str, Heard], here: Feed, content: bytes | None) -> Hosting:
    """Return a show as it is out; `content` is the feed in the output folder, None where the show is a stranger's."""
    bare = Hosting(files=published(plan.things, heard), here=here, content=content)
    root = read_document(bare.body).root if bare.body is not None else None
    out = read_feed(root, url=here.url) if root is not None else None
    return Hosting(files=bare.files, here=here, content=content, out=out)


def examine_hosting(hosting: Hosting) -> Iterator[tuple[Rule[Any], Fault]]:
    """Yield what is wrong with how a show is published."""
    yield from broken(RULES, hosting)
    for file in hosting.files:
        yield from broken(FILE_RULES, file)
