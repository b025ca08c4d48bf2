"""Measure the caption estimate on transcripts whose true word times are known.

Usage: python bench/captions.py BENCHMARK [OUTPUT]

The benchmark folder holds `records/*.md`, episodes with a transcript in their front matter, and `score.py`, which
compares captions with the truth. The captions are left in OUTPUT, a new temporary folder when it is not given.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from feedbuilder.captions import VTT_LAYOUT, make_cues, time_words
from feedbuilder.model import Cue, Transcript, TranscriptLine

WORD_COLUMNS = {
    "word_mean": "mean s",
    "word_median": "median",
    "word_p90": "90 %",
    "within_1": "<= 1 s",
    "cue_start_median": "cue start",
    "q_fast": "too fast",
}
QUALITY = ("q_short", "q_long", "q_fast", "q_long_line", "q_many_lines", "q_overlap", "q_backwards", "q_tight_gap")


def read_record(path: Path) -> Transcript:
    """Read the transcript in the front matter of a record."""
    _, front, _ = path.read_text(encoding="utf-8").split("---\n", 2)
    record = yaml.load(front, Loader=yaml.CSafeLoader)
    return Transcript(
        lines=tuple(
            TranscriptLine(entry["line"], entry.get("who"), None if "sec" not in entry else entry["sec"] * 1000)
            for entry in record["transcript"]
            if "line" in entry
        ),
        language=record.get("language", "en"),
    )


def as_vtt(cues: Sequence[Cue]) -> str:
    """Write cues as WebVTT."""
    cards = (
        f"{as_stamp(cue.start_ms)} --> {as_stamp(cue.end_ms)}\n<v {cue.speaker}>{escape(chr(10).join(cue.lines))}\n"
        for cue in cues
    )
    return "\n".join(("WEBVTT\n", *cards))


def as_stamp(ms: int) -> str:
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def caption_all(records: Sequence[Path], output: Path) -> None:
    """Write captions of every record and print what they cost."""
    transcripts = {path.stem: read_record(path) for path in records}
    began = time.process_time()
    captions = {name: make_cues(time_words(transcript), VTT_LAYOUT) for name, transcript in transcripts.items()}
    spent_ms = (time.process_time() - began) * 1000
    for name, cues in captions.items():
        (output / f"{name}.vtt").write_text(as_vtt(cues), encoding="utf-8")
    print(f"{len(captions)} episodes in {spent_ms:.0f} ms of CPU, {spent_ms / len(captions):.1f} ms each\n")


def score(benchmark: Path, output: Path, by: str) -> dict[str, Any]:
    """Run the benchmark's own scorer."""
    command = [sys.executable, str(benchmark / "score.py"), "--all", str(output), "--split", "all", "--by", by]
    result: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return result


def print_table(rows: dict[str, dict[str, Any]]) -> None:
    print(f"{'':18}{'files':>6}" + "".join(f"{title:>11}" for title in WORD_COLUMNS.values()))
    for name, row in rows.items():
        print(f"{name:18}{row['files']:>6}" + "".join(f"{row[key]:>11}" for key in WORD_COLUMNS))
    print()


def main() -> None:
    """Caption the benchmark's records, score them, print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("benchmark", type=Path)
    arguments.add_argument("output", type=Path, nargs="?")
    options = arguments.parse_args()
    output = options.output or Path(tempfile.mkdtemp(prefix="captions-"))
    output.mkdir(parents=True, exist_ok=True)
    caption_all(sorted(options.benchmark.glob("records/*.md")), output)
    by_source, by_language = score(options.benchmark, output, "source"), score(options.benchmark, output, "lang")
    print_table(by_source["groups"] | by_language["groups"] | {"all": by_source})
    print("share of cues", {key.removeprefix("q_"): by_source[key] for key in QUALITY})
    print("text lost", by_source["text_lost"], "added", by_source["text_added"])
    print("format problems", by_source["format_problems"] or "none")
    print(f"captions in {output}")


if __name__ == "__main__":
    main()
