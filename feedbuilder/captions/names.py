"""A speaker's name as it stands before their words in SubRip, short enough to leave room for them.

Spec: https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/transcripts/transcripts.md (SRT)
"""

from __future__ import annotations

from collections.abc import Iterable

from feedbuilder.captions.script import columns

# With the colon and the space behind it, half a row of the 32 columns that the podcast namespace gives SubRip.
LONGEST_NAME = 14


def short_names(speakers: Iterable[str]) -> dict[str, str]:
    """Return what to call each speaker of an episode: the whole name, or the part of it that tells them apart.

    A name without anything to write is empty.

    >>> short_names(["Alexey Grigorev", "Dr. Angela Sommerfeld", "Ana Maria"]) == {
    ...     "Alexey Grigorev": "Alexey", "Dr. Angela Sommerfeld": "Angela", "Ana Maria": "Ana Maria"}
    True
    >>> sorted(short_names(["Johanna Bayerlein", "Johanna Sommerfeld"]).values())
    ['Johanna B.', 'Johanna S.']
    """
    forms = {speaker: name_forms(" ".join(speaker.replace(":", " ").split())) for speaker in speakers}
    return {speaker: choose_form(speaker, forms) for speaker in forms}


def name_forms(name: str) -> list[str]:
    """Return the ways to write a name, the best first.

    >>> name_forms("Johanna Bayerlein")
    ['Johanna Bayerlein', 'Johanna', 'Johanna B.', 'J. Bayerlein']
    """
    words = [word for word in name.split() if not word.endswith(".")] or name.split()
    if len(words) < 2:
        return [name, *words]
    given, family = words[0], words[-1]
    initials = " ".join(f"{word[0]}." for word in words[:-1])
    return [name, given, f"{given} {family[0]}.", f"{initials} {family}"]


def choose_form(speaker: str, forms: dict[str, list[str]]) -> str:
    """Choose the first form that fits and is nobody else's; where there is none, the beginning of the name."""
    others = [theirs for other, theirs in forms.items() if other != speaker]
    for rank, form in enumerate(forms[speaker]):
        if columns(form) <= LONGEST_NAME and not any(
            form in (theirs[0], *theirs[rank : rank + 1]) for theirs in others
        ):
            return form
    name = forms[speaker][0]
    while columns(name) >= LONGEST_NAME:
        name = name[:-1]
    return name.rstrip() + "…" if name != forms[speaker][0] else name
