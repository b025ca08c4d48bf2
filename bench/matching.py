"""Measure how many files of an archive find their item in the host's feed, and that none finds another's.

Usage: python bench/matching.py [--seeds N] [--archive CONFIG]

Shows of several kinds are made up, with the feed that the truth demands; then files and feed are troubled as people
and hosts do it, lightly, heavily, or with malice. `right` and `wrong` are counted over the files that have an item;
a file without one that is given one is wrong as well. `recall` is right / files that have an item. `same` are files
of which nobody could tell: all that is left to know them by was swapped with another's; or two kinds of it were, and
their own item is not in the feed, or the other file's date is theirs by chance. They are counted nowhere else.
With --archive, the files of that config stand beside the made-up shows.
"""

from __future__ import annotations

import argparse
import html
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from feedbuilder import read_config
from feedbuilder.errors import Place
from feedbuilder.model import Enclosure
from feedbuilder.resolve.match_ids import id_texts
from feedbuilder.resolve.matching import Matching, match_episodes
from feedbuilder.source.archive import EpisodeFile, pack_marks, read_archive
from feedbuilder.source.field_names import FieldNames
from feedbuilder.source.host_feed import HostItem
from feedbuilder.source.records import KNOWN_FIELDS, EpisodeRecord
from feedbuilder.source.transcripts import TranscriptRecord
from feedbuilder.source.yaml_nodes import Mapping

ZONE = ZoneInfo("Europe/Berlin")
NAMES = FieldNames.of({}, KNOWN_FIELDS)
BASE_32 = "0123456789abcdefghijklmnopqrstuv"
WORDS = {
    "en": """data machine learning team product design growth money climate history war ocean music brain sleep food
    travel code cloud security market startup hiring career testing search graph memory language story river city law
    school doctor energy robot space light paper garden winter bridge forest letter""",
    "de": """Daten Maschine Lernen Team Produkt Gestaltung Wachstum Geld Klima Geschichte Krieg Meer Musik Gehirn Schlaf
    Essen Reise Wolke Sicherheit Markt Gründung Karriere Prüfung Suche Gedächtnis Sprache Fluss Stadt Recht Schule
    Ärztin Energie Roboter Weltraum Licht Papier Garten Winter Brücke Wald Brief Straße Größe""",
    "ru": """данные машина обучение команда продукт рост деньги климат история война море музыка мозг сон еда поездка
    облако безопасность рынок карьера поиск память язык река город право школа врач энергия робот космос свет бумага сад
    зима мост лес письмо""",
    "ja": """機械 学習 組織 製品 設計 成長 金融 気候 歴史 戦争 海洋 音楽 睡眠 料理 旅行 雲 市場 起業 採用 経歴 検索 記憶
    言語 物語 都市 法律 学校 医師 宇宙 庭園""",
    "ar": """بيانات تعلم فريق منتج تصميم نمو مال مناخ تاريخ حرب بحر موسيقى دماغ نوم طعام سفر أمن سوق مهنة بحث ذاكرة لغة
    قصة نهر مدينة قانون مدرسة طبيب طاقة فضاء""",
}
FIRST = """Jakob Elena Eugene Johanna Tarek Mei Olga Kwame Lucía Søren Anaïs Ravi Zoë Tomasz Ines Yuki"""
LAST = """Graff Yan Bayer Haddad Chen Petrova Mensah García Larsen Dubois Patel Kowalski Moreau Tanaka Novak Weiß"""


@dataclass(kw_only=True)
class Talk:
    """An episode as its file and as the host's item tell it; either may be gone."""

    title: str
    host_title: str
    published: datetime
    duration: int  # seconds
    season: int | None = None
    episode: int | None = None
    guest: str | None = None
    ids: dict[str, str] = field(default_factory=dict)
    host_ids: dict[str, str] = field(default_factory=dict)
    date: datetime | None = None  # as the file says
    file_duration: int | None = None
    host_season: int | None = None
    host_episode: int | None = None
    host_published: datetime | None = None
    has_file: bool = True
    has_item: bool = True
    swapped: set[str] = field(default_factory=set)
    retold: bool = False  # of its title, too little is left to know it by
    misnumbered: bool = False
    is_copied: bool = False  # its id, by another file
    is_near: bool = False  # what it was swapped with came out at most a day before or after
    partner: Talk | None = None  # what it was swapped with
    anew: Talk | None = None  # uploaded a second time under the same title
    doubled: bool = False
    extra: dict[str, str] = field(default_factory=dict)

    def untouched(self) -> set[str]:
        """Return the kinds of evidence that still tell the truth, on both sides."""
        is_day = not self.is_near and self.date and self.date.date() == self.published.astimezone(ZONE).date()
        there = self.partner.host_episode if self.partner else 0
        known = {"title": not self.retold, "ids": bool(self.ids) and not self.is_copied, "date": bool(is_day),
                 "number": None not in {self.episode, self.host_episode, there} and not self.misnumbered}  # fmt: skip
        return {kind for kind, there in known.items() if there} - self.swapped

    def is_hopeless(self, has_item: bool) -> bool:
        """Whether nobody could tell it from the episode it was swapped with."""
        other = self.partner.date if self.partner and "date" not in self.swapped else None
        looks_alike = other is not None and other.date() == self.published.astimezone(ZONE).date()  # by chance
        return bool(self.swapped) and (
            not self.untouched() or (len(self.swapped) + self.misnumbered > 1 and (not has_item or looks_alike))
        )


Show = list[Talk]


def interviews(rng: Random, count: int = 120) -> Show:
    """Return a weekly show with guests, titles retold for search engines, and Anchor's ids."""
    language = rng.choice(["en", "de", "ru"])
    show = []
    for number, moment in enumerate(_days(rng, count, 7)):
        topic, guest = phrase(rng, language, 2, 4), f"{rng.choice(FIRST.split())} {rng.choice(LAST.split())}"
        talk = _talk(rng, topic, f"{topic} - {guest}", moment, rng.randint(2400, 5000), guest=guest)
        talk.season, talk.episode = number // 10 + 1, number % 10 + 1
        show.append(talk)
    return show


def daily_news(rng: Random, count: int = 150) -> Show:
    """Return news of every day, of nearly the same length, their titles alike but for the date."""
    style = rng.randrange(3)
    show = []
    for moment in _days(rng, count, 1):
        named = (f"Daily Brief {moment:%Y-%m-%d}", f"Nachrichten vom {moment.day}.{moment.month}.{moment.year}",
                 f"News: {phrase(rng, 'en', 2, 3)}, {phrase(rng, 'en', 2, 2)}")[style]  # fmt: skip
        show.append(_talk(rng, named, named, moment, rng.randint(590, 620)))
    return show


def numbered(rng: Random, count: int = 120) -> Show:
    """Return weekly conversations numbered through, with the number in the title, in any script."""
    language = rng.choice(list(WORDS))
    form = {"ja": "第{}回 {}", "ru": "Выпуск {}: {}", "de": "Folge {} – {}"}.get(language, "#{} | {}")
    show = []
    for number, moment in enumerate(_days(rng, count, 7), 1):
        topic = phrase(rng, language, 2, 4)
        talk = _talk(rng, topic, form.format(number, topic), moment, rng.randint(1800, 7200))
        talk.episode = number
        show.append(talk)
    return show


def fiction(rng: Random, count: int = 90) -> Show:
    """Return a serial in seasons, with parts, and with trailers and questions and answers under repeated titles."""
    show: Show = []
    season, number, pending = 0, 0, ""
    for place, moment in enumerate(_days(rng, count, 7)):
        if place % 15 == 0:
            season, number = season + 1, 0
            show.append(_talk(rng, "Trailer", "Trailer", moment - timedelta(days=2), rng.randint(60, 180)))
            show[-1].season = season
        if place % 15 == 14:
            show.append(_talk(rng, "Q&A", "Q&A", moment, rng.randint(1500, 2500)))
            continue
        number += 1
        title, pending = (pending, "") if pending else (phrase(rng, "en", 1, 3), "")
        if not title.endswith("Part 2") and rng.random() < 0.25:
            title, pending = f"{title}, Part 1", f"{title}, Part 2"
        show.append(_talk(rng, title, title, moment, rng.randint(1500, 2500)))
        show[-1].season, show[-1].episode = season, number
    return show


SHOWS: dict[str, Callable[[Random], Show]] = {
    "interviews": interviews, "daily news": daily_news, "numbered": numbered, "serial fiction": fiction,
}  # fmt: skip


def real_show(config: Path) -> Callable[[Random], Show]:
    """Return a maker of the show in an archive: the host's titles are those in the ids, which the files' are not."""
    files = [file for file in read_archive(read_config(config)).episodes if file.record.dateadded]

    def make(rng: Random) -> Show:
        show: Show = []
        seen: set[str] = set()
        for file in sorted(files, key=_is_copied):
            record = file.record
            told = (
                next(iter(id_texts(file)), record.title).replace("---", " - ").replace("-", " ").replace("   ", " - ")
            )
            day = record.dateadded
            assert day is not None
            moment = datetime(day.year, day.month, day.day, 17, tzinfo=UTC)
            seconds = (record.duration or 3_600_000) // 1000
            talk = _talk(rng, record.title, told, moment, seconds)
            talk.season, talk.episode = record.season, int(record.episode) if record.episode is not None else None
            talk.ids = {name: value for name, value in record.ids.items() if value}
            id_ = talk.ids.get("anchor", "").split("/a-")[0].rpartition("-")[2]
            talk.guest = record.guests[0].name if record.guests else None
            if id_ in seen:  # copied by mistake
                talk.host_title = record.title
            else:
                talk.host_ids["anchor"] = id_
            talk.host_ids["youtube"] = talk.ids.get("youtube", "")
            seen.add(id_)
            talk.extra = {"short": short} if isinstance(short := file.marks.get("short"), str) else {}
            show.append(talk)
        return show

    return make


def _is_copied(file: EpisodeFile) -> bool:
    """Whether the guest's name is not in the id, so that of two files with one id this is the copy."""
    names = [guest.name for guest in file.record.guests]
    return not any(name in text.replace("-", "").lower() for text in id_texts(file) for name in names)


def _talk(rng: Random, title: str, host_title: str, moment: datetime, seconds: int, guest: str | None = None) -> Talk:
    anchor = "e1" + "".join(rng.choice(BASE_32) for _ in range(5))
    youtube = "".join(rng.choice("abcdefghijkmnopqrstuvwxyzABCDEFGHJK0123456789_-") for _ in range(11))
    words = "-".join(part for part in "".join(char if char.isalnum() else " " for char in host_title).split())
    return Talk(
        title=title, host_title=host_title, published=moment, duration=seconds, guest=guest,
        ids={"anchor": f"{words}-{anchor}", "youtube": youtube}, host_ids={"anchor": anchor, "youtube": youtube},
    )  # fmt: skip


def _days(rng: Random, count: int, every: int) -> Iterator[datetime]:
    start = datetime(2021, 1, rng.randint(1, 28), rng.randint(0, 23), rng.choice([0, 15, 30]), tzinfo=UTC)
    for number in range(count):
        yield start + timedelta(days=number * every)


def phrase(rng: Random, language: str, least: int, most: int) -> str:
    words = rng.sample(WORDS[language].split(), rng.randint(least, most))
    return ("" if language == "ja" else " ").join(words).capitalize()


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """How often each kind of trouble happens, as a share of the episodes, or of the shows where it says so."""

    lightly: float = 0.15  # retitled: case, punctuation, prefixes, entities, a slip of the pen
    heavily: float = 0.03  # half of the words are others
    wholly: float = 0.02
    hours: float = 0.2  # re-dated
    days: float = 0.02
    months: float = 0.01
    no_item: float = 0.03
    no_file: float = 0.03
    no_ids: float = 0.05
    no_date: float = 0.05
    no_duration: float = 0.2
    no_number: float = 0.1
    swapped: float = 0.0  # each of titles, dates, ids, numbers, with another's
    swapped_together: float = 0.0  # two of these at once
    doubled_id: float = 0.01
    doubled_file: float = 0.0
    again: float = 0.01  # the host has it a second time, as a rerun or uploaded anew
    misnumbered: float = 0.005
    shows_without_ids: float = 0.0
    shows_without_numbers: float = 0.3  # in the feed
    shows_without_dates: float = 0.0
    shows_numbered_otherwise: float = 0.0
    shows_a_day_off: float = 0.0
    shows_without_durations: float = 0.2


MIXES = {
    "as they are": Trouble(lightly=0, heavily=0, wholly=0, hours=0, days=0, months=0, no_item=0, no_file=0, no_ids=0,
                           no_date=0, doubled_id=0, again=0, misnumbered=0),
    "realistic": Trouble(),
    "realistic, no ids at all": Trouble(shows_without_ids=1),
    "realistic, no ids and numbers": Trouble(shows_without_ids=1, shows_without_numbers=1),
    "no dates in the files": Trouble(shows_without_dates=1),
    "numbered otherwise, no ids": Trouble(shows_numbered_otherwise=1, shows_without_ids=1),
    "a day off, no ids": Trouble(shows_a_day_off=1, shows_without_ids=1),
    "all retitled, with ids": Trouble(lightly=0, wholly=0.97),
    "all retitled, no ids": Trouble(lightly=0, wholly=0.97, shows_without_ids=1),
    "half a feed": Trouble(no_item=0.5),
    "heavy": Trouble(lightly=0.4, heavily=0.15, wholly=0.1, days=0.15, months=0.1, no_item=0.1, no_file=0.1, no_ids=0.2,
                     no_date=0.2, doubled_id=0.05, again=0.05, misnumbered=0.03, doubled_file=0.02),
    "swapped": Trouble(swapped=0.1),
    "adversarial": Trouble(lightly=0.3, heavily=0.1, wholly=0.15, days=0.15, months=0.1, no_item=0.2, no_file=0.2,
                           no_ids=0.3, no_date=0.3, swapped=0.15, swapped_together=0.15, doubled_id=0.1, again=0.1,
                           misnumbered=0.1, doubled_file=0.05),
    "adversarial, no ids": Trouble(lightly=0.3, heavily=0.1, wholly=0.15, days=0.15, months=0.1, no_item=0.2,
                                   no_file=0.2, no_date=0.2, swapped=0.15, swapped_together=0.15, again=0.1,
                                   misnumbered=0.1, shows_without_ids=1, shows_a_day_off=0.3,
                                   shows_numbered_otherwise=0.3),
}  # fmt: skip


def troubled(show: Show, trouble: Trouble, rng: Random) -> Show:
    """Trouble a show in place, and add what the host has besides."""
    language = rng.choice(list(WORDS))
    for talk in show:
        talk.date, talk.host_published = talk.published.astimezone(ZONE), talk.published
        talk.file_duration = max(60, talk.duration - rng.choice([0, 0, 1, 4, 30, 200]))
        talk.host_season, talk.host_episode = talk.season, talk.episode
        _retitle(talk, trouble, rng, language)
        _redate(talk, trouble, rng)
    _swap_all(show, trouble, rng)
    extras = []
    for talk in show:
        _take_away(talk, trouble, rng)
        if rng.random() < trouble.doubled_id and (other := rng.choice(show)).ids and talk.ids:
            talk.ids = {**talk.ids, "anchor": other.ids["anchor"]}
            talk.swapped.add("ids")
            other.is_copied = True
        talk.doubled = rng.random() < trouble.doubled_file
        if rng.random() < trouble.again:
            extras.append(_again(rng, talk))
    _trouble_all(show, trouble, rng)
    return [*show, *extras]


def _retitle(talk: Talk, trouble: Trouble, rng: Random, language: str) -> None:
    if rng.random() < trouble.lightly:
        talk.title = lightly(rng, talk.title, talk)
    if rng.random() < trouble.lightly:
        talk.host_title = lightly(rng, talk.host_title, talk)
    if rng.random() < trouble.heavily:
        talk.title, talk.retold = heavily(rng, talk.title, language), True
    if rng.random() < trouble.wholly:
        talk.title, talk.retold = phrase(rng, language, 2, 5), True


def _redate(talk: Talk, trouble: Trouble, rng: Random) -> None:
    assert talk.date is not None
    if rng.random() < trouble.hours:
        talk.date += timedelta(hours=rng.randint(-14, 14))
    if rng.random() < trouble.days:
        talk.date += timedelta(days=rng.choice([-1, 1]) * rng.randint(1, 7))
    if rng.random() < trouble.months:
        talk.date += timedelta(days=rng.choice([-1, 1]) * rng.randint(20, 200))
    if rng.random() < trouble.misnumbered and talk.episode is not None:
        talk.episode += rng.choice([-1, 1, 10])
        talk.misnumbered = True


def _take_away(talk: Talk, trouble: Trouble, rng: Random) -> None:
    talk.has_item = rng.random() >= trouble.no_item
    talk.has_file = rng.random() >= trouble.no_file
    if rng.random() < trouble.no_ids:
        talk.ids = {}
    if rng.random() < trouble.no_date:
        talk.date = None
    if rng.random() < trouble.no_duration:
        talk.file_duration = None
    if rng.random() < trouble.no_number:
        talk.season = talk.episode = None


def _again(rng: Random, talk: Talk) -> Talk:
    title = rng.choice([f"Rerun: {talk.host_title}", talk.host_title, f"{talk.host_title} (Repost)"])
    extra = _talk(rng, "", title, talk.published + timedelta(days=rng.choice([0, 1, 3, 40, 400])), talk.duration)
    extra.host_published, extra.has_file = extra.published, False
    if title == talk.host_title:
        talk.anew = extra
    return extra


def _trouble_all(show: Show, trouble: Trouble, rng: Random) -> None:
    happens = {name: rng.random() < getattr(trouble, name) for name in vars(trouble) if name.startswith("shows_")}
    for talk in show:
        if happens["shows_without_ids"]:
            talk.ids = {}
        if happens["shows_without_numbers"]:
            talk.host_season = talk.host_episode = None
        if happens["shows_without_dates"]:
            talk.date = None
        if happens["shows_without_durations"]:
            talk.file_duration = None
        if happens["shows_numbered_otherwise"] and talk.host_episode is not None:
            talk.host_episode += 1
            talk.swapped.add("number")
        if happens["shows_a_day_off"] and talk.date:
            talk.date += timedelta(days=1)


def _swap_all(show: Show, trouble: Trouble, rng: Random) -> None:
    kinds = ("title", "date", "ids", "number")
    for place, talk in enumerate(show):
        chosen: Sequence[str] = ()
        if rng.random() < trouble.swapped / 2:
            chosen = [rng.choice(kinds)]
        elif rng.random() < trouble.swapped_together / 2:
            chosen = rng.sample(kinds, 2)
        if chosen:
            near = show[max(0, place - 3) : place + 4]
            other = rng.choice(show if rng.random() < 0.5 else near)
            if other is not talk and not talk.swapped and not other.swapped:
                _swap(talk, other, chosen)


def _swap(one: Talk, two: Talk, kinds: Sequence[str]) -> None:
    names = {"title": ("title",), "date": ("date",), "ids": ("ids",), "number": ("season", "episode")}
    one.is_near = two.is_near = abs(one.published - two.published) <= timedelta(days=1)
    one.retold = two.retold = one.retold or two.retold or one.host_title == two.host_title
    one.partner, two.partner = two, one
    for kind in kinds:
        for name in names[kind]:
            first, second = getattr(one, name), getattr(two, name)
            setattr(one, name, second)
            setattr(two, name, first)
        one.swapped.add(kind)
        two.swapped.add(kind)


def lightly(rng: Random, title: str, talk: Talk) -> str:
    """Return a title as another program or a hasty hand writes it."""
    changes: list[Callable[[str], str]] = [
        str.upper, str.lower, str.title, html.escape, lambda text: html.escape(html.escape(text)),
        lambda text: f"{text}!", lambda text: f"🎙️ {text}", lambda text: text.replace(" ", "  "),
        lambda text: text.replace(" - ", " – ").replace("-", "‑"), lambda text: text.replace("&", " and "),
        lambda text: f"{text} | The Show", lambda text: f"“{text}”", lambda text: text.replace("ü", "u\u0308"),
        lambda text: _slip(rng, text),
    ]  # fmt: skip
    if talk.episode is not None and talk.title and "#" not in title:
        changes += [lambda text: f"Ep. {talk.episode}: {text}"]
        changes += [lambda text: f"S{talk.season:02}E{talk.episode:02} – {text}"] if talk.season is not None else []
    if talk.guest and talk.guest not in title and " " in talk.guest:
        changes += [lambda text: f"{text} with {talk.guest}", lambda text: f"{talk.guest}: {text}"]
    return rng.choice(changes)(title)


def _slip(rng: Random, text: str) -> str:
    spots = [place for place, char in enumerate(text[:-1]) if char.isalpha() and text[place + 1].isalpha()]
    if not spots:
        return text
    at = rng.choice(spots)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def heavily(rng: Random, title: str, language: str) -> str:
    words = title.split()
    kept = [word for word in words if rng.random() < 0.5]
    return " ".join([*kept, phrase(rng, language, 1, 2)])


def files_and_items(show: Show) -> tuple[list[EpisodeFile], list[HostItem], dict[str, HostItem | None], set[str]]:
    """Return files, items, the truth by path, and the paths of which nothing true is left."""
    files: list[EpisodeFile] = []
    items: list[HostItem] = []
    truth: dict[str, HostItem | None] = {}
    hopeless: set[str] = set()
    made = {id(talk): host_item(talk, number) for number, talk in enumerate(show)}
    for number, talk in enumerate(show):
        item = made[id(talk)]
        items += [item] if talk.has_item else []
        for copy in range(1 + talk.doubled) if talk.has_file else ():
            path = f"episodes/{number:04}{'-copy' * copy}.md"
            files.append(episode_file(path, talk))
            anew = made[id(talk.anew)] if talk.anew else None
            truth[path] = item if talk.has_item else anew  # what the host deleted and uploaded anew is the same
            if talk.is_hopeless(truth[path] is not None):
                hopeless.add(path)
    return files, items, truth, hopeless


def episode_file(path: str, talk: Talk) -> EpisodeFile:
    fields = {
        "title": talk.title or "Untitled", "season": _text(talk.season), "episode": _text(talk.episode),
        "guests": [talk.guest] if talk.guest else None, "ids": talk.ids or None,
        "dateadded": talk.date and f"{talk.date:%Y-%m-%d}", "duration": _text(talk.file_duration),
    }  # fmt: skip
    marks = Mapping()
    for name, value in {**fields, **talk.extra}.items():
        if value is not None:
            marks.put(name, value if isinstance(value, str) else "", (1, 1), (1, 1))
    record = EpisodeRecord.model_validate({name: value for name, value in fields.items() if value is not None})
    return EpisodeFile(
        digest=b"", path=path, file=Path(path), record=record, transcript=TranscriptRecord(), body="", body_line=1,
        packed_marks=pack_marks(marks), names=NAMES, file_date=None,
    )  # fmt: skip


def host_item(talk: Talk, number: int) -> HostItem:
    anchor = talk.host_ids["anchor"] or "e1aaaaaaa"
    words = "-".join("".join(char if char.isascii() and char.isalnum() else " " for char in talk.host_title).split())
    watch = f"https://www.youtube.com/watch?v={talk.host_ids['youtube']}"
    return HostItem(
        place=Place("feed.xml", number * 20 + 10),
        title=talk.host_title,
        guid=f"00000000-0000-4000-8000-{number:012}",
        guid_is_permalink=False,
        published=talk.host_published,
        link=f"https://podcasters.spotify.com/pod/show/x/episodes/{words}-{anchor}",
        enclosure=Enclosure(url=f"https://cdn.example/{number}/audio.mp3", mime_type="audio/mpeg"),
        duration_ms=talk.duration * 1000,
        season=talk.host_season,
        episode=talk.host_episode,
        links=(watch,) if number % 3 == 0 and talk.host_ids["youtube"] else (),
    )


def _text(value: int | None) -> str | None:
    return None if value is None else str(value)


def judge(matching: Matching, truth: dict[str, HostItem | None], hopeless: set[str]) -> tuple[Counter[str], list[str]]:
    """Count right, wrong and refused; and say of each wrong match what it rested on."""
    found = {match.episode.path: match for match in matching.matches}
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    for path, item in truth.items():
        match = found.get(path)
        if path in hopeless:
            counts["same"] += 1
            continue
        counts["files"] += item is not None
        if match is None:
            counts["refused"] += item is not None
            counts["left alone"] += item is None
        elif item is not None and match.item == item:
            counts["right"] += 1
        else:
            counts["wrong"] += 1
            told = f"{path} “{match.episode.record.title}” → “{match.item.title}”, not “{item.title if item else None}”"
            wrong.append(f"{told}: {match.why}")
    return counts, wrong


def run(make: Callable[[Random], Show], trouble: Trouble, seed: int) -> tuple[Counter[str], list[str]]:
    rng = Random(seed)
    files, items, truth, hopeless = files_and_items(troubled(make(rng), trouble, rng))
    rng.shuffle(files)
    rng.shuffle(items)
    return judge(match_episodes(files, items, zone=ZONE, show_titles=["The Show"]), truth, hopeless)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5, help="shows of each kind for each mix")
    parser.add_argument("--archive", type=Path, help="the config of an archive with Anchor's ids")
    options = parser.parse_args()
    shows = dict(SHOWS)
    if options.archive:
        shows["the archive"] = real_show(options.archive)
    print(f"{'trouble':32}{'show':16}{'files':>7}{'right':>7}{'refused':>8}{'wrong':>6}{'same':>6}{'recall':>9}")
    for mix, trouble in MIXES.items():
        for name, make in shows.items():
            counts: Counter[str] = Counter()
            for seed in range(options.seeds):
                more, wrong = run(make, trouble, seed)
                counts += more
                for words in wrong:
                    print(f"   WRONG (seed {seed}) {words}")
            numbers = "".join(f"{counts[key]:>{width}}" for key, width in
                              (("files", 7), ("right", 7), ("refused", 8), ("wrong", 6), ("same", 6)))  # fmt: skip
            print(f"{mix:32}{name:16}{numbers}{counts['right'] / max(1, counts['files']):>9.1%}")
    _time()


def _time() -> None:
    for name, make in (("interviews", interviews), ("daily news", daily_news)):
        rng = Random(1)
        files, items, _, _ = files_and_items(troubled(make(rng, 2000), Trouble(), rng))
        started = time.perf_counter()
        matched = len(match_episodes(files, items, zone=ZONE, show_titles=["The Show"]).matches)
        took = time.perf_counter() - started
        print(f"{len(files)} files × {len(items)} items of {name}: {matched} matched in {took:.2f} s")


if __name__ == "__main__":
    main()
