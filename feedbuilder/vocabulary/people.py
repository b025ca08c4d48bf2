"""What a person may be called in `podcast:person`: the groups of work and the roles in each.

Spec: <https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/tags/person.md> and the list it names,
taxonomy.json at commit ac6997a (the Podcast Taxonomy Project, <https://podcasttaxonomy.com/>).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

GROUPS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "Creative Direction": (
            "Director",
            "Assistant Director",
            "Executive Producer",
            "Senior Producer",
            "Producer",
            "Associate Producer",
            "Development Producer",
            "Creative Director",
        ),
        "Cast": (
            "Host",
            "Co-Host",
            "Guest Host",
            "Guest",
            "Voice Actor",
            "Narrator",
            "Announcer",
            "Reporter",
        ),
        "Writing": (
            "Author",
            "Editorial Director",
            "Co-Writer",
            "Writer",
            "Songwriter",
            "Guest Writer",
            "Story Editor",
            "Managing Editor",
            "Script Editor",
            "Script Coordinator",
            "Researcher",
            "Editor",
            "Fact Checker",
            "Translator",
            "Transcriber",
            "Logger",
        ),
        "Audio Production": (
            "Studio Coordinator",
            "Technical Director",
            "Technical Manager",
            "Audio Engineer",
            "Remote Recording Engineer",
            "Post Production Engineer",
        ),
        "Audio Post-Production": (
            "Audio Editor",
            "Sound Designer",
            "Foley Artist",
            "Composer",
            "Theme Music",
            "Music Production",
            "Music Contributor",
        ),
        "Administration": (
            "Production Coordinator",
            "Booking Coordinator",
            "Production Assistant",
            "Content Manager",
            "Marketing Manager",
            "Sales Representative",
            "Sales Manager",
        ),
        "Visuals": ("Graphic Designer", "Cover Art Designer"),
        "Community": ("Social Media Manager",),
        "Misc.": ("Consultant", "Intern"),
        "Video Production": ("Camera Operator", "Lighting Designer", "Camera Grip", "Assistant Camera"),
        "Video Post-Production": ("Editor", "Assistant Editor"),
    }
)
"""Group → its roles, spelled as the list spells them. Both are compared without regard to case.

A role need not stand in the group it is given with: the spec's own example is `group="writing" role="guest"`.
"""


def find_group(text: str) -> str | None:
    """Return the group `text` names, as the list spells it, or None.

    >>> find_group("visuals"), find_group("Catering")
    ('Visuals', None)
    """
    wanted = text.strip().casefold()
    return next((group for group in GROUPS if group.casefold() == wanted), None)


def find_role(text: str) -> tuple[str, str] | None:
    """Return the (group, role) that `text` names, as the list spells them, or None.

    "Editor" is in two groups; the first, Writing, is returned.

    >>> find_role("cover art designer"), find_role("Caterer")
    (('Visuals', 'Cover Art Designer'), None)
    """
    wanted = text.strip().casefold()
    pairs = ((group, role) for group, roles in GROUPS.items() for role in roles)
    return next((pair for pair in pairs if pair[1].casefold() == wanted), None)
