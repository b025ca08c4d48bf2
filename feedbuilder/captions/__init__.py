"""Captions from a transcript: `time_words` says when every word is spoken, `make_cues` makes cards of them.

Speaker names: every cue carries its speaker in `Cue.speaker`. A layout with `speaker_prefix` keeps room for "Name: " on
the first line of each cue that opens a speaker's turn; the renderer writes it there. Lines are not escaped.
"""

from feedbuilder.captions.anchors import Repairs
from feedbuilder.captions.cues import SRT_LAYOUT, VTT_LAYOUT, Layout, make_cues
from feedbuilder.captions.timing import Timing, time_words

__all__ = ["SRT_LAYOUT", "VTT_LAYOUT", "Layout", "Repairs", "Timing", "make_cues", "time_words"]
