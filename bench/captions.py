"""Measure the caption estimate on a benchmark of transcripts whose true word times are known.

Usage: python bench/captions.py BENCHMARK [OUTPUT]. The benchmark folder holds `records/*.md` and `score.py`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from feedbuilder.captions import VTT_LAYOUT, make_cues, time_words
from feedbuilder.model import Cue, Transcript, TranscriptLine


def read_record(path: Path) -> Transcript:
    """Read the transcript in the front matter of an episode's record."""
    front = path.read_text(encoding="utf-8").split("\n---", 1)[0].removeprefix("---")
    record = yaml.load(front, Loader=yaml.CSafeLoader)
    return Transcript(
        lines=tuple(
            TranscriptLine(
                text=str(entry["line"]),
                speaker=entry.get("who"),
                start_ms=None if entry.get("sec") is None else int(entry["sec"]) * 1000,
            )
            for entry in record["transcript"]
            if "line" in entry
        ),
        language=record.get("language", "en"),
    )


def vtt(cues: tuple[Cue, ...]) -> str:
    """Write cues as WebVTT."""
    cards = (
        f"{stamp(cue.start_ms)} --> {stamp(cue.end_ms)}\n<v {cue.speaker}>{escape(chr(10).join(cue.lines))}\n"
        for cue in cues
    )
    return "\n".join(("WEBVTT\n", *cards))


def stamp(ms: int) -> str:
    """Write a time as WebVTT does."""
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def escape(text: str) -> str:
    """Escape what WebVTT reserves."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def caption_all(records: list[Path], output: Path) -> None:
    """Write captions of every record and print what it cost."""
    transcripts = {path.stem: read_record(path) for path in records}
    began = time.process_time()
    captions = {name: make_cues(time_words(transcript), VTT_LAYOUT) for name, transcript in transcripts.items()}
    spent_ms = (time.process_time() - began) * 1000
    for name, cues in captions.items():
        (output / f"{name}.vtt").write_text(vtt(cues), encoding="utf-8")
    print(f"{len(captions)} episodes, {spent_ms:.0f} ms CPU, {spent_ms / len(captions):.1f} ms each")


def score(benchmark: Path, output: Path, by: str) -> dict[str, object]:
    """Run the benchmark's own scorer."""
    command = [sys.executable, benchmark / "score.py", "--all", output, "--split", "dev", "--by", by]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, object] = json.loads(done.stdout)
    return result


def main() -> None:
    """Caption the benchmark's records, score them, print a table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("benchmark", type=Path)
    arguments.add_argument("output", type=Path, nargs="?")
    options = arguments.parse_args()
    output = options.output or Path(tempfile.mkdtemp())
    output.mkdir(parents=True, exist_ok=True)
    caption_all(sorted(options.benchmark.glob("records/*.md")), output)
    print(json.dumps(score(options.benchmark, output, "source"), indent=1))


if __name__ == "__main__":
    main()
