"""What a short script of one's own does in Python: feedgen, PyYAML with its C loader, and nothing checked.

Usage: python feedgen_yaml.py EPISODES OUTPUT [--without-captions]
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import yaml
from feedgen.feed import FeedGenerator

SITE = "https://show.example/"


def read_episodes(folder: Path) -> list[dict[str, Any]]:
    """Return the front matter of every episode with its slug and body, newest first."""
    episodes = []
    for file in folder.glob("*.md"):
        _, front, body = file.read_text("utf-8").split("---\n", 2)
        episodes.append({**yaml.load(front, Loader=yaml.CSafeLoader), "slug": file.stem, "body": body})
    return sorted(episodes, key=published, reverse=True)


def published(episode: dict[str, Any]) -> datetime:
    """Return when an episode came out; a date alone is midnight."""
    said = episode["dateadded"]
    moment = said if isinstance(said, datetime) else datetime.combine(said, time())
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def feed(episodes: list[dict[str, Any]]) -> bytes:
    """Return the RSS feed."""
    channel = FeedGenerator()
    channel.load_extension("podcast")
    channel.title("A Show")
    channel.link(href=SITE)
    channel.description("What it is about.")
    channel.language("en")
    for episode in episodes:
        item = channel.add_entry(order="append")
        item.guid(next(iter(episode["ids"].values())), permalink=False)
        item.title(episode["title"])
        item.link(href=f"{SITE}{episode['slug']}.html")
        item.published(published(episode))
        item.description(episode.get("intro") or episode.get("description") or "")
        item.content(episode["body"], type="CDATA")
        audio = episode["audio"]
        item.enclosure(audio["url"], str(audio["length"]), audio["type"])
        item.podcast.itunes_duration(audio["duration"])
        item.podcast.itunes_season(episode["season"])
        item.podcast.itunes_episode(episode["episode"])
    written: bytes = channel.rss_str(pretty=True)
    return written


def chapters(clips: list[dict[str, Any]]) -> str:
    """Return Podcasting 2.0 chapters."""
    entries = [{"startTime": clip["startOffset"], "title": clip["name"], "url": clip.get("url")} for clip in clips]
    return json.dumps({"version": "1.2.0", "chapters": entries}, ensure_ascii=False, indent=2)


def captions(transcript: list[dict[str, Any]]) -> tuple[str, str]:
    """Return SRT and VTT with one cue a paragraph, each until the next begins."""
    lines = [entry for entry in transcript if "line" in entry and "sec" in entry]
    ends = [entry["sec"] for entry in lines[1:]] + [entry["sec"] + 5 for entry in lines[-1:]]
    srt, vtt = [], ["WEBVTT\n"]
    for number, (entry, end) in enumerate(zip(lines, ends, strict=True), 1):
        start_stamp, end_stamp = stamp(entry["sec"]), stamp(end)
        text = str(entry["line"]).replace("&", "&amp;").replace("<", "&lt;")
        srt.append(f"{number}\n{start_stamp.replace('.', ',')} --> {end_stamp.replace('.', ',')}\n{entry['line']}\n")
        vtt.append(f"{start_stamp} --> {end_stamp}\n<v {entry.get('who')}>{text}\n")
    return "\n".join(srt), "\n".join(vtt)


def stamp(seconds: int) -> str:
    """Return a WebVTT time stamp."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.000"


def main(source: Path, output: Path, *, with_captions: bool) -> None:
    """Write everything."""
    episodes = read_episodes(source)
    for name in ("chapters", "transcripts"):
        (output / name).mkdir(parents=True, exist_ok=True)
    for episode in episodes:
        if clips := episode.get("quotableClips"):
            (output / "chapters" / f"{episode['slug']}.json").write_text(chapters(clips), "utf-8")
        if with_captions and (transcript := episode.get("transcript")):
            srt, vtt = captions(transcript)
            (output / "transcripts" / f"{episode['slug']}.srt").write_text(srt, "utf-8")
            (output / "transcripts" / f"{episode['slug']}.vtt").write_text(vtt, "utf-8")
    (output / "feed.xml").write_bytes(feed(episodes))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), with_captions="--without-captions" not in sys.argv)
