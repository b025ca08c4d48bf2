"""Titles and guests of a whole show: which title is whose, on the file's side and on the host's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from math import fsum

from feedbuilder.resolve.evidence import Evidence, Kind, Weight, against, for_, told
from feedbuilder.resolve.match_ids import id_texts, link_text
from feedbuilder.resolve.match_likeness import is_part, is_slip, marks_of, rarity_of, share_of, twin_key
from feedbuilder.resolve.match_titles import Title, common_labels, folded, has_no_spaces, read_title, words_of
from feedbuilder.source.archive import EpisodeFile
from feedbuilder.source.host_feed import HostItem

_OTHER_TITLES = ("short", "short_title", "original_title", "itunes_title")  # fields that sites keep a second title in
_FEW = 3  # a title, guest or day that more than these share tells nobody apart
_NEAR, _NEARLY_EQUAL, _MARGIN = 0.5, 0.85, 0.15  # shares of the telling words, weighed by how rare they are
_LONGEST_NAME = 6  # words, or characters where words are not told apart


class Names:
    """Knows the titles and guests of all files and items."""

    def __init__(
        self, episodes: Sequence[EpisodeFile], items: Sequence[HostItem], people: Mapping[str, str],
        show_titles: Sequence[str],
    ) -> None:  # fmt: skip
        file_labels = common_labels((episode.record.title for episode in episodes), show_titles)
        labels = common_labels((item.title for item in items), show_titles)
        self.files = [read_title(episode.record.title, file_labels) for episode in episodes]
        self.items = [read_title(item.title, labels) for item in items]
        self._texts = [item.title for item in items]
        others = [[str(file.marks.get(name) or "") for name in _OTHER_TITLES] for file in episodes]
        self._shorts = [[read_title(text, file_labels) for text in texts if text] for texts in others]
        self._slugs = [[read_title(episode.slug.replace("-", " "))] for episode in episodes]
        self._hearsay = [[read_title(text.replace("-", " ")) for text in id_texts(file)] for file in episodes]
        addresses = [link_text(item) for item in items]
        self._links = [read_title(text.replace("-", " ")) if text else None for text in addresses]
        self._guests = [_guest_keys(episode, people) for episode in episodes]
        self._phrases = [_phrases(item.title) for item in items]
        self._guested: dict[str, list[int]] = defaultdict(list)
        self._hosted: dict[str, list[int]] = defaultdict(list)
        for number, phrases in enumerate(self._phrases):
            for phrase in phrases:
                self._guested[phrase].append(number)
        for number, guests in enumerate(self._guests):
            for guest in guests:
                self._hosted[guest].append(number)
        self._equal: list[dict[int, tuple[Weight, str]]] = []
        self._told: list[set[int]] = []  # by the words of an id
        self._claimants: dict[int, set[int]] = defaultdict(set)
        self._by_key = _items_by(self.items, "key")
        self._twins: dict[tuple[Collection[str], ...], list[int]] = defaultdict(list)
        for number, title in enumerate(self.items):
            self._twins[twin_key(title)].append(number)
        self._find_equal()
        self._near: dict[int, tuple[int, Weight]] = {}
        self._near_to: dict[int, int] = {}
        self._rarity = rarity_of([*self.files, *self.items])
        self._find_near()

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield every file and item whose titles or guests are alike, and not those of half the show."""
        for number, equal in enumerate(self._equal):
            yield from ((number, item) for item in equal if len(equal) <= _FEW)
        yield from ((number, item) for number, (item, _) in self._near.items())
        yield from ((number, item) for number, told in enumerate(self._told) for item in told if len(told) == 1)
        for number, guests in enumerate(self._guests):
            for guest in guests:
                found = self._guested.get(guest, ())
                yield from ((number, item) for item in found if len(found) <= _FEW)

    def sure_pairs(self) -> Iterator[tuple[int, int]]:
        """Yield files and items whose titles agree and are nobody else's."""
        for number, equal in enumerate(self._equal):
            for item, (weight, _) in equal.items():
                if len(equal) == len(self._claimants[item]) == 1 and weight is Weight.STRONG:
                    yield number, item

    def twins(self, item: int) -> list[int]:
        """Return the other items of the same title, be they called reruns or not."""
        return [other for other in self._twins[twin_key(self.items[item])] if other != item]

    def namesakes(self, episode: int, item: int) -> tuple[set[int], set[int]]:
        """Return the other files and the other items of a title that is shared."""
        return self._claimants[item] - {episode}, self._equal[episode].keys() - {item}

    def compare(self, episode: int, item: int) -> Iterator[Evidence]:
        """Yield what titles and guests say of a file and an item; what is read off an id is one piece more."""
        verdict = self._compare_titles(episode, item)
        if verdict is None and self._told[episode] == {item}:
            words = "the words of the file's id are the item's title"
            yield for_(Kind.TITLE, Weight.STRONG, words, hearsay=True)
        if verdict := verdict or self._compare_guests(episode, item):
            yield verdict

    def _compare_titles(self, episode: int, item: int) -> Evidence | None:
        if item in self._equal[episode]:
            return self._weigh_equal(episode, item)
        near = self._near.get(episode)
        if near and near[0] == item:
            return for_(Kind.TITLE, near[1], f"the titles are nearly the same (“{self._texts[item]}”)")
        apart = self._told_apart(episode, item)
        if apart and apart.weight <= -Weight.STRONG:
            return apart
        return self._others(episode, item) or self._slip(episode, item) or apart

    def _others(self, episode: int, item: int) -> Evidence | None:
        """Say that the file's title is another item's, or the item's another file's."""
        if self._equal[episode]:
            other, (weight, _) = next(iter(self._equal[episode].items()))
            return against(Kind.TITLE, weight, f"the file's title is that of “{self._texts[other]}”")
        if episode in self._near:
            other, _ = self._near[episode]
            return against(Kind.TITLE, Weight.STRONG, f"the file's title is nearly that of “{self._texts[other]}”")
        weights = [  # a title that several items have says less of this one
            Weight.WEAK if len(self._equal[other]) > 1 else self._equal[other][item][0]
            for other in self._claimants.get(item, ())
        ]
        if item in self._near_to:
            weights.append(Weight.STRONG)
        return against(Kind.TITLE, max(weights), "the item's title is that of another file") if weights else None

    def _slip(self, episode: int, item: int) -> Evidence | None:
        if self._equal[episode] or self._claimants.get(item) or not self._may_be_one(episode, item):
            return None
        if not is_slip(self.files[episode].key, self.items[item].key):
            return None
        return for_(Kind.TITLE, Weight.WEAK, f"the titles differ by a slip of the pen (“{self._texts[item]}”)")

    def _weigh_equal(self, episode: int, item: int) -> Evidence:
        weight, words = self._equal[episode][item]
        rivals = max(len(self._equal[episode]), len(self._claimants[item]))
        if rivals > 1:
            words = f"{words}, as those of {rivals} episodes do"
            return for_(Kind.TITLE, Weight.WEAK, words, shared=True)
        return for_(Kind.TITLE, weight, words)

    def _told_apart(self, episode: int, item: int) -> Evidence | None:
        """Say that titles are the same but for a number or a word such as rerun: these are two episodes."""
        mine, theirs = self.files[episode], self.items[item]
        if "again" in theirs.markers and "again" not in mine.markers:
            return against(Kind.TITLE, Weight.STRONG, "only the item's title says that it is a rerun")
        if share_of(mine.telling, theirs.telling) < _NEAR and not is_part(mine.telling, theirs.telling):
            return None
        if mine.numbers and theirs.numbers and mine.numbers != theirs.numbers:
            numbers = f"{', '.join(mine.numbers)} and {', '.join(theirs.numbers)}"
            return against(Kind.TITLE, Weight.STRONG, f"the titles differ in their numbers ({numbers})")
        if "again" in mine.markers - theirs.markers:
            return against(Kind.TITLE, Weight.STRONG, "only the file's title says that it is a rerun")
        if mine.markers != theirs.markers:
            words = ", ".join(sorted(mine.markers ^ theirs.markers))
            return against(Kind.TITLE, Weight.WEAK, f"only one of the titles says: {words}")
        if mine.numbers != theirs.numbers:
            return told(Kind.TITLE, "the titles are alike, but only one of them holds a number")
        return None

    def _compare_guests(self, episode: int, item: int) -> Evidence | None:
        for guest in self._guests[episode]:
            if guest in self._phrases[item]:
                rivals = max(len(self._guested[guest]), len(self._hosted[guest]))
                words = f"the item's title names the guest {guest!r}"
                return for_(Kind.TITLE, Weight.WEAK, words) if rivals <= _FEW else told(Kind.TITLE, words)
        for guest in self._guests[episode]:
            if len(self._hosted[guest]) == len(self._guested.get(guest, ())) == 1:
                return against(Kind.TITLE, Weight.STRONG, f"another item's title names the file's guest {guest!r}")
        for guest in self._phrases[item] & self._hosted.keys():
            if len(self._hosted[guest]) == len(self._guested[guest]) == 1:
                return against(Kind.TITLE, Weight.WEAK, f"the item's title names another file's guest, {guest!r}")
        return None

    def _find_equal(self) -> None:
        by_head, by_link = _items_by(self.items, "head_key"), _items_by(self._links, "key")
        by_key = self._by_key
        for number, own in enumerate(self.files):
            named = [own, *self._shorts[number]]
            all_own = [*named, *self._slugs[number]]
            steps = (
                (named, by_key, Weight.STRONG, "the titles agree"),
                (self._slugs[number], by_key, Weight.STRONG, "the file's short name is the item's title"),
                (all_own, by_link, Weight.STRONG, "the title is in the item's link"),
            )
            found: dict[int, tuple[Weight, str]] = {}
            for titles, index, weight, words in steps:
                hits = _hits(titles, index)
                if found and hits and not hits & found.keys():
                    clash = f"{words}, and another title of the file is another item's"
                    found |= {item: (Weight.WEAK, clash) for item in hits}
                found = found or {item: (weight, words) for item in hits}
            found = found or self._equal_without_guests(number, named)
            found = found or self._equal_heads(number, _hits(all_own, by_head))
            self._equal.append(found)
            self._told.append(_hits(self._hearsay[number], by_key))
            for item in self._equal[-1]:
                self._claimants[item].add(number)

    def _equal_heads(self, episode: int, items: set[int]) -> dict[int, tuple[Weight, str]]:
        nameless = set() if self._guests[episode] else items  # else the name is not that of the file's guest
        found = {item: (Weight.WEAK, "the titles agree but for what may be a name") for item in nameless}
        for item in self._named_guest(episode, items):
            found[item] = Weight.STRONG, "the titles agree but for the guest's name"
        return found

    def _named_guest(self, episode: int, items: set[int]) -> Iterator[int]:
        """Yield the items whose title is the file's and a guest's name after it."""
        for item in items:
            rest = self.items[item].key.removeprefix(self.items[item].head_key or "\n")
            if rest in self._guests[episode]:
                yield item

    def _equal_without_guests(self, episode: int, titles: Sequence[Title]) -> dict[int, tuple[Weight, str]]:
        found: dict[int, tuple[Weight, str]] = {}
        for guest in self._guests[episode]:
            keys = {_without(title, guest) for title in titles} | {title.key for title in titles}
            for item in self._guested.get(guest, ()):
                if _without(self.items[item], guest) in keys - {""}:
                    found[item] = (Weight.STRONG, f"the titles agree but for the guest {guest!r}")
            for title in titles:  # the file's title names the guest, the item's does not
                bare = _without(title, guest)
                if bare and bare != title.key:
                    for item in self._by_key.get(bare, ()):
                        found.setdefault(item, (Weight.STRONG, f"the titles agree but for the guest {guest!r}"))
        return found

    def _find_near(self) -> None:
        """Find titles that are nearest to each other from both sides, by a clear margin."""
        holders: dict[str, list[int]] = defaultdict(list)
        for number, title in enumerate(self.items):
            if number not in self._claimants:
                for word in marks_of(title):
                    holders[word].append(number)
        scores: dict[int, list[tuple[float, int]]] = {}
        back: dict[int, list[tuple[float, int]]] = defaultdict(list)
        for number, title in enumerate(self.files):
            if self._equal[number]:
                continue
            rare = sorted(marks_of(title), key=lambda word: (len(holders.get(word, ())), word))[:6]
            near = {item for word in rare for item in holders.get(word, ())[:200]}
            ranked = sorted(((self._likeness(title, self.items[item]), item) for item in near), reverse=True)
            scores[number] = ranked[:3]
            for score, item in ranked:
                back[item].append((score, number))
        for number, ranked in scores.items():
            if not ranked or ranked[0][0] < _NEAR:
                continue
            score, item = ranked[0]
            rivals = [other for other, _ in ranked[1:]] + [other for other, file in back[item] if file != number]
            if all(score - other >= _MARGIN for other in rivals) and self._may_be_one(number, item):
                common = marks_of(self.files[number]) & marks_of(self.items[item])
                self._near[number] = item, Weight.STRONG if score >= _NEARLY_EQUAL and len(common) >= 3 else Weight.WEAK
                self._near_to[item] = number

    def _may_be_one(self, episode: int, item: int) -> bool:
        """Whether nothing in the titles parts them: a number, a word such as rerun, or another's name at the end."""
        mine, theirs = self.files[episode], self.items[item]
        guests = self._guests[episode]
        is_other_s = bool(guests) and theirs.head_key == mine.key and not self._phrases[item] & set(guests)
        return mine.numbers == theirs.numbers and mine.markers == theirs.markers and not is_other_s

    def _likeness(self, mine: Title, theirs: Title) -> float:
        """Return from 0 to 1 how many of the words are common, rare ones counting more."""
        first, second = marks_of(mine), marks_of(theirs)
        whole = fsum(self._rarity[word] for word in (*first, *second))  # the same in whatever order
        return 2 * fsum(self._rarity[word] for word in first & second) / whole if whole else 0.0


def _hits(titles: Sequence[Title], index: Mapping[str, Sequence[int]]) -> set[int]:
    return {item for title in titles if title.key for item in index.get(title.key, ())}


def _items_by(titles: Sequence[Title | None], part: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, title in enumerate(titles):
        if key := getattr(title, part, None):
            found[key].append(number)
    return found


def _guest_keys(episode: EpisodeFile, people: Mapping[str, str]) -> tuple[str, ...]:
    """Return the guests' names in one piece, as keys of people pages are: `jakobgraff`."""
    names = [people.get(guest.name, guest.name) for guest in episode.record.guests]
    keys = ("".join(words_of(folded(name))) for name in names)
    return tuple(dict.fromkeys(key for key in keys if len(key) >= (5 if key.isascii() else 2)))


def _phrases(text: str) -> frozenset[str]:
    """Return every run of a few words, in one piece; in scripts without spaces, of a few characters."""
    words = words_of(folded(text))
    if any(map(has_no_spaces, words)):
        words = tuple(piece for word in words for piece in (word if has_no_spaces(word) else [word]))
    return frozenset(
        "".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, min(start + _LONGEST_NAME, len(words)) + 1)
    )


def _without(title: Title, guest: str) -> str:
    """Return a title's key without the guest's name and the word that joined it."""
    before, found, after = title.key.partition(guest)
    if not found or (before and after):
        return ""
    for joint in ("featuring", "avec", "with", "feat", "mit", "con", "com", "ft"):
        before = before.removesuffix(joint)
    return before + after
