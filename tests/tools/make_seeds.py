"""Make the sample content again: the trailer's sound, its episode file, the pictures.

Run it from anywhere; files go below the repository root, or below the folder named:

    apt-get install espeak-ng sox ffmpeg librsvg2-bin fonts-quicksand
    pip install pillow pyyaml
    python tests/tools/make_seeds.py [folder]

Every sentence is spoken into a file of its own and placed by counting samples, so the
times in the episode file and in ``tests/data/trailer_truth.json`` are exact. The same
versions of the tools write the same bytes again.
"""

import json
import math
import re
import subprocess
import sys
import tempfile
import wave
from array import array
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import yaml
from PIL import Image

SLUG = "welcome-to-the-seed-show"
TITLE = "Welcome to The Seed Show"
VOICES = {"Robin": "en-us", "Fern": "en-gb-x-rp+f3"}
SPEED_WPM = 155
RATE = 44_100  # samples a second
QUIET = 200  # samples below this (-44 dBFS) are not speech
SPEECH_RMS = 3_000.0  # level of every sentence in the mix, before the last gain
LOUDNESS_LUFS = -16.0
LEAD_MS = 100  # silence between a chapter's start, a whole second, and its first word
PAUSE_MS = {"sentence": 380, "speaker": 500}  # at least
CHIME_HZ = (392.00, 523.25, 659.25, 783.99)  # G4, C5, E5, G5


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's paragraph; ``chapter`` is the title of the chapter it opens."""

    who: str
    sentences: tuple[str, ...]
    chapter: str | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """One sentence and where it lies in the sound."""

    text: str
    speaker: str
    start_ms: int
    end_ms: int


OPENING = (
    "Welcome to The Seed Show, the sample podcast that ships with feedbuilder.",
    "With me today is Dr. Fern Sprout.",
)
QUESTION = ("Hello, Robin!", "So, what grows from 1 episode file?")
ANSWER = ("Three things: an RSS feed, chapters to skip through, and captions to read.",)
LONG = (
    "And when a sentence runs long, with clauses that wander off, pause for breath, "
    "and find their way home, the captions stay in step with the sound.",
)
CLOSING = ("Ready?", "Add your own episodes, then run feedbuilder again.")
TURNS = (
    Turn("Robin", OPENING, chapter="Welcome to the Show"),
    Turn("Fern", QUESTION, chapter="What Grows from One File"),
    Turn("Robin", ANSWER),
    Turn("Fern", LONG, chapter="When Sentences Run Long"),
    Turn("Robin", CLOSING, chapter="Plant Your Own"),
    Turn("Fern", ("Happy planting!",)),
)
BODY = """
## What this episode shows

This trailer ships with feedbuilder, so that the first run has sound to work with:

* an item in the feed with an enclosure, a licence and a soundbite
* chapters that begin where the sound begins them
* captions and a transcript, one voice at a time

Both voices come from a speech synthesiser,
[espeak-ng](https://github.com/espeak-ng/espeak-ng){:target="_blank"}.
"""

NIGHT, PINE, LEAF, CREAM = "#0F3D35", "#0F6B4C", "#2C9A58", "#FFF4DA"
AMBER, STRAW, CORAL, BLUSH = "#FFBF3F", "#FFD678", "#FF7A50", "#FF9A74"
SHAPES = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000">
<style>
  .line {{fill: none; stroke: {NIGHT}; stroke-linecap: round}}
  text {{fill: {CREAM}; stroke: {CREAM}; stroke-width: .056em; stroke-linejoin: round;
        font-family: Quicksand; font-weight: 700; text-anchor: middle}}
</style>
<defs>
  <clipPath id="below"><circle cx="500" cy="2485" r="2000"/></clipPath>
  <g id="hill" clip-path="url(#below)">
    <circle cx="500" cy="560" r="999" fill="{NIGHT}"/>
    <circle cx="500" cy="560" r="470" fill="#124740"/>
    <circle cx="500" cy="560" r="340" fill="#16534A"/>
    <circle cx="500" cy="560" r="215" fill="#1B6055"/>
  </g>
  <g id="leaf">
    <path d="M494 398C470 190 620 40 940 105C860 255 725 445 494 398Z"/>
    <path d="M567 292v30M627 220v100M690 152v150M754 132v110M818 142v36"
      class="line" style="stroke: {CREAM}" stroke-width="30"/>
  </g>
  <g id="leaves">
    <use href="#leaf" fill="{PINE}" transform="matrix(-1 0 0 1 1000 0)"/>
    <use href="#leaf" fill="{LEAF}"/>
    <path d="M500 384v136" class="line" stroke-width="52"/>
  </g>
  <path id="seed" d="M500 440C530 500 596 535 596 592C596 632 556 654 500 654
    C444 654 404 632 404 592C404 535 470 500 500 440Z"/>
</defs>
"""
COVER = f"""<rect width="1000" height="1000" fill="{AMBER}"/>
<circle cx="500" cy="345" r="315" fill="{STRAW}"/><use href="#hill"/>
<use href="#leaves"/><use href="#seed" fill="{CORAL}"/>
<text x="500" y="802" font-size="182">The Seed</text>
<text x="500" y="954" font-size="182">Show</text></svg>"""
TRAILER = f"""<rect width="1000" height="1000" fill="{CORAL}"/>
<circle cx="500" cy="345" r="315" fill="{BLUSH}"/><use href="#hill"/>
<use href="#leaves" transform="translate(200 161) scale(.6)"/>
<use href="#seed" fill="{AMBER}" transform="translate(-50 -44) scale(1.1)"/>
<text x="500" y="842" font-size="184">Welcome</text>
<text x="500" y="946" font-size="82">to The Seed Show</text></svg>"""
HOST = f"""<rect width="1000" height="1000" fill="{AMBER}"/>
<circle cx="500" cy="520" r="400" fill="{STRAW}"/>
<use href="#seed" fill="{CORAL}" transform="translate(-1000 -1126) scale(3)"/>
<path d="M210 600C210 60 790 60 790 600M410 570v34M590 570v34"
  class="line" stroke-width="52"/>
<path d="M210 560v130M790 560v130" class="line" stroke-width="120"/>
<path d="M430 700C460 750 540 750 570 700" class="line" stroke-width="34"/></svg>"""
GUEST = f"""<rect width="1000" height="1000" fill="#A9DDB4"/>
<circle cx="500" cy="520" r="400" fill="#D3F0D2"/>
<use href="#leaves" transform="translate(100 102) scale(.8)"/>
<circle cx="500" cy="670" r="230" fill="{AMBER}"/>
<path d="M415 610v34M585 610v34" class="line" stroke-width="46"/>
<path d="M412 755v8M456 741v36M500 724v70M544 741v36M588 755v8"
  class="line" stroke-width="22"/></svg>"""


def run(folder: Path, command: str, *words: str) -> str:
    """Run a tool in a folder, ``words`` after its options; return what it reported."""
    line = [*command.split(), *words]
    done = subprocess.run(line, cwd=folder, check=True, capture_output=True, text=True)
    return done.stderr


def say(turn: Turn, text: str, folder: Path) -> list[float]:
    """Return one spoken sentence at the common level, without silence at its ends."""
    words = text.replace("Dr. ", "Doctor ")  # espeak-ng would stop at the full stop
    run(folder, f"espeak-ng -v {VOICES[turn.who]} -s {SPEED_WPM} -w raw.wav", words)
    soften = "bass +2 treble -3 5000 compand .002,.05 -50,-50,-30,-22,0,-14"
    run(folder, f"sox -D -v .6 raw.wav -r {RATE} -b 16 even.wav highpass 80 {soften}")
    with wave.open(str(folder / "even.wav")) as file:
        samples = array("h", file.readframes(file.getnframes()))
    loud = [i for i, sample in enumerate(samples) if abs(sample) >= QUIET]
    gain = SPEECH_RMS / math.sqrt(sum(samples[i] ** 2 for i in loud) / len(loud))
    return [sample * gain for sample in samples[loud[0] : loud[-1] + 1]]


def chime(notes: Iterable[float]) -> list[float]:
    """Return a soft bell figure, a second and a half long."""
    sound = [0.0] * (RATE * 3 // 2)
    for place, hertz in enumerate(notes):
        first = int(place * 0.14 * RATE)
        for i in range(first, len(sound)):
            t = (i - first) / RATE
            turns = 2 * math.pi * hertz * t
            bell = math.sin(turns) + 0.2 * math.sin(4 * turns) * math.exp(-t / 0.06)
            fade = min(1.0, (len(sound) - i) / (0.3 * RATE))
            sound[i] += 1_500 * bell * min(1.0, t / 0.008) * math.exp(-t / 0.22) * fade
    return sound


def record(folder: Path) -> tuple[list[Spoken], list[float]]:
    """Speak the whole script; return its sentences in order, and the mix."""
    mix = chime(CHIME_HZ)
    spoken: list[Spoken] = []
    for turn in TURNS:
        for place, text in enumerate(turn.sentences):
            pause = PAUSE_MS["sentence" if place else "speaker"]
            start = len(mix) + pause * RATE // 1000
            if turn.chapter and not place:
                start = -(-start // RATE) * RATE + LEAD_MS * RATE // 1000
            mix.extend([0.0] * (start - len(mix)))
            mix.extend(say(turn, text, folder))
            start_ms, end_ms = (round(at * 1000 / RATE) for at in (start, len(mix)))
            spoken.append(Spoken(text, turn.who, start_ms, end_ms))
    mix.extend([0.0] * (RATE * 2 // 5) + chime(reversed(CHIME_HZ)))
    mix.extend([0.0] * (-len(mix) % RATE))
    return spoken, mix


def encode(mix: list[float], folder: Path) -> bytes:
    """Bring the mix to its loudness and return it as an MP3 file."""
    with wave.open(str(folder / "mix.wav"), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", "not compressed"))
        file.writeframes(array("h", map(round, mix)).tobytes())
    gain, level = 0.0, ""
    for _ in range(4):  # the limiter takes some of each gain back
        level = f"volume={gain:.1f}dB,alimiter=limit=.84:level=false:latency=true"
        said = run(folder, f"ffmpeg -i mix.wav -af {level},ebur128 -f null -")
        gain += LOUDNESS_LUFS - float(re.findall(r"I: +(-[\d.]+) LUFS", said)[-1])
    coding = f"-af {level} -ar {RATE} -c:a libmp3lame -b:a 64k -id3v2_version 3"
    plainly = "-map_metadata -1 -fflags +bitexact -flags:a +bitexact"
    tags = (f"title={TITLE}", "artist=The Seed Show", "album=The Seed Show")
    named = [word for tag in tags for word in ("-metadata", tag)]
    run(folder, f"ffmpeg -i mix.wav {coding} {plainly}", *named, "trailer.mp3")
    return (folder / "trailer.mp3").read_bytes()


def episode(spoken: list[Spoken], seconds: int) -> str:
    """Return the trailer's episode file, in step with the sound."""
    transcript: list[dict[str, str | int]] = []
    marks: list[tuple[str, int]] = []
    starts = {one.text: one.start_ms for one in spoken}
    for turn in TURNS:
        second = starts[turn.sentences[0]] // 1000
        if turn.chapter:
            marks.append((turn.chapter, second if marks else 0))
            transcript.append({"header": turn.chapter})
        clock = f"{second // 60}:{second % 60:02}"
        line = " ".join(turn.sentences)
        transcript.append({"line": line, "sec": second, "time": clock, "who": turn.who})
    ends = [start for _, start in marks[1:]] + [seconds]
    pairs = zip(marks, ends, strict=True)
    clips = [{"name": n, "startOffset": a, "endOffset": b} for (n, a), b in pairs]
    bite = {"start": ends[0], "duration": ends[2] - ends[0]}
    front = {
        "title": TITLE,
        "short": "A Trailer from One File",
        "type": "trailer",
        "season": 1,
        "guid": "3f0c1a52-6d0e-5f43-9a37-0d6d5cf1c2b7",
        "hosts": ["seedhost"],
        "guests": ["fernsprout"],
        "image": f"images/{SLUG}.jpg",
        "audio": f"{SLUG}.mp3",
        "license": "cc-by-4.0",
        "description": "What feedbuilder makes of one episode file, in half a minute.",
        "topics": ["podcasting", "RSS", "captions"],
        "intro": "What grows from one episode file? Robin Seed and Fern Sprout open "
        "The Seed Show, the sample podcast that ships with feedbuilder. <br><br> "
        "The captions then have one very long sentence to keep up with.",
        "dateadded": date(2025, 1, 15),
        "duration": f"PT{seconds}S",
        "quotableClips": clips,
        "soundbites": [{**bite, "title": "Three things grow"}],
        "transcript": transcript,
    }
    matter = yaml.safe_dump(front, sort_keys=False, allow_unicode=True, width=80)
    matter = re.sub(r"time: (\d+:\d\d)\n", r"time: '\1'\n", matter)
    return f"---\n{matter}---\n{BODY}"


def paint(drawing: str, pixels: int, folder: Path) -> bytes:
    """Return a drawing as a square RGB JPEG of 72 dpi."""
    (folder / "drawing.svg").write_text(SHAPES + drawing, encoding="utf-8")
    run(folder, f"rsvg-convert -w {pixels} -h {pixels} -o drawing.png drawing.svg")
    picture = Image.open(folder / "drawing.png").convert("RGB")
    jpeg = folder / "drawing.jpg"
    picture.save(jpeg, quality=86, subsampling=0, optimize=True, dpi=(72, 72))
    return jpeg.read_bytes()


def main() -> None:
    """Make every file, then write them all and name each with its size."""
    root = Path(sys.argv[1] if sys.argv[1:] else Path(__file__).resolve().parents[2])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        spoken, mix = record(folder)
        truth = json.dumps([asdict(one) for one in spoken], indent=2)
        files = {
            f"seeds/audio/{SLUG}.mp3": encode(mix, folder),
            f"seeds/episodes/{SLUG}.md": episode(spoken, len(mix) // RATE).encode(),
            "seeds/artwork.jpg": paint(COVER, 3000, folder),
            f"seeds/images/{SLUG}.jpg": paint(TRAILER, 1400, folder),
            "seeds/images/authors/seedhost.jpg": paint(HOST, 400, folder),
            "seeds/images/authors/fernsprout.jpg": paint(GUEST, 400, folder),
            "tests/data/trailer_truth.json": f"{truth}\n".encode(),
        }
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
        print(f"{len(content):>8} {path}")


if __name__ == "__main__":
    main()
