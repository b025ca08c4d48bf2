"""Every kind of fault feedbuilder can name: its stable code, what it costs, the directories' rule behind it, and why.

The codes are for filters and for searching docs/problems.md, which is written from this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from feedbuilder.errors import Place, Problem, Severity

MAX_MESSAGE = 400
_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE


class Kind(NamedTuple):
    """One kind of fault."""

    severity: Severity
    meaning: str
    rule: str | None = None  # what directories, players or specs demand, by the numbers of docs/rules.md


CATALOGUE: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        # the file as a whole
        "unreadable-file": Kind(_E, "The file system would not give the file."),
        "file-too-large": Kind(_E, "The file is larger than any episode's text; something else is in it."),
        "not-utf8": Kind(_E, "The file is in another encoding than UTF-8."),
        "not-text": Kind(_E, "The file is no text: sound, a picture, a document, or damaged, with NUL bytes in it."),
        "forbidden-character": Kind(_W, "A control character that XML cannot carry was replaced by U+FFFD.", "X3"),
        "no-front-matter": Kind(_N, "The file has no YAML header, so it is a page and no episode."),
        "front-matter-not-opened": Kind(_E, "Fields stand at the top of the file, but no --- line above them."),
        "toml-front-matter": Kind(_E, "The header is TOML, which Hugo reads and feedbuilder does not."),
        "text-before-front-matter": Kind(_E, "A header must start on the first line, or site generators miss it too."),
        "front-matter-not-closed": Kind(_E, "The header has no closing --- line."),
        "no-fields": Kind(_E, "The header is a list or bare text, not `name: value` lines."),
        # YAML
        "yaml-syntax": Kind(_E, "The header is not YAML at the place shown."),
        "yaml-duplicate-key": Kind(_E, "A field stands twice; YAML readers keep one, and not all the same one."),
        "yaml-alias": Kind(_E, "Aliases (*name) can blow a small file up to gigabytes, so they are not read."),
        "yaml-merge": Kind(_E, "Merge keys (<<) are not read, for the same reason."),
        "yaml-tag": Kind(_E, "A tag asks for a type other than text; in some programs that runs code."),
        "yaml-key": Kind(_E, "A field's name is a list or mapping; usually an unquoted { or [ stands in a value."),
        "yaml-many-documents": Kind(_E, "The file holds more than one YAML document."),
        "yaml-too-deep": Kind(_E, "Lists and mappings nest deeper than any episode needs."),
        "yaml-too-long": Kind(_E, "The header holds more values than any episode has."),
        # withheld on purpose
        "hidden-file": Kind(_N, "Names that start with _ are hidden, as in Jekyll and Hugo."),
        "other-kind": Kind(_N, "A page of HTML with front matter; episodes are Markdown or YAML."),
        "template": Kind(_N, "The title is a {{ placeholder }}: a file to copy, not an episode."),
        "draft": Kind(_N, "The file says draft: true."),
        "unpublished": Kind(_N, "The file says published: false."),
        "expired": Kind(_N, "The file's expiryDate is past."),
        "scheduled": Kind(_N, "The episode's time has not come yet."),
        # fields
        "misspelt-field": Kind(_W, "An unknown field is nearly the name of a known one that the file lacks."),
        "missing-field": Kind(_W, "An entry lacks something it cannot do without, and is left out."),
        "wrong-type": Kind(_W, "A list stands where one value is wanted, or the other way round; left out."),
        "empty-value": Kind(_W, "A field is there without a value."),
        "not-a-number": Kind(_W, "A number is wanted; left out.", "I11"),
        "not-a-flag": Kind(_W, "true or false is wanted; left out.", "I10"),
        "bad-date": Kind(_W, "The date cannot be read, or can be read in two ways; left out.", "I6"),
        "bad-duration": Kind(_W, "The duration or position cannot be read; left out.", "I8"),
        "bad-episode-type": Kind(_W, "An episode is full, trailer or bonus.", "I13"),
        "bad-language": Kind(_W, "Directories take ISO 639 codes with an optional region.", "P1"),
        "bad-url": Kind(_W, "Not a web address listeners could open; left out.", "U1"),
        "placeholder": Kind(_W, "A value such as TODO only keeps a place; left out.", "U1"),
        "template-tag": Kind(_W, "Only the site generator can fill in {% … %} and {{ … }}; left out of the notes."),
        "media-left-out": Kind(_N, "Apps show no pictures and players in notes."),
        # identity, dates, numbers
        "no-date": Kind(_E, "Nothing says when the episode came out, and feeds are sorted by that.", "I6"),
        "no-identity": Kind(_E, "Nothing lasting identifies the episode; to apps, a new guid is a new episode.", "I5"),
        "bad-guid": Kind(_W, "The guid is longer than directories keep; the next id is used.", "I5"),
        "doubled-id": Kind(_W, "Two episodes declare the same id; it identifies neither, others are used.", "I5"),
        "identity-conflict": Kind(_E, "The ledger knows the ids of one file as those of different episodes.", "I5"),
        "renamed": Kind(_N, "The ledger knows the episode under another file name; its guid stays."),
        "date-frozen": Kind(_N, "The file's date is not when the episode came out; apps know that one, so it stays."),
        "kept": Kind(_N, "The file broke after the episode was published; what is out of it stays."),
        "guid-differs": Kind(_W, "The host's feed has another guid than the file or the ledger; ours stays.", "I5"),
        "host-only": Kind(_W, "An item of the host's feed is in no file; a feed made of the files would lose it."),
        "not-at-host": Kind(_N, "An episode that the host's feed does not have."),
        "doubtful-match": Kind(_W, "Which item of the host's feed an episode is, is for its owner to say."),
        "host-picture": Kind(_W, "An episode's own picture is at the host only; a feed of the files would lose it."),
        "host-locked": Kind(_N, "The host's feed says that it may not be imported elsewhere."),
        "ledger": Kind(_E, "A line of feedbuilder.lock cannot be read."),
        "doubled-slug": Kind(_E, "Two episodes would write the same files."),
        "doubled-number": Kind(_W, "Two full episodes share season and number; Apple shows one of them.", "I15b"),
        # audio
        "missing-audio": Kind(_W, "Nothing knows the episode's audio; Apple and Podcast Index skip such items.", "I2"),
        "audio-not-found": Kind(_W, "The episode names a local audio file that is not there.", "I3"),
        "audio-broken": Kind(_W, "The audio file cannot be opened.", "M2"),
        "audio-type": Kind(_W, "The file's ending, its type and what is inside do not agree.", "I3b"),
        "audio-ending": Kind(_W, "Apple judges by the ending of the audio's address.", "I3c"),
        "audio-length": Kind(_W, "Directories want the size of the audio file in bytes.", "I4"),
        "doubled-audio": Kind(_W, "Two episodes have the same audio address; both are kept.", "I15"),
        "audio-table": Kind(_W, "A row of the audio table cannot be used."),
        "audio-table-unused": Kind(_N, "A row of the audio table names no episode that is out or due."),
        "audio-not-online": Kind(_W, "The server did not give the audio; what was known of it before stays.", "I3"),
        "duration-differs": Kind(_W, "Declared and measured length differ by more than 2 %.", "M3"),
        "no-duration": Kind(_N, "There is audio, and nothing says how long it is.", "I8"),
        "declared-too-short": Kind(_N, "The declared duration ends before the last chapter or line does."),
        # people, pictures, small things
        "unknown-person": Kind(_W, "A guest or host is named by a key that no people page has.", "P4"),
        "unknown-role": Kind(_W, "The role or group is not in the podcast taxonomy.", "P4b"),
        "no-artwork": Kind(_W, "Directories refuse a show without artwork.", "C7"),
        "picture-not-found": Kind(_W, "A picture the archive refers to is not there.", "A1"),
        "picture-broken": Kind(_W, "A picture cannot be opened, or is unreasonably large.", "A1"),
        "picture-not-artwork": Kind(_N, "A picture that is not square, or is too small, is no itunes:image.", "A3"),
        "soundbite": Kind(_W, "A soundbite must lie inside the episode.", "P7"),
        "unknown-license": Kind(_W, "A licence that is not on the list needs the URL of its text.", "P11"),
        "number-not-for-apple": Kind(_N, "Apple takes whole numbers from 1 up; only other apps are told.", "I11"),
        "unnumbered-serial": Kind(_W, "In a serial show every full episode needs its number.", "I14"),
        # chapters and transcripts
        "chapter-beyond-end": Kind(_W, "A chapter starts after the measured end of the audio.", "CH7"),
        "chapter-end": Kind(_N, "A chapter's end contradicts its own or the next start; it is left out.", "CH8"),
        "doubled-chapter": Kind(_W, "Two chapters start at the same moment; the first is kept.", "CH6"),
        "heading-without-time": Kind(_N, "A transcript heading has no time that fits between its neighbours'.", "CH6"),
        "not-aligned": Kind(_N, "Captions were to follow the sound, which does not fit the words or has no pauses."),
        "no-words": Kind(_E, "A file that subtitles were to be made of has no words."),
        "transcript-file": Kind(_W, "The transcript file that the episode names is not there, or lies elsewhere."),
        "transcript-shape": Kind(_W, "The transcript is not a list of lines, or its file is not one of words."),
        "transcript-item": Kind(_W, "An entry of the transcript has neither words nor a heading."),
        "transcript-time": Kind(_W, "A time in the transcript cannot be read; it is estimated."),
        "audio-offset": Kind(_W, "The transcript goes on after the audio ends: it keeps another clock.", "T6"),
        "transcript-irregular": Kind(_N, "Lines without a time, or with one that steps back; they are estimated."),
        "transcript-twice": Kind(_N, "Paragraphs stand twice in a row, the first time bare; each is published once."),
        "speaker-holds-text": Kind(_W, "The words of a line slipped into its speaker field."),
        # config and the show
        "config-value": Kind(_E, "A setting cannot be used as it stands."),
        "no-episodes": Kind(_W, "A feed without items is refused by every directory.", "C16"),
        # the host's feed
        "host-feed-unusable": Kind(_E, "The host's feed cannot be read as a whole, so nothing is taken from it."),
        "host-feed": Kind(_W, "Something about the host's feed as a whole is wrong, and was read as it must be meant."),
        "host-item": Kind(_W, "An item of the host's feed lacks its title, or stands where items do not belong."),
        "host-date": Kind(_W, "An item's date is missing, has no meaning, or was read with a doubt."),
        "host-guid": Kind(_W, "An item's guid is missing or not its own; apps tell episodes apart by it."),
        "host-enclosure": Kind(_W, "An item has no audio, or its type, length or address is not as it should be."),
        "host-value": Kind(_W, "A value in the host's feed cannot be read; left out."),
        # matching with the host's feed
        "decision-clash": Kind(_E, "Two rows of the review table contradict each other, so neither is used."),
        "decision-unknown": Kind(_W, "A row of the review table names a file or guid that is not there (any more)."),
        "review-row": Kind(_W, "A row of the review table cannot be used as it stands; the others are."),
        "review-table": Kind(_E, "The review table cannot be read as a table."),
    }
)  # fmt: skip


def problem(code: str, place: Place, message: str, remedy: str = "", *, severity: Severity | None = None) -> Problem:
    """Return a problem of a kind in the catalogue; `severity` overrides the kind's own."""
    kind = CATALOGUE[code]
    if len(message) > MAX_MESSAGE:  # a value quoted in it can be a whole file
        message = f"{message[: MAX_MESSAGE // 2]} … {message[-MAX_MESSAGE // 3 :]}"
    return Problem(code, severity or kind.severity, place, message, remedy, kind.rule)


def counted(number: int, noun: str) -> str:
    """Return a number of things as messages tell it.

    >>> counted(1, "row"), counted(2, "row")
    ('1 row', '2 rows')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"
