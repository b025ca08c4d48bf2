"""The categories a show may name in `itunes:category`: Apple Podcasts' 19, with their subcategories.

Spec: <https://podcasters.apple.com/support/1691-apple-podcasts-categories>, the list of August 2019, current in 2026.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

APPLE_CATEGORIES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "Arts": ("Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"),
        "Business": ("Careers", "Entrepreneurship", "Investing", "Management", "Marketing", "Non-Profit"),
        "Comedy": ("Comedy Interviews", "Improv", "Stand-Up"),
        "Education": ("Courses", "How To", "Language Learning", "Self-Improvement"),
        "Fiction": ("Comedy Fiction", "Drama", "Science Fiction"),
        "Government": (),
        "History": (),
        "Health & Fitness": (
            "Alternative Health",
            "Fitness",
            "Medicine",
            "Mental Health",
            "Nutrition",
            "Sexuality",
        ),
        "Kids & Family": ("Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"),
        "Leisure": (
            "Animation & Manga",
            "Automotive",
            "Aviation",
            "Crafts",
            "Games",
            "Hobbies",
            "Home & Garden",
            "Video Games",
        ),
        "Music": ("Music Commentary", "Music History", "Music Interviews"),
        "News": (
            "Business News",
            "Daily News",
            "Entertainment News",
            "News Commentary",
            "Politics",
            "Sports News",
            "Tech News",
        ),
        "Religion & Spirituality": (
            "Buddhism",
            "Christianity",
            "Hinduism",
            "Islam",
            "Judaism",
            "Religion",
            "Spirituality",
        ),
        "Science": (
            "Astronomy",
            "Chemistry",
            "Earth Sciences",
            "Life Sciences",
            "Mathematics",
            "Natural Sciences",
            "Nature",
            "Physics",
            "Social Sciences",
        ),
        "Society & Culture": ("Documentary", "Personal Journals", "Philosophy", "Places & Travel", "Relationships"),
        "Sports": (
            "Baseball",
            "Basketball",
            "Cricket",
            "Fantasy Sports",
            "Football",
            "Golf",
            "Hockey",
            "Rugby",
            "Running",
            "Soccer",
            "Swimming",
            "Tennis",
            "Volleyball",
            "Wilderness",
            "Wrestling",
        ),
        "Technology": (),
        "True Crime": (),
        "TV & Film": ("After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"),
    }
)
"""Category → its subcategories, in Apple's order and spelling. Case matters to Apple; a subcategory has one parent."""

_LIKENESS: Final = 0.8
"""How alike two names must be, from 0 to 1, before one is offered for the other."""


def parent_category(subcategory: str) -> str | None:
    """Return the category that holds `subcategory`, or None if that is no subcategory.

    >>> parent_category("Science Fiction"), parent_category("Science")
    ('Fiction', None)
    """
    return next((name for name, children in APPLE_CATEGORIES.items() if subcategory in children), None)


def nearest_category(text: str) -> str | None:
    """Return the category or subcategory that `text` most likely means, as Apple spells it, or None.

    >>> nearest_category("society and culture"), nearest_category("Sience Fiction"), nearest_category("Health")
    ('Society & Culture', 'Science Fiction', 'Health & Fitness')
    >>> nearest_category("News & Politics"), nearest_category("Quux")
    ('News', None)
    """
    wanted = _folded(text)
    names = {_folded(name): name for name in (*APPLE_CATEGORIES, *_subcategories())}
    if found := difflib.get_close_matches(wanted, names, n=1, cutoff=_LIKENESS):
        return names[found[0]]
    words = set(wanted.split()) - {"&"}
    for folded, name in names.items():  # a part of a name, or a name Apple has since shortened
        own = set(folded.split()) - {"&"}
        if words and (words <= own or own <= words):
            return name
    return None


def _subcategories() -> list[str]:
    return [child for children in APPLE_CATEGORIES.values() for child in children]


def _folded(name: str) -> str:
    return " ".join("&" if word == "and" else word for word in name.casefold().replace("&", " & ").split())
