"""Captions from a transcript: `time_words` says when every word is spoken, `make_cues` makes cards of them.

Between the two stands a `Timing`: one estimate serves every layout. Every cue names its speaker in `Cue.speaker`; a
layout with `speaker_prefix` keeps room for "Name: " on the first line of a cue whose speaker is not that of the cue
before, with the name as `names.short_names` has it, and the renderer writes it there; an empty first line is the name's
alone. Lines are plain text, nothing escaped.
"""

from feedbuilder.captions.cues import SRT_LAYOUT, VTT_LAYOUT, Layout, make_cues
from feedbuilder.captions.timing import Timing, time_words

__all__ = ["SRT_LAYOUT", "VTT_LAYOUT", "Layout", "Timing", "make_cues", "time_words"]
