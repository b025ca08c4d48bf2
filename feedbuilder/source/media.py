"""Facts about the pictures and audio files an archive refers to: size, type, length. The files are only looked at."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from pathlib import Path

from feedbuilder.errors import Place, Problem
from feedbuilder.problems import problem
from feedbuilder.source.yaml_nodes import YamlFaultError, decode_text
from feedbuilder.timecode import parse_duration
from feedbuilder.vocabulary.media import MEDIA_TYPES

MAX_PIXELS = 100_000_000
"""Ten thousand by ten thousand: more is a mistake, or a bomb."""


_CONTAINERS: Map[str, tuple[str, ...]] = {
    "mp3": ("MP3",),
    **dict.fromkeys(("m4a", "mp4", "m4v", "mov"), ("MP4",)),
    "ogg": ("OggVorbis", "OggOpus", "OggFLAC", "OggSpeex"),
    "opus": ("OggOpus",),
    "wav": ("WAVE",),
    "flac": ("FLAC",),
    "aac": ("AAC",),
}
"""Extension → what mutagen finds inside a file that has it by right."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureFile:
    """A readable picture: its size and what it really is."""

    file: Path
    width_px: int
    height_px: int
    mime_type: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AudioFile:
    """A readable audio or video file."""

    file: Path
    length_bytes: int
    mime_type: str
    duration_ms: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AudioRow:
    """A line of the audio table."""

    url: str
    length_bytes: int | None
    mime_type: str | None
    duration_ms: int | None
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Media:
    """All that is known of local files, by the name they are referred to."""

    pictures: Map[str, PictureFile | Problem] = field(default_factory=dict)
    audio: Map[str, AudioFile | Problem] = field(default_factory=dict)
    table: Map[str, AudioRow] = field(default_factory=dict)


def read_pictures(names: Iterable[str], root: Path) -> dict[str, PictureFile | Problem]:
    """Look at every picture below `root` that is referred to by path."""
    return {name: _read_picture(name, root) for name in sorted(set(names))}


def _read_picture(name: str, root: Path) -> PictureFile | Problem:
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415  (an archive may have no pictures)

    file = _inside(root, name)
    place = Place(name)
    if file is None or not file.is_file():
        return problem("picture-not-found", place, "there is no such picture", "add the file, or correct its path")
    try:
        with Image.open(file) as picture:
            width, height = picture.size
            mime_type = picture.get_format_mimetype() or "application/octet-stream"
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError) as error:
        return problem(
            "picture-broken", place, f"this picture cannot be read: {error}", "export it again as JPEG or PNG"
        )
    if width * height > MAX_PIXELS:
        message = f"the picture has {width}×{height} pixels"
        return problem("picture-broken", place, message, "scale it down; 3000×3000 is the most directories take")
    return PictureFile(file=file, width_px=width, height_px=height, mime_type=mime_type)


def read_audio_files(folder: Path, stems: Iterable[str], names: Iterable[str]) -> dict[str, AudioFile | Problem]:
    """Measure the files named outright, and those whose name without its ending is one of `stems`."""
    by_stem: dict[str, list[str]] = {}
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        if file.suffix[1:].lower() in MEDIA_TYPES:
            by_stem.setdefault(file.stem, []).append(file.name)
    wanted = {name: name for name in names} | {stem: by_stem[stem][0] for stem in stems if stem in by_stem}
    measured = {name: _read_audio(name, folder) for name in sorted(set(wanted.values()))}
    return {key: measured[name] for key, name in wanted.items()}


def _read_audio(name: str, folder: Path) -> AudioFile | Problem:
    import mutagen  # noqa: PLC0415  (most archives name their audio by URL)

    file = _inside(folder, name)
    place = Place(name)
    if file is None or not file.is_file():
        return problem("audio-not-found", place, "there is no such audio file", "add the file, or correct its name")
    accepted = MEDIA_TYPES.get(file.suffix[1:].lower())
    if accepted is None:
        return problem(
            "audio-type", place, f"{file.suffix or 'no ending'} is not a kind of file podcasts carry", "use MP3 or M4A"
        )
    try:
        opened = mutagen.File(file)
    except (mutagen.MutagenError, OSError, ValueError) as error:
        return problem("audio-broken", place, f"this audio file cannot be read: {error}", "export it again")
    if opened is None or file.stat().st_size == 0:
        return problem("audio-broken", place, "this is not an audio file", "export it again")
    if type(opened).__name__ not in _CONTAINERS.get(file.suffix[1:].lower(), ()):
        message = f"inside, the file is {type(opened).__name__}, not what {file.suffix} says"
        return problem("audio-type", place, message, "give it the ending of what it is")
    length = getattr(opened.info, "length", None)
    return AudioFile(
        file=file,
        length_bytes=file.stat().st_size,
        mime_type=accepted[0],
        duration_ms=round(length * 1000) if length else None,
    )


def read_audio_table(file: Path, path: str) -> tuple[dict[str, AudioRow], list[Problem]]:
    """Read `audio.csv`: rows by their `slug` and by their `id`."""
    try:
        text, problems = decode_text(file.read_bytes(), path)
    except YamlFaultError as error:
        return {}, [error.fault]
    except OSError as error:
        return {}, [problem("audio-table", Place(path), f"cannot be read: {error.strerror}", "correct audio.table")]
    rows: dict[str, AudioRow] = {}
    reader = csv.DictReader(io.StringIO(text))
    columns = {name.strip().lower() for name in reader.fieldnames or ()}
    if "url" not in columns or not columns & {"slug", "id"}:
        message = "the first line must name the columns: url, and slug or id"
        return {}, [problem("audio-table", Place(path, 1, 1), message, "slug,url,length,type,duration")]
    for row in reader:
        place = Place(path, reader.line_num)
        cells = {name.strip().lower(): (value or "").strip() for name, value in row.items() if isinstance(name, str)}
        keys = [cells[name] for name in ("slug", "id") if cells.get(name)]
        if not keys or not cells.get("url"):
            problems.append(problem("audio-table", place, "the row names no episode or no url", "fill both in"))
            continue
        found = AudioRow(
            url=cells["url"],
            length_bytes=_cell(cells, "length", int, place, problems),
            mime_type=cells.get("type") or None,
            duration_ms=_cell(cells, "duration", parse_duration, place, problems),
            place=place,
        )
        for key in keys:
            if key in rows:
                message = f"{key!r} has a row already, on line {rows[key].place.line}"
                problems.append(problem("audio-table", place, message, "keep one of the two"))
            rows.setdefault(key, found)
    return rows, problems


def _cell(
    cells: Map[str, str], name: str, read: type[int] | object, place: Place, problems: list[Problem]
) -> int | None:
    text = cells.get(name)
    if not text:
        return None
    try:
        value = int(text) if read is int else parse_duration(text)
    except ValueError:
        value = -1
    if value <= 0:
        problems.append(
            problem("audio-table", place, f"the {name} {text!r} cannot be read", "correct it, or leave it empty")
        )
        return None
    return value


def _inside(root: Path, name: str) -> Path | None:
    """Return the file a relative name means, or None when it leads out of `root`."""
    file = (root / name.lstrip("/")).resolve()
    return file if file.is_relative_to(root.resolve()) else None


def local_names(values: Iterable[str | None]) -> Iterator[str]:
    """Yield the values that name local files, not web addresses."""
    return (value for value in values if value and "://" not in value and not value.startswith("//"))
