"""What is no transcript though it is named as one: sound, pictures, documents, markup, captions of other programs."""

from __future__ import annotations

import re

from feedbuilder.errors import Place, Problem
from feedbuilder.problems import problem

HEAD_BYTES = 1024
"""How much of a file tells what it is, when it is not text."""

_SOUND = "sound or video, not its words"
_SOUND_SIGNS = (
    rb"ID3[\x02-\x04]|\xff[\xe2-\xe7\xf1-\xfd]|OggS\x00|fLaC\x00|RIFF....(?:WAVE|AVI )|FORM....AIF|....ftyp"
    rb"|\x1aE\xdf\xa3|caff\x00"
)
_BINARY = (
    (re.compile(_SOUND_SIGNS, re.DOTALL), _SOUND),
    (re.compile(rb"PK\x03\x04|\xd0\xcf\x11\xe0"), "a document of a word processor, or a zip file"),
    (re.compile(rb"%PDF-"), "a PDF"),
    (re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP", re.DOTALL), "a picture"),
    (re.compile(rb"[^\x00]{0,1024}\x00\x00\x00"), "no text: it holds NUL bytes"),
)
_ADVICE = "export the transcript as SRT, VTT, JSON or text, and name that file"
_ADVICE_ON_SOUND = "let Whisper or the like make a transcript of it, and name that file"

_MARKUP = (
    (re.compile(r"\{\\rtf"), "RTF, a word processor's document"),
    (re.compile(r"\[Script Info\]", re.IGNORECASE), "SubStation Alpha (.ass, .ssa)"),
    (re.compile(r"<(?:!doctype html|html)[\s>]", re.IGNORECASE), "a web page"),
    (re.compile(r"<[A-Za-z?!/]"), "XML or HTML"),
)  # fmt: skip


def told_from_text(content: bytes, path: str) -> Problem | None:
    """Return what to do about a file that holds no text at all, or None; its first bytes are enough."""
    kind = next((kind for sign, kind in _BINARY if sign.match(content)), None)
    if kind is None:
        return None
    advice = _ADVICE_ON_SOUND if kind == _SOUND else _ADVICE
    return problem("not-text", Place(path), f"this is {kind}", advice)


def told_from_words(text: str, path: str) -> Problem | None:
    """Return what to do about markup that would be published as if it were spoken, or None."""
    start = len(text) - len(text.lstrip())
    kind = next((kind for sign, kind in _MARKUP if sign.match(text, start)), None)
    if kind is None:
        return None
    return problem("transcript-shape", Place(path, 1, 1), f"this is {kind}, which is not read", _ADVICE)
