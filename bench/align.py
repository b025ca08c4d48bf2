"""Measure how much the sound helps the captions, on speech whose word times are exact.

Usage: python bench/align.py [FOLDER]

The speech is made by espeak-ng (its library tells the time of every word), mixed with hiss or music and encoded by
ffmpeg. Every paragraph's start is then cut to whole seconds, and some are taken away or shared, as in an archive. The
audio is left in FOLDER, a new temporary folder when it is not given. The last rows are of files that do not belong to
their text: there the captions should stay as they were.
"""

from __future__ import annotations

import argparse
import ctypes
import ctypes.util
import subprocess
import tempfile
import time
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from feedbuilder.captions import Timing, time_words
from feedbuilder.captions.align import snap_to_speech
from feedbuilder.model import Transcript, TranscriptLine
from feedbuilder.source.sound import find_speech

Sound = NDArray[np.float64]

RATE_HZ = 22_050  # espeak-ng's own
ENGLISH = """\
Alice was beginning to get very tired of sitting by her sister on the bank, and of having nothing to do. Once or twice \
she had peeped into the book her sister was reading, but it had no pictures or conversations in it, "and what is the \
use of a book," thought Alice, "without pictures or conversations?" So she was considering in her own mind, as well as \
she could, for the hot day made her feel very sleepy and stupid, whether the pleasure of making a daisy chain would be \
worth the trouble of getting up and picking the daisies. Suddenly a White Rabbit with pink eyes ran close by her. \
There was nothing so very remarkable in that. Nor did Alice think it so very much out of the way to hear the Rabbit \
say to itself, "Oh dear! Oh dear! I shall be late!" When she thought it over afterwards, it occurred to her that she \
ought to have wondered at this, but at the time it all seemed quite natural. But when the Rabbit actually took a watch \
out of its waistcoat pocket, and looked at it, and then hurried on, Alice started to her feet. For it flashed across \
her mind that she had never before seen a rabbit with either a waistcoat pocket, or a watch to take out of it. Burning \
with curiosity, she ran across the field after it. Fortunately she was just in time to see it pop down a large rabbit \
hole under the hedge. In another moment down went Alice after it. Never once did she consider how in the world she was \
to get out again. The rabbit hole went straight on like a tunnel for some way, and then dipped suddenly down. Alice \
had not a moment to think about stopping herself before she found herself falling down a very deep well. Either the \
well was very deep, or she fell very slowly, for she had plenty of time as she went down to look about her and to \
wonder what was going to happen next. First, she tried to look down and make out what she was coming to, but it was \
too dark to see anything. Then she looked at the sides of the well, and noticed that they were filled with cupboards \
and book shelves. Here and there she saw maps and pictures hung upon pegs. She took down a jar from one of the shelves \
as she passed. It was labelled "Orange Marmalade", but to her great disappointment it was empty. She did not like to \
drop the jar for fear of killing somebody underneath, so managed to put it into one of the cupboards as she fell past \
it. Well! After such a fall as this, I shall think nothing of tumbling down stairs! How brave they will all think me \
at home! Why, I would not say anything about it, even if I fell off the top of the house! Down, down, down. Would the \
fall never come to an end? I wonder how many miles I have fallen by this time? I must be getting somewhere near the \
centre of the earth. Let me see: that would be four thousand miles down, I think. Yes, that is about the right \
distance."""
GERMAN = """\
In den alten Zeiten, wo das Wünschen noch geholfen hat, lebte ein König, dessen Töchter waren alle schön. Aber die \
jüngste war so schön, dass die Sonne selber, die doch so vieles gesehen hat, sich verwunderte, so oft sie ihr ins \
Gesicht schien. Nahe bei dem Schlosse des Königs lag ein großer dunkler Wald, und in dem Walde unter einer alten Linde \
war ein Brunnen. Wenn nun der Tag recht heiß war, so ging das Königskind hinaus in den Wald und setzte sich an den \
Rand des kühlen Brunnens. Und wenn sie Langeweile hatte, so nahm sie eine goldene Kugel, warf sie in die Höhe und fing \
sie wieder. Das war ihr liebstes Spielwerk. Nun trug es sich einmal zu, dass die goldene Kugel der Königstochter nicht \
in ihr Händchen fiel, das sie in die Höhe gehalten hatte, sondern vorbei auf die Erde schlug und geradezu ins Wasser \
hineinrollte. Die Königstochter folgte ihr mit den Augen nach. Aber die Kugel verschwand, und der Brunnen war tief, so \
tief, dass man keinen Grund sah. Da fing sie an zu weinen und weinte immer lauter und konnte sich gar nicht trösten. \
Und wie sie so klagte, rief ihr jemand zu: Was hast du vor, Königstochter? Du schreist ja, dass sich ein Stein \
erbarmen möchte. Sie sah sich um, woher die Stimme käme. Da erblickte sie einen Frosch, der seinen dicken, hässlichen \
Kopf aus dem Wasser streckte. Ach, du bist es, alter Wasserpatscher, sagte sie. Ich weine über meine goldene Kugel, \
die mir in den Brunnen hinabgefallen ist. Sei still und weine nicht, antwortete der Frosch. Ich kann wohl Rat \
schaffen. Aber was gibst du mir, wenn ich dein Spielwerk wieder heraufhole? Was du haben willst, lieber Frosch, sagte \
sie. Meine Kleider, meine Perlen und Edelsteine, auch noch die goldene Krone, die ich trage. Der Frosch antwortete: \
Deine Kleider, deine Perlen und Edelsteine und deine goldene Krone, die mag ich nicht. Aber wenn du mich lieb haben \
willst, und ich soll dein Geselle und Spielkamerad sein, so will ich hinuntersteigen und dir die goldene Kugel wieder \
heraufholen. Ach ja, sagte sie, ich verspreche dir alles, was du willst, wenn du mir nur die Kugel wiederbringst. Sie \
dachte aber: Was der einfältige Frosch schwätzt! Der sitzt im Wasser bei seinesgleichen und quakt und kann keines \
Menschen Geselle sein."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A text, and how it is read: by these voices in turn, so many words a minute, with pauses this much longer."""

    name: str
    language: str
    text: str
    voices: tuple[str, ...]
    speed_wpm: int
    pauses: float = 1.0
    hesitations: float = 0.03  # chance of a pause after a word that asks for none


READINGS = (
    Reading(name="en slow", language="en", text=ENGLISH, voices=("en-us",), speed_wpm=140, pauses=1.3),
    Reading(name="en two", language="en", text=ENGLISH, voices=("en-gb-x-rp+f3", "en-us+m3"), speed_wpm=165),
    Reading(name="en fast", language="en", text=ENGLISH, voices=("en-gb-scotland",), speed_wpm=200, pauses=0.7),
    Reading(name="de slow", language="de", text=GERMAN, voices=("de+f2",), speed_wpm=140, hesitations=0.06),
    Reading(name="de two", language="de", text=GERMAN, voices=("de", "de+f4"), speed_wpm=175),
)
JINGLE_S = 9.0
# Name, decibels of hiss and of music below the speech (None: none), and seconds between the jingle that opens the
# episode and the speech (None: no jingles; else one closes it, too).
Setting = tuple[str, float | None, float | None, float | None]
SETTINGS: tuple[Setting, ...] = (
    ("clean", None, None, None),
    ("jingles", 60, None, 1.0),
    ("hiss 40 dB", 40, None, None),
    ("hiss 30 dB", 30, None, None),
    ("hiss 20 dB", 20, None, None),
    ("hiss 10 dB", 10, None, None),
    ("music 30 dB", None, 30, None),
    ("music 20 dB", 50, 20, None),
    ("music 12 dB", 50, 12, None),
    ("jingles, run in", 60, None, 0.0),
)


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    """`espeak_EVENT` of speak_lib.h."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


class Voice:
    """The espeak-ng library: text in, samples and word times out."""

    WORD, SYNCHRONOUS, RATE, UTF8 = 1, 2, 1, 1

    def __init__(self) -> None:
        name = ctypes.util.find_library("espeak-ng")
        if name is None:
            raise SystemExit("bench/align.py needs espeak-ng: apt-get install espeak-ng")
        self.library = ctypes.CDLL(name)
        self.library.espeak_Initialize(self.SYNCHRONOUS, 0, None, 0)
        self.chunks: list[NDArray[np.int16]] = []
        self.events: list[tuple[int, int]] = []
        kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))
        self.callback = kind(self.take)  # kept: the library holds only a pointer
        self.library.espeak_SetSynthCallback(self.callback)

    def take(self, samples: ctypes._Pointer[ctypes.c_short], count: int, events: ctypes._Pointer[_Event]) -> int:
        if count and samples:
            self.chunks.append(np.ctypeslib.as_array(samples, (count,)).copy())
        place = 0
        while events[place].type:
            if events[place].type == self.WORD:
                self.events.append((events[place].text_position - 1, events[place].sample))
            place += 1
        return 0

    def say(self, text: str, voice: str, speed_wpm: int) -> tuple[Sound, dict[int, int]]:
        """Return the samples, and the first sample of every word by its place in the text."""
        self.chunks, self.events = [], []
        self.library.espeak_SetVoiceByName(voice.encode())
        self.library.espeak_SetParameter(self.RATE, speed_wpm, 0)
        raw = text.encode()
        self.library.espeak_Synth(raw, len(raw) + 1, 0, 1, 0, self.UTF8, None, None)
        return np.concatenate(self.chunks) / 32768, dict(self.events)


@dataclass(frozen=True, slots=True)
class Spoken:
    """An episode as it was spoken."""

    sound: Sound
    starts_ms: list[float | None]  # of every word; None where espeak-ng took it together with the one before
    lines: list[TranscriptLine]  # with exact starts


def speak(voice: Voice, reading: Reading, chance: Random, lead_s: float) -> Spoken:
    """Speak a text sentence by sentence, in turns of 40 to 80 seconds, with pauses as people make them."""
    sentences = reading.text.replace("! ", "!\n").replace("? ", "?\n").replace(". ", ".\n").split("\n")
    pieces: list[Sound] = [np.zeros(round(lead_s * RATE_HZ))]
    at = len(pieces[0])
    starts_ms: list[float | None] = []
    lines: list[tuple[int, list[str]]] = []
    turn_end = 0.0
    for sentence in sentences:
        if at / RATE_HZ > turn_end:
            silent = round(chance.lognormvariate(-0.1, 0.4) * reading.pauses * RATE_HZ) if lines else 0
            pieces.append(np.zeros(silent))
            at += silent
            turn_end = at / RATE_HZ + chance.uniform(35, 75)
            lines.append((round(at * 1000 / RATE_HZ), []))
        lines[-1][1].append(sentence)
        who = reading.voices[(len(lines) - 1) % len(reading.voices)]
        sound, words = voice.say(sentence, who, round(reading.speed_wpm * chance.uniform(0.88, 1.12)))
        loud = np.flatnonzero(np.abs(sound) > 0.003)
        cut, end = 0, int(loud[-1])
        place = 0
        for word in sentence.split():
            first = words.get(place)
            if first is not None and place and chance.random() < reading.hesitations and first < end:
                silent = round(chance.lognormvariate(-1.1, 0.5) * RATE_HZ)
                pieces += [sound[cut:first], np.zeros(silent)]
                at += first - cut + silent
                cut = first
            starts_ms.append(None if first is None else (at + max(first, int(loud[0])) - cut) * 1000 / RATE_HZ)
            place += len(word) + 1
        silent = round(chance.lognormvariate(-0.6, 0.5) * reading.pauses * RATE_HZ)
        pieces += [sound[cut:end], np.zeros(silent)]
        at += end - cut + silent
    return Spoken(
        np.concatenate(pieces),
        starts_ms,
        [
            TranscriptLine(" ".join(text), reading.voices[place % len(reading.voices)], start_ms)
            for place, (start_ms, text) in enumerate(lines)
        ],
    )


def blunt(lines: Sequence[TranscriptLine], chance: Random) -> Iterator[TranscriptLine]:
    """Cut the starts to whole seconds; one in seven is missing, one in ten is that of the line before."""
    before_ms: int | None = 0
    for place, line in enumerate(lines):
        start_ms = (line.start_ms or 0) // 1000 * 1000
        draw = chance.random() if place else 1.0
        before_ms = None if draw < 1 / 7 else before_ms if draw < 1 / 7 + 1 / 10 else start_ms
        yield line._replace(start_ms=before_ms)


def hiss(count: int, chance: Random) -> Sound:
    """Make noise that falls with frequency, as a room's does."""
    white = np.random.default_rng(chance.getrandbits(32)).standard_normal(count)
    spectrum = np.fft.rfft(white)
    spectrum /= np.sqrt(np.maximum(np.fft.rfftfreq(count, 1 / RATE_HZ), 100))
    return np.fft.irfft(spectrum, count)


def music(count: int, chance: Random) -> Sound:
    """Make plucked chords over a bass, two beats a second."""
    sound = np.zeros(count + 2 * RATE_HZ)
    seconds = np.arange(2 * RATE_HZ) / RATE_HZ
    for first in range(0, count, RATE_HZ // 2):
        root_hz = chance.choice((98.0, 110.0, 130.8, 146.8))
        for ratio in (0.5, 1, 1.25, 1.5, 2):
            for overtone in (1, 2, 3):
                tone = np.sin(2 * np.pi * root_hz * ratio * overtone * seconds) / overtone**1.5
                sound[first : first + len(seconds)] += tone * np.exp(-seconds / (0.9 / overtone))
    return sound[:count]


def mix(spoken: Spoken, setting: Setting, chance: Random) -> Sound:
    """Mix what is below the speech into it."""
    _, hiss_db, music_db, pause_s = setting
    voice = spoken.sound
    speech_rms = float(np.sqrt(np.mean(voice[np.abs(voice) > 0.003] ** 2)))
    sound = voice.copy()
    for below_db, make in ((hiss_db, hiss), (music_db, music)):
        if below_db is not None:
            other = make(len(voice), chance)
            sound += other * (speech_rms * 10 ** (-below_db / 20) / np.sqrt(np.mean(other**2)))
    if pause_s is not None:
        for first, last in ((0, round(JINGLE_S * RATE_HZ)), (len(sound) - 4 * RATE_HZ, len(sound))):
            jingle = music(last - first, chance)
            sound[first:last] += jingle * (speech_rms / np.sqrt(np.mean(jingle**2)))
    return sound


def write_mp3(sound: Sound, file: Path) -> None:
    """Encode the sound as an MP3 file of 64 kbit/s."""
    plain = file.with_suffix(".wav")
    with wave.open(str(plain), "wb") as out:
        out.setparams((1, 2, RATE_HZ, 0, "NONE", "not compressed"))
        out.writeframes((sound / np.abs(sound).max() * 30000).astype("<i2").tobytes())
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", plain, "-ar", "44100", "-b:a", "64k", file], check=True)
    plain.unlink()


def errors_s(timing: Timing, spoken: Spoken) -> list[float]:
    """Say how far every word's start is from where it was spoken."""
    pairs = zip(timing.starts_ms, spoken.starts_ms, strict=True)
    return [abs(start - true) / 1000 for start, true in pairs if true is not None]


def print_row(name: str, before: Sequence[float], after: Sequence[float], changed: int, of: int, cpu_s: float) -> None:
    figures = [figure for errors in (before, after) for figure in summary(errors)]
    print(f"{name:16}" + "".join(f"{figure:8.2f}" for figure in figures) + f"{changed:6}/{of}{cpu_s:9.2f}")


def summary(errors: Sequence[float]) -> tuple[float, float, float]:
    ordered = sorted(errors)
    return sum(ordered) / len(ordered), ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.9)]


def main() -> None:
    """Make the audio, time its words without and with the sound, print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path, nargs="?")
    folder = arguments.parse_args().folder or Path(tempfile.mkdtemp(prefix="align-"))
    folder.mkdir(parents=True, exist_ok=True)
    voice = Voice()
    print(f"{'':16}{'before':>24}{'after':>24}\n{'':16}" + f"{'mean s':>8}{'median':>8}{'90 %':>8}" * 2, end="")
    print(f"{'moved':>8}{'CPU s/h':>9}")
    files: list[tuple[Path, Timing, Spoken]] = []
    for setting in (*SETTINGS, None):
        before: list[float] = []
        after: list[float] = []
        changed = 0
        cpu_s = length_s = 0.0
        for place, reading in enumerate(READINGS):
            if setting is None:  # the words of one reading with the sound of another
                file, timing, spoken = files[(place + 2) % len(READINGS)][0], *files[place][1:]
            else:
                chance = Random(f"{reading.name} {setting[0]}")
                lead_s = chance.uniform(0.2, 3) if setting[3] is None else JINGLE_S + setting[3]
                spoken = speak(voice, reading, chance, lead_s)
                file = folder / f"{reading.name} {setting[0]}.mp3".replace(",", "").replace(" ", "-")
                write_mp3(mix(spoken, setting, chance), file)
                lines = tuple(blunt(spoken.lines, chance))
                length_ms = len(spoken.sound) * 1000 // RATE_HZ
                transcript = Transcript(lines=lines, language=reading.language)
                timing = time_words(transcript, duration_ms=length_ms)
                if setting is SETTINGS[0]:
                    files.append((file, timing, spoken))
            began = time.process_time()
            heard = snap_to_speech(replace(timing), find_speech(file))
            cpu_s += time.process_time() - began
            length_s += len(spoken.sound) / RATE_HZ
            before += errors_s(timing, spoken)
            after += errors_s(heard.timing, spoken)
            changed += heard.timing != timing
        name = "wrong file" if setting is None else setting[0]
        print_row(name, before, after, changed, len(READINGS), cpu_s * 3600 / length_s)


if __name__ == "__main__":
    main()
