"""What a build would change, in the manner of `git diff --stat`: a line for every episode, then files and refusals."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta
from textwrap import wrap

from rich.cells import cell_len, set_cell_size

from feedbuilder.problems import counted
from feedbuilder.publish.feed_changes import Difference, FeedChanges, ItemChange
from feedbuilder.publish.guard import FIRST_NAMED, NO_NAMES, Names, Refusal, names_of
from feedbuilder.publish.output_folder import Changes
from feedbuilder.publish.shrinkage import path_of

Line = tuple[str, str]
"""A line and its style."""

NARROWEST, WIDEST = 60, 120
_CONTEXT = 24  # cells of a long text shown before the place where it differs
_HAS_OR_NOT = frozenset({"audio", "chapters", "transcripts", "persons", "picture", "season", "episode", "notes"})


def difference_lines(
    changes: Changes, *, names: Names = NO_NAMES, verbose: bool = False, width: int = 100
) -> Iterator[Line]:
    """Yield what would change, in lines of at most `width` cells; all of it, old and new, when `verbose`.

    `names` is as for `publish`.
    """
    feed = changes.feed
    if not (feed or changes.written or changes.removed or changes.refusals):
        yield "nothing would change", ""
        return
    width = min(max(width, NARROWEST), WIDEST)
    yield from _channel_lines(feed, width, verbose=verbose)
    yield from _episode_lines(changes, names, width, verbose=verbose)
    yield from _file_lines(changes, width, verbose=verbose)
    for refusal in changes.refusals:
        yield from _refusal_lines(refusal, width)
    for value in changes.unknown_names:
        yield f"--accept {value}: neither feed has an episode of that name", "yellow"
    yield _summary(changes), "bold"


def difference_json(changes: Changes, *, names: Names = NO_NAMES) -> str:
    """Return the same as one JSON object, with every value before and after."""
    feed = changes.feed
    document = {
        "channel": _as_objects(feed.channel),
        "episodes": [
            {
                "change": "added" if one.old is None else "removed" if one.new is None else "changed",
                "guid": one.item.guid,
                **({"old_guid": one.old.guid} if one.has_new_guid and one.old else {}),
                "title": one.item.title,
                "names": names_of(one, names),
                "differences": _as_objects(one.differences),
                "rewritten": _rewritten(one, changes),
            }
            for one in _touched(changes)
        ],
        "repeated_guids": feed.repeated_guids,
        "reordered": feed.reordered_count,
        "written": [{"path": path, "bytes": changes.sizes_bytes.get(path)} for path in changes.written],
        "removed": [{"path": path, "bytes": changes.sizes_bytes.get(path)} for path in changes.removed],
        "unchanged": len(changes.unchanged),
        "refused": [
            {
                "kind": refusal.kind,
                "message": refusal.message,
                "remedy": refusal.remedy,
                "accept": refusal.acceptance,
                "affected": [one._asdict() for one in refusal.affected],
            }
            for refusal in changes.refusals
        ],
        "unknown_names": changes.unknown_names,
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _as_objects(differences: Iterable[Difference]) -> list[dict[str, object]]:
    return [difference._asdict() for difference in differences]


def _channel_lines(feed: FeedChanges, width: int, *, verbose: bool) -> Iterator[Line]:
    for difference in feed.channel:
        old, new = " · ".join(difference.old) or "nothing", " · ".join(difference.new) or "nothing"
        if verbose:
            yield f"~ show: {difference.aspect}", "yellow"
            yield from _values(difference, width)
        else:
            head = f"~ show: {difference.aspect}: "
            room = (width - cell_len(head) - 3) // 2
            shown_old, shown_new = _excerpts(old, new, room)
            yield f"{head}{shown_old} → {shown_new}", "yellow"
    if feed.reordered_count:
        yield f"~ show: {counted(feed.reordered_count, 'episode')} would stand elsewhere in the feed", "yellow"


def _episode_lines(changes: Changes, names: Names, width: int, *, verbose: bool) -> Iterator[Line]:
    rows = [
        (
            _sign(one),
            _title(one, names),
            ", ".join([*_what(one), *(f"{noun} rewritten" for noun in _rewritten(one, changes))]),
            one,
        )
        for one in _touched(changes)
    ]
    column = min(max((cell_len(title) for _, title, _, _ in rows), default=0), width // 2)
    for (sign, style), title, what, one in rows:
        line = f"{sign} {_fitted(title, column, pad=bool(what))}"
        yield (f"{line}  {_fitted(what, width - column - 4)}" if what else line), style
        if verbose:
            if one.has_new_guid and one.old and one.new:
                yield from _values(Difference("guid", (one.old.guid,), (one.new.guid,)), width)
            for difference in one.differences:
                yield from _values(difference, width)


def _touched(changes: Changes) -> list[ItemChange]:
    """Return the episodes that change in the feed or in their files."""
    return [one for one in changes.feed.episodes if one.is_change or _rewritten(one, changes)]


def _rewritten(one: ItemChange, changes: Changes) -> list[str]:
    """Return the kinds of files that get other content under the same address."""
    if one.old is None or one.new is None:
        return []
    same = [text for text in one.new.texts if text in one.old.texts]
    nouns = {text.noun for text in same if path_of(text, changes.feed.new.folder_url) in changes.sizes_bytes}
    return sorted(nouns)


def _sign(one: ItemChange) -> tuple[str, str]:
    if one.old is None:
        return "+", "green"
    return ("-", "red") if one.new is None else ("~", "yellow")


def _title(one: ItemChange, names: Names) -> str:
    return " ".join(one.item.title.split()) or names_of(one, names)[0]


def _what(one: ItemChange) -> Iterator[str]:
    """Yield in few words what happens to an episode."""
    if one.old is None or one.new is None:
        if one.item.published:
            yield f"{one.item.published:%Y-%m-%d}"
        yield from (noun for noun in ("audio", "chapters", "transcripts") if one.item.aspects.get(noun))
        return
    if one.has_new_guid:
        yield "new guid"
    for aspect, old, new in one.differences:
        if aspect == "date" and one.old.published and one.new.published:
            yield f"date {_span(one.new.published - one.old.published)}"
        elif aspect in _HAS_OR_NOT and not old:
            yield f"+{aspect}"
        elif aspect in _HAS_OR_NOT and not new:
            yield f"-{aspect}"
        elif not (aspect.startswith("audio ") and not (old and new)):  # goes without saying
            yield aspect


def _span(difference: timedelta) -> str:
    """Return how far a date moves.

    >>> _span(timedelta(hours=2)), _span(timedelta(days=-3, hours=1)), _span(timedelta(seconds=30))
    ('2 h later', '2 days 23 h earlier', '30 s later')
    """
    seconds = round(abs(difference.total_seconds()))
    parts = [
        (seconds // 86400, "day" if seconds // 86400 == 1 else "days"),
        (seconds % 86400 // 3600, "h"),
        (seconds % 3600 // 60, "min"),
        (seconds % 60, "s"),
    ]
    told = [f"{number} {unit}" for number, unit in parts if number][:2]
    return f"{' '.join(told) or '0 s'} {'later' if difference > timedelta() else 'earlier'}"


def _values(difference: Difference, width: int) -> Iterator[Line]:
    """Yield the values that go and those that come; two single ones around the place where they part."""
    gone = [value for value in difference.old if value not in difference.new]
    come = [value for value in difference.new if value not in difference.old]
    room = width - 8 - cell_len(difference.aspect)
    pairs = [_excerpts(old, new, room) for old, new in zip(gone, come, strict=False)]
    for value in [old for old, _ in pairs] + [_fitted(_line(value), room) for value in gone[len(pairs) :]]:
        yield f"    - {difference.aspect}: {value}", "red"
    for value in [new for _, new in pairs] + [_fitted(_line(value), room) for value in come[len(pairs) :]]:
        yield f"    + {difference.aspect}: {value}", "green"
    if not gone and not come:
        yield f"    ~ {difference.aspect}: the same in another order", "dim"


def _excerpts(old: str, new: str, room: int) -> tuple[str, str]:
    """Return both texts in `room` cells each; of long ones, the part where they begin to differ."""
    old, new = _line(old), _line(new)
    if max(cell_len(old), cell_len(new)) <= room:
        return old, new
    same = next((place for place, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(0, same - _CONTEXT)
    dots = "…" if start else ""
    return _fitted(dots + old[start:], room), _fitted(dots + new[start:], room)


def _line(text: str) -> str:
    return " ".join(text.split())


def _fitted(text: str, cells: int, *, pad: bool = False) -> str:
    """Return text cut to so many cells of a terminal, or padded to them; wide letters take two.

    >>> _fitted("聞く話す", 6), _fitted("聞く話す", 6, pad=True), _fitted("abc", 5, pad=True)
    ('聞く…', '聞く… ', 'abc  ')
    """
    if cell_len(text) > cells:
        text = set_cell_size(text, max(cells - 1, 0)).rstrip() + "…"
    return set_cell_size(text, cells) if pad else text


def _file_lines(changes: Changes, width: int, *, verbose: bool) -> Iterator[Line]:
    if verbose:
        for sign, paths, style in (("+", changes.written, "green"), ("-", changes.removed, "red")):
            for path in paths:
                size = _size(changes.sizes_bytes.get(path, 0))
                yield f"{sign} {_fitted(path, width - 14, pad=True)}  {size:>10}", style
    for verb, paths in (("written", changes.written), ("removed", changes.removed)):
        if paths:
            yield f"  {counted(len(paths), 'file')} {verb}, {_size(_total(changes, paths))}{_kinds(paths)}", ""


def _kinds(paths: Collection[str]) -> str:
    """Return in which folders files are, when there are several."""
    counts: dict[str, int] = {}
    for path in paths:
        folder = path.rpartition("/")[0]
        counts[folder + "/" if folder else path] = counts.get(folder + "/" if folder else path, 0) + 1
    told = [f"{count} in {place}" if place.endswith("/") else place for place, count in sorted(counts.items())]
    return f" ({', '.join(told[:4])}{', …' if len(told) > 4 else ''})"


def _total(changes: Changes, paths: Iterable[str]) -> int:
    return sum(changes.sizes_bytes.get(path, 0) for path in paths)


def _size(length_bytes: int) -> str:
    """Return a size as people read it.

    >>> _size(0), _size(1536), _size(42_000_000), _size(999_960)
    ('0 B', '1.5 kB', '42.0 MB', '1.0 MB')
    """
    if length_bytes < 1000:
        return f"{length_bytes} B"
    size, units = length_bytes / 1000, iter(("kB", "MB", "GB"))
    unit = next(units)
    while size >= 999.95 and (larger := next(units, None)):
        size, unit = size / 1000, larger
    return f"{size:.1f} {unit}"


def _refusal_lines(refusal: Refusal, width: int) -> Iterator[Line]:
    ending = ":" if refusal.affected else ""
    yield from ((part, "bold red") for part in wrap(f"refused: {refusal.message}{ending}", width))
    shown = refusal.affected[:FIRST_NAMED]
    column = min(max((cell_len(_line(one.title)) for one in shown), default=0), width // 2)
    for one in shown:
        title = _fitted(_line(one.title), column, pad=True)
        yield f"  {title}  {_fitted(one.detail or one.name, width - column - 4)}", "red"
    if more := len(refusal.affected[FIRST_NAMED:]):
        yield f"  … and {more} more", "red"
    yield from ((part, "red") for part in wrap(f"→ {refusal.remedy}", width, subsequent_indent="  "))
    yield f"→ {refusal.consent}", "red"  # in one piece, to be copied


def _summary(changes: Changes) -> str:
    feed = changes.feed
    changed = len(_touched(changes)) - len(feed.added) - len(feed.removed)
    told = f"{len(feed.added)} added, {len(feed.removed)} removed, {changed} changed; "
    told += f"{counted(len(changes.written), 'file')} written, {len(changes.removed)} removed"
    return f"{told}; refused" if changes.refusals else told
