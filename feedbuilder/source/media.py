"""Facts about the pictures and audio files an archive refers to: size, type, length. The files are only looked at."""

from __future__ import annotations

import posixpath
import re
import warnings
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from pathlib import Path

from feedbuilder.errors import Place, Problem, UsageError
from feedbuilder.memory import FORGETFUL, Memory
from feedbuilder.model import Span
from feedbuilder.problems import problem
from feedbuilder.source.audio_table import AudioRow
from feedbuilder.vocabulary.media import MEDIA_TYPES

_END_MARKS: Map[str, bytes] = {"JPEG": b"\xff\xd9", "PNG": b"IEND"}
"""Format → the bytes that stand near the end of a file that is whole."""
_TAIL_BYTES = 64
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP")
"""What browsers show. Pillow knows forty more, and asks Ghostscript for some: nothing for strangers' files."""
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")

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
    path: str  # below the site's root, with forward slashes
    width_px: int
    height_px: int
    mime_type: str
    color_mode: str  # as Pillow names it


@dataclass(frozen=True, kw_only=True, slots=True)
class AudioFile:
    """A readable audio or video file."""

    file: Path
    path: str  # below the audio folder, with forward slashes
    length_bytes: int
    mime_type: str
    duration_ms: int | None
    speech: tuple[Span, ...] | None = None  # where somebody speaks; None where nobody listened


@dataclass(frozen=True, kw_only=True, slots=True)
class Media:
    """All that is known of local files, by the name they are referred to."""

    pictures: Map[str, PictureFile | Problem] = field(default_factory=dict)
    audio: Map[str, AudioFile | Problem] = field(default_factory=dict)
    table: Map[str, AudioRow] = field(default_factory=dict)


def read_pictures(names: Iterable[str], root: Path, memory: Memory = FORGETFUL) -> dict[str, PictureFile | Problem]:
    """Look at every picture below `root` that is referred to by path."""
    return {name: _read_picture(name, root, memory) for name in sorted(set(names))}


def _read_picture(name: str, root: Path, memory: Memory) -> PictureFile | Problem:
    place = Place(name)
    path = _path_inside(root, name)
    if path is None:
        return problem("picture-not-found", place, "the path leads out of archive.site_root", "correct its path")
    file = root / path
    if not _is_file(file):
        return problem("picture-not-found", place, "there is no such picture", "add the file, or correct its path")
    return memory.of_file(file, ("picture", name, path), lambda: _measured_picture(file, path, place))


def _measured_picture(file: Path, path: str, place: Place) -> PictureFile | Problem:
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415  (an archive may have no pictures)

    Image.init()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what decoders remark on odd files is for nobody
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=[name for name in _FORMATS if name in Image.OPEN]) as picture:
                width, height = picture.size
                color_mode = picture.mode
                mime_type = picture.get_format_mimetype() or "application/octet-stream"
                if not _ends_well(file, picture.format):
                    picture.load()  # takes a while, and fails when something is missing
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        message = "the picture has more pixels than any screen"
        return problem("picture-broken", place, message, "scale it down; 3000×3000 is the most directories take")
    except UnidentifiedImageError:
        return problem("picture-broken", place, "this is not a picture", "export it again as JPEG or PNG")
    except Exception as error:  # decoders raise what they like on files that are not whole
        message = f"this picture cannot be read: {error}"
        return problem("picture-broken", place, message, "export it again as JPEG or PNG")
    return PictureFile(
        file=file, path=path, width_px=width, height_px=height, mime_type=mime_type, color_mode=color_mode
    )


def _ends_well(file: Path, kind: str | None) -> bool:
    """Whether a picture has the end its format prescribes, so that its middle need not be decoded to know."""
    mark = _END_MARKS.get(kind or "")
    if mark is None:
        return False
    with file.open("rb") as stream:
        stream.seek(max(0, file.stat().st_size - _TAIL_BYTES))
        return mark in stream.read()


def read_audio_files(
    folder: Path,
    entries: Iterable[Path],
    stems: Iterable[str],
    names: Iterable[str],
    *,
    listen: bool = False,
    memory: Memory = FORGETFUL,
) -> dict[str, AudioFile | Problem]:
    """Measure the files named outright, and those of `entries` whose name without its ending is one of `stems`.

    With `listen` their sound is heard as well, which takes seconds for an hour of it.
    """
    by_stem: dict[str, list[str]] = {}
    for file in entries:
        if file.suffix[1:].lower() in MEDIA_TYPES and _is_text(file.name):
            by_stem.setdefault(file.stem, []).append(file.name)
    wanted = {name: name for name in names} | {stem: by_stem[stem][0] for stem in stems if stem in by_stem}
    measured = {name: _read_audio(name, folder, memory) for name in sorted(set(wanted.values()))}
    if listen:
        measured |= {name: _heard(found, memory) for name, found in measured.items() if isinstance(found, AudioFile)}
    return {key: measured[name] for key, name in wanted.items()}


def _is_text(name: str) -> bool:
    """Whether a name is UTF-8; one that is not has no address on the web."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _heard(found: AudioFile, memory: Memory) -> AudioFile | Problem:
    return memory.of_file(found.file, ("heard", found), lambda: _listened(found))


def _listened(found: AudioFile) -> AudioFile | Problem:
    from feedbuilder.source.sound import UnreadableSoundError, find_speech  # noqa: PLC0415  (an optional extra)

    try:
        return replace(found, speech=find_speech(found.file))
    except UnreadableSoundError as error:
        message = f"the sound cannot be decoded: {error}"
        return problem("audio-broken", Place(found.path), message, "export it again")


def _read_audio(name: str, folder: Path, memory: Memory) -> AudioFile | Problem:
    place = Place(name)
    path = _path_inside(folder, name)
    if path is None:
        return problem("audio-not-found", place, "the path leads out of audio.folder", "correct its name")
    file = folder / path
    if not _is_file(file):
        return problem("audio-not-found", place, "there is no such audio file", "add the file, or correct its name")
    accepted = MEDIA_TYPES.get(file.suffix[1:].lower())
    if accepted is None:
        return problem(
            "audio-type", place, f"{file.suffix or 'no ending'} is not a kind of file podcasts carry", "use MP3 or M4A"
        )
    return memory.of_file(file, ("audio", name, path), lambda: _measured_audio(file, path, place, accepted[0]))


def _measured_audio(file: Path, path: str, place: Place, mime_type: str) -> AudioFile | Problem:
    import mutagen  # noqa: PLC0415  (most archives name their audio by URL)

    try:
        opened = mutagen.File(file)
    except Exception as error:  # parsers raise what they like on files that are not what they seem
        return problem("audio-broken", place, f"this audio file cannot be read: {error}", "export it again")
    if opened is None or file.stat().st_size == 0:
        return problem("audio-broken", place, "this is not an audio file", "export it again")
    if type(opened).__name__ not in _CONTAINERS.get(file.suffix[1:].lower(), ()):
        message = f"inside, the file is {type(opened).__name__}, not what {file.suffix} says"
        return problem("audio-type", place, message, "give it the ending of what it is")
    length = getattr(opened.info, "length", None)
    return AudioFile(
        file=file,
        path=path,
        length_bytes=file.stat().st_size,
        mime_type=mime_type,
        duration_ms=round(length * 1000) if length else None,
    )


def measure_audio(file: Path, *, listen: bool) -> AudioFile:
    """Measure one audio file, and with `listen` hear it as well.

    Raises:
        UsageError: when it is none.
    """
    found = read_audio_files(file.parent, (), (), [file.name], listen=listen)[file.name]
    if isinstance(found, Problem):
        raise UsageError(f"{file}: {found.message}")
    return found


def _path_inside(root: Path, name: str) -> str | None:
    """Return a relative name as a plain path below `root`, or None when it leads out of there."""
    path = posixpath.normpath(name.lstrip("/"))
    return path if (root / path).resolve().is_relative_to(root.resolve()) else None


def _is_file(file: Path) -> bool:
    try:
        return file.is_file()
    except (OSError, ValueError):  # whole sentences and data: addresses are too long for a file's name
        return False


def local_names(values: Iterable[str | None]) -> Iterator[str]:
    """Yield the values that name local files, not addresses of any scheme."""
    return (value for value in values if value and not value.startswith("//") and not _SCHEME.match(value))
