"""Rules of reaching what was published: names, connections, certificates, statuses, redirects.

Spec: RFC 9110 (HTTP); Apple's RSS guide ("hosted on a server that allows HTTP head requests")
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from feedbuilder.check import specs
from feedbuilder.check.hosting.plan import Role
from feedbuilder.check.hosting.published import Hosting, Published
from feedbuilder.check.rules import DIRECTORIES, EVERYONE, Fault, Faults, rule
from feedbuilder.online.faults import FaultKind, Obstacle, WebFault
from feedbuilder.online.questions import Question

_NOT_ADMITTED: Final = frozenset({401, 402, 403, 407, 451})
_FOREVER: Final = frozenset({301, 308})
_MOST_REDIRECTS: Final = 3


@rule(
    "H1",
    "The feed and every file it names are there: GET answers 200",
    error=EVERYONE,
    spec=specs.APPLE,
    remedy="upload output/; if it is uploaded, the server looks elsewhere for it. nginx: root /path/to/output;",
)
def _is_there(file: Published) -> Faults:
    got = file.got
    if got and file.thing.role is not Role.PLAIN and not file.there and got.status not in _NOT_ADMITTED:
        yield file.told(f"{file.shown} answers {got.status}{_after_redirects(file)}")


@rule(
    "H1b",
    "HEAD is answered as GET is: 200",
    error="apple psp1",
    warning="spotify youtube podcast-index",
    spec=specs.APPLE,
    remedy="let the server answer HEAD. nginx: take out limit_except and if ($request_method …), or add HEAD to them",
)
def _answers_head(file: Published) -> Faults:
    if file.there and not file.head:
        given = file.heard.get(Question.HEAD)
        if isinstance(given, WebFault):
            yield file.told(f"{given.message}, asked by HEAD; GET gives the file")
        elif given:
            yield file.told(f"{file.shown} answers {given.status} to HEAD; GET gives the file")


@rule(
    "H1c",
    "Everybody may read the files",
    error=EVERYONE,
    spec=specs.APPLE,
    remedy="let everybody in, and the server's own user read the files. nginx: no auth_basic, no deny; chmod -R a+rX",
)
def _admits_everybody(file: Published) -> Faults:
    got = file.got
    if got and file.thing.role is not Role.PLAIN and got.status in _NOT_ADMITTED:
        yield file.told(f"{file.shown} answers {got.status}: it does not let us in{_after_redirects(file)}")


@rule(
    "H1d",
    "The server's name is found",
    error=EVERYONE,
    spec=specs.APPLE,
    remedy="correct the address, or give the name an A or AAAA record at whoever keeps your domain",
)
def _name_is_found(hosting: Hosting) -> Faults:
    yield from _by_host(hosting, lambda fault: fault.obstacle is Obstacle.NAME)


@rule(
    "H1e",
    "The server listens",
    error=EVERYONE,
    spec=specs.APPLE,
    remedy="start the server, and open its port in the firewall. nginx: listen 443 ssl; listen [::]:443 ssl;",
)
def _listens(hosting: Hosting) -> Faults:
    yield from _by_host(hosting, lambda fault: fault.obstacle is Obstacle.CONNECTION)


@rule(
    "H1f",
    "The certificate is valid, for that name, and comes with its chain",
    error=EVERYONE,
    spec=specs.APPLE,
    remedy="renew the certificate, and send the whole chain. nginx: ssl_certificate …/fullchain.pem;",
)
def _is_trusted(hosting: Hosting) -> Faults:
    yield from _by_host(hosting, lambda fault: fault.obstacle is Obstacle.TLS)


@rule(
    "H1g",
    "The server answers in time",
    error=EVERYONE,
    spec=specs.AGGREGATOR,
    remedy="see what keeps the server busy; aggregators wait no more than 30 seconds",
)
def _answers_in_time(hosting: Hosting) -> Faults:
    yield from _by_host(hosting, lambda fault: fault.kind is FaultKind.TOO_SLOW)


@rule(
    "H1h",
    "The server is well: no 5xx, no answer that breaks off",
    error=EVERYONE,
    spec=specs.APPLE,
    remedy="look into the server's error log. nginx: error_log /var/log/nginx/error.log;",
)
def _is_well(hosting: Hosting) -> Faults:
    told_elsewhere = frozenset({Obstacle.REDIRECTS})
    kinds = frozenset({FaultKind.SERVER_ERROR, FaultKind.BAD_ANSWER})
    yield from _by_host(hosting, lambda fault: fault.kind in kinds and fault.obstacle not in told_elsewhere)


@rule(
    "H1i",
    "What stands at the feed's address is a feed",
    error=EVERYONE,
    spec=specs.RSS,
    remedy="upload output/, and let the address lead to the feed itself and not to a page",
)
def _is_a_feed(hosting: Hosting) -> Faults:
    if hosting.feed and hosting.body is not None and hosting.out is None:
        start = " ".join(hosting.body[:200].decode(errors="replace").split())
        yield hosting.feed.told(f"{hosting.feed.shown} gives no feed but {start[:60]!r}…")


@rule(
    "H6",
    "The feed's address does not lead elsewhere for good",
    warning=DIRECTORIES,
    spec=specs.HTTP_REDIRECTS,
    key="config:feed.url",
    remedy="name the new address in atom:link rel=self and at the directories",
    in_archive="write the address it leads to into feed.url",
)
def _feed_stays(hosting: Hosting) -> Faults:
    reply = hosting.feed.got if hosting.feed else None
    if hosting.feed and reply and any(step.status in _FOREVER for step in reply.redirects):
        yield hosting.feed.told(f"{hosting.feed.shown} leads for good to {_bare(reply.url)}")


@rule(
    "H6b",
    "At most three redirects lead to a file",
    warning=DIRECTORIES,
    spec=specs.HTTP_REDIRECTS,
    remedy="use the address they lead to, or fewer services in front of the file",
)
def _few_redirects(file: Published) -> Faults:
    reply = file.got
    if reply and len(reply.redirects) > _MOST_REDIRECTS:
        statuses = ", ".join(str(step.status) for step in reply.redirects)
        yield file.told(
            f"{file.shown} redirects {len(reply.redirects)} times ({statuses}), to {_bare(reply.url)} at last"
        )


@rule(
    "H6c",
    "Redirects come to an end, on the public web, and not from https to http",
    error=EVERYONE,
    spec=specs.HTTP_REDIRECTS,
    remedy="mend the address or the redirect. nginx: return 301 https://$host$request_uri; only where it has listen 80",
)
def _redirects_end(file: Published) -> Faults:
    fault = file.fault
    leads_astray = fault and (fault.obstacle is Obstacle.REDIRECTS or fault.kind is FaultKind.FORBIDDEN_ADDRESS)
    if fault and leads_astray and file.thing.role is not Role.PLAIN:
        yield file.told(fault.message)


@rule(
    "H6d",
    "The feed's address with http: leads for good to the one with https:",
    info=DIRECTORIES,
    spec=specs.GOOGLE,
    remedy="redirect it. nginx: server { listen 80; return 301 https://$host$request_uri; }",
)
def _http_leads_to_https(file: Published) -> Faults:
    reply = file.reply(Question.HEAD)
    if file.thing.role is not Role.PLAIN or reply is None:
        return
    if not reply.url.startswith("https:"):
        if reply.status == 200:
            yield file.told(f"{file.shown} gives the feed without TLS")
    elif reply.redirects and reply.redirects[0].status not in _FOREVER:
        yield file.told(f"{file.shown} leads there by {reply.redirects[0].status}, for now only")


def _by_host(hosting: Hosting, is_meant: Callable[[WebFault], bool | None]) -> Iterator[Fault]:
    """Yield one fault for each host; a server that is down is down for all its files."""
    found: dict[str, list[tuple[Published, WebFault]]] = {}
    for file in hosting.files:
        fault = file.fault
        if file.thing.role is not Role.PLAIN and fault and (is_meant(fault) or fault.kind is FaultKind.NOT_ASKED):
            found.setdefault(file.host, []).append((file, fault))
    for files in found.values():
        reason = next((fault.message for _, fault in files if is_meant(fault)), None)
        if reason:
            first = files[0][0]  # the feed itself, where it is one of them
            more = f" and {len(files) - 1} more of its addresses" if len(files) > 1 else ""
            yield first.told(f"{reason} (so {first.shown}{more} cannot be had)")


def _after_redirects(file: Published) -> str:
    reply = file.got
    return f" after a redirect to {_bare(reply.url)}" if reply and reply.redirects else ""


def _bare(url: str) -> str:
    return url.partition("?")[0]


FILE_RULES: Final = (
    _is_there, _answers_head, _admits_everybody, _few_redirects, _redirects_end, _http_leads_to_https,
)  # fmt: skip
RULES: Final = (_name_is_found, _listens, _is_trusted, _answers_in_time, _is_well, _is_a_feed, _feed_stays)
