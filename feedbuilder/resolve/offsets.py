"""Which `audio_offset` an episode needs, and which one the whole show: judged from the sound, else from the lengths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from feedbuilder.captions.clock import Clock
from feedbuilder.errors import Place
from feedbuilder.resolve.transcript import CLOCK_SLACK_MS

# Offsets no further apart are the same: one that was heard is good to about half a second, lengths come in seconds.
RIGHT_MS = 500
ALIKE_HEARD_MS = 1000
ALIKE_LENGTHS_MS = 2000
# So many episodes, and this share of all that tell, must agree before the show has an offset.
FEWEST_ALIKE = 3
SHARE_ALIKE = 2 / 3
# The end of the last word is estimated: it may be this far off, and this part of the last line's length.
END_SLACK_MS = 3000
END_SLACK_PART = 0.25


class Verdict(StrEnum):
    """What is to be said of an episode's offset."""

    RIGHT = "right"  # heard to be right as it is
    FITS = "fits"  # the lengths do not speak against it
    CHANGE = "change"  # another is proposed
    UNSURE = "unsure"  # something is wrong, and no offset is sure to mend it
    UNKNOWN = "unknown"  # there is nothing to tell it by


class Certainty(StrEnum):
    """How sure a proposed offset is."""

    SURE = "sure"  # heard in this episode
    LIKELY = "likely"  # as in the show's other episodes


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """What is known of one episode; times are the archive's own, before any offset."""

    slug: str
    place: Place  # of the episode's `audio_offset`, or the top of its file
    field: str  # what the owner calls `audio_offset`
    own_ms: int | None  # the offset the episode states; None: it has the show's
    audio_ms: int | None  # length of the audio
    words_end_ms: int | None  # where the last word ends, as estimated
    last_line_ms: int | None  # where the last line starts
    last_chapter_ms: int | None  # where the last chapter starts
    clock: Clock | None  # what the sound says; None where nobody listened
    unheard: str | None  # why nobody did


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One episode: its offset now, a better one, and why."""

    slug: str
    path: str
    verdict: Verdict
    present_ms: int
    offset_ms: int | None  # what the whole offset should be; None: no guess
    certainty: Certainty | None  # of `offset_ms`
    evidence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """The offset that most episodes of a show have in common."""

    offset_ms: int
    reason: str


def agree(known: Iterable[Measured], present_ms: int) -> Agreement | None:
    """Return the offset the show should have in place of its present one, None where that is right or nothing is sure.

    Episodes that state an offset of their own are exceptions already, and have no voice.
    """
    plain = [episode for episode in known if episode.own_ms is None]
    offsets_ms = [offset_ms for one in plain if (offset_ms := heard_ms(one)) is not None]
    alike_ms = largest_group(offsets_ms, ALIKE_HEARD_MS)
    if len(alike_ms) >= max(FEWEST_ALIKE, SHARE_ALIKE * len(offsets_ms)):
        offset_ms = _rounded(median(alike_ms), 100)
        if abs(offset_ms - present_ms) <= RIGHT_MS:
            return None
        return Agreement(offset_ms=offset_ms, reason=f"heard in {len(alike_ms)} of {len(offsets_ms)} episodes")
    return _agree_by_lengths(plain, present_ms)


def _agree_by_lengths(known: Sequence[Measured], present_ms: int) -> Agreement | None:
    """Return the offset at which most transcripts end with their audio, or as long before as where it was heard."""
    rooms = [(room_ms, heard_ms(one)) for one in known if (room_ms := _room_ms(one)) is not None]
    alike_ms = largest_group([room_ms for room_ms, _ in rooms], ALIKE_LENGTHS_MS)
    if len(alike_ms) < max(FEWEST_ALIKE, SHARE_ALIKE * len(rooms)):
        return None
    told = f"alike by their lengths: {len(alike_ms)} of {len(rooms)} episodes"
    outros_ms = [room_ms - offset_ms for room_ms, offset_ms in rooms if offset_ms is not None]
    if outros_ms:
        offset_ms = _rounded(median(alike_ms) - median(outros_ms), 100)
        is_one = max(abs(outro_ms - median(outros_ms)) for outro_ms in outros_ms) <= ALIKE_LENGTHS_MS
        is_known = all(abs(one - offset_ms) <= ALIKE_LENGTHS_MS for _, one in rooms if one is not None)
        is_new = abs(offset_ms - present_ms) > ALIKE_LENGTHS_MS
        reason = f"heard in {len(outros_ms)}, and {told}"
        return Agreement(offset_ms=offset_ms, reason=reason) if is_one and is_known and is_new else None
    # Only words without audio prove something: audio without words may as well be an outro as an intro.
    offset_ms = _rounded(median(alike_ms), 1000)
    late = sum(overrun(one, present_ms) is not None for one in known)
    if late < FEWEST_ALIKE or offset_ms >= present_ms:
        return None
    return Agreement(offset_ms=offset_ms, reason=f"{told}; music after the last word would make it more by its length")


def heard_ms(episode: Measured) -> int | None:
    """Return the offset that was heard."""
    return episode.clock.offset_ms if episode.clock else None


def largest_group(offsets_ms: Iterable[int], alike_ms: int) -> list[int]:
    """Return the most offsets that lie no further than this from their middle.

    >>> largest_group([-30_000, 5000, -29_000, -30_500], 2000)
    [-30500, -30000, -29000]
    """
    ordered = sorted(offsets_ms)
    groups = [[one for one in ordered if first <= one <= first + 2 * alike_ms] for first in ordered]
    return max(groups, key=len, default=[])


def _rounded(offset_ms: float, unit_ms: int) -> int:
    return round(offset_ms / unit_ms) * unit_ms


def _room_ms(episode: Measured) -> int | None:
    """Return how much audio there is after the last word; negative where the words go on without it."""
    if episode.audio_ms is None or episode.words_end_ms is None:
        return None
    return episode.audio_ms - episode.words_end_ms


def overrun(episode: Measured, offset_ms: int) -> str | None:
    """Return how the times go past the end of the audio at an offset; None where they do not, or nothing tells."""
    if episode.audio_ms is None:
        return None
    end_ms = episode.audio_ms - offset_ms
    if episode.words_end_ms is not None and episode.last_line_ms is not None:
        slack_ms = END_SLACK_MS + END_SLACK_PART * max(0, episode.words_end_ms - episode.last_line_ms)
        if episode.words_end_ms > end_ms + slack_ms:
            return f"the last word ends {_seconds(episode.words_end_ms - end_ms)} after the audio"
    for what, last_ms in (("line", episode.last_line_ms), ("chapter", episode.last_chapter_ms)):
        if last_ms is not None and last_ms >= end_ms + CLOCK_SLACK_MS:
            return f"the last {what} starts {_seconds(last_ms - end_ms)} after the end of the audio"
    return None


def judge(episode: Measured, show_ms: int, agreement: Agreement | None) -> Finding:
    """Say what an episode needs, where the show's offset is `show_ms` and may be changed to the agreed one."""
    own_ms = episode.own_ms
    present_ms = show_ms if own_ms is None else own_ms
    agreed_ms = agreement.offset_ms if agreement and own_ms is None else present_ms
    verdict, offset_ms, certainty, said = _judge(episode, present_ms, agreed_ms)
    return Finding(
        slug=episode.slug,
        path=episode.place.path,
        verdict=verdict,
        present_ms=present_ms,
        offset_ms=offset_ms,
        certainty=certainty,
        evidence="; ".join(said),
    )


def _judge(
    episode: Measured, present_ms: int, agreed_ms: int
) -> tuple[Verdict, int | None, Certainty | None, Sequence[str]]:
    heard = episode.clock
    if heard and heard.offset_ms is not None:
        said = [
            f"heard at {signed(heard.offset_ms)} ({heard.peak or 0:.1f} standard deviations, fit {heard.fit or 0:.2f})"
        ]
        is_agreed = agreed_ms != present_ms and abs(heard.offset_ms - agreed_ms) <= ALIKE_HEARD_MS
        if abs(heard.offset_ms - present_ms) <= RIGHT_MS and not is_agreed:
            return Verdict.RIGHT, present_ms, Certainty.SURE, said
        return Verdict.CHANGE, agreed_ms if is_agreed else _rounded(heard.offset_ms, 100), Certainty.SURE, said
    said = [text for text in (heard.reason if heard else episode.unheard, _lengths(episode, present_ms)) if text]
    if heard and heard.changes:
        return Verdict.UNSURE, None, None, said
    if overrun(episode, agreed_ms):
        room_ms = _room_ms(episode)
        said += [f"at most {signed(room_ms)} by its length"] if room_ms is not None else []
        return Verdict.UNSURE, None, None, said
    if agreed_ms != present_ms:
        return Verdict.CHANGE, agreed_ms, Certainty.LIKELY, [*said, "taken to be like the others"]
    is_compared = episode.audio_ms is not None and episode.last_line_ms is not None
    return (Verdict.FITS if is_compared and heard is None else Verdict.UNKNOWN), None, None, said


def _lengths(episode: Measured, offset_ms: int) -> str | None:
    """Say how the lengths of words and audio compare."""
    if episode.audio_ms is None:
        return "the length of its audio is not known"
    if past := overrun(episode, offset_ms):
        return past
    room_ms = _room_ms(episode)
    return None if room_ms is None else f"the audio ends {_seconds(max(0, room_ms - offset_ms))} after the last word"


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.0f} s"


def signed(offset_ms: int) -> str:
    """Return an offset as it is written into a file, with a sign.

    >>> signed(-30_200), signed(4000), signed(0)
    ('-30.2 s', '+4 s', '0 s')
    """
    return f"{'+' if offset_ms > 0 else ''}{offset_ms / 1000:.1f}".removesuffix(".0") + " s"
