"""A transcript on its way into files: timed once, and laid out once for each set of reading rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from feedbuilder.captions.cues import Layout, make_cues
from feedbuilder.captions.galley import Galley, set_galley
from feedbuilder.captions.paragraphs import Paragraph, set_paragraphs
from feedbuilder.captions.timing import Timing
from feedbuilder.model import Cue, Transcript


@dataclass(frozen=True, kw_only=True, slots=True)
class TimedTranscript:
    """What every transcript format is rendered from."""

    title: str  # of the episode
    transcript: Transcript
    timing: Timing
    layouts: Mapping[str, Layout]  # by format
    _galleys: list[Galley] = field(default_factory=list, repr=False, compare=False)  # one, once cards are asked for
    _laid_out: dict[Layout, tuple[Cue, ...]] = field(default_factory=dict, repr=False, compare=False)

    def cues(self, format_name: str) -> tuple[Cue, ...]:
        """Return the cards of a format; two formats with the same rules share them."""
        layout = self.layouts[format_name]
        if layout not in self._laid_out:
            if not self._galleys:
                self._galleys.append(set_galley(self.timing))
            self._laid_out[layout] = make_cues(self.timing, layout, self._galleys[0])
        return self._laid_out[layout]

    def paragraphs(self) -> tuple[Paragraph, ...]:
        """Return the lines as paragraphs with their times."""
        return set_paragraphs(self.transcript, self.timing)
