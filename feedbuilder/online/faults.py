"""What the web can do wrong, in the owner's terms."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from feedbuilder.errors import ExitCode, FeedbuilderError


class FaultKind(StrEnum):
    """What went wrong, for whoever decides by it; the message says it to people."""

    FORBIDDEN_ADDRESS = "forbidden-address"  # not public, not the web, or a redirect that must not be followed
    UNREACHABLE = "unreachable"  # no such host, nobody listens, TLS fails
    TOO_SLOW = "too-slow"
    NOT_THERE = "not-there"  # 404, 410
    NOT_ALLOWED = "not-allowed"  # 401, 403 and the like
    BUSY = "busy"  # 429, 503
    SERVER_ERROR = "server-error"
    BAD_ANSWER = "bad-answer"  # cut short, too large, empty, contradicts itself
    NOT_AUDIO = "not-audio"  # a web page where the audio should be
    NOT_ASKED = "not-asked"  # the time for all of them was over before its turn


class Obstacle(StrEnum):
    """What stood in the way, where it can be told more exactly than by the kind."""

    NAME = "name"  # the host's name leads nowhere
    CONNECTION = "connection"  # nobody listens
    TLS = "tls"
    REDIRECTS = "redirects"


@dataclass(frozen=True, kw_only=True, slots=True)
class WebFault:
    """One address that did not give what was asked of it."""

    kind: FaultKind
    message: str
    remedy: str
    obstacle: Obstacle | None = None

    def __str__(self) -> str:
        return f"{self.message}; {self.remedy}"


class WebFaultError(FeedbuilderError):
    """The web did not give what was asked of it; nothing was written."""

    exit_code = ExitCode.REFUSED

    def __init__(self, fault: WebFault, *, may_pass: bool = False, wait_s: float | None = None) -> None:
        super().__init__(str(fault))
        self.fault = fault
        self.may_pass = may_pass  # whether the same request may succeed in a moment
        self.wait_s = wait_s  # how long the server asks to be left alone


def web_fault(
    kind: FaultKind, message: str, remedy: str, *, may_pass: bool = False, obstacle: Obstacle | None = None
) -> WebFaultError:
    """Return the exception for a fault."""
    return WebFaultError(WebFault(kind=kind, message=message, remedy=remedy, obstacle=obstacle), may_pass=may_pass)
