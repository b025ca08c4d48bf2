"""A show whose pictures and audio are those on this machine, wherever they will be public."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import quote, unquote

from feedbuilder.model import Chapter, Enclosure, Episode, Person, Picture, Show

MEDIA_FOLDER: Final = ".preview/media/"
Media = TypeVar("Media", Picture, Enclosure)


def put_at_hand(show: Show, folder_url: str) -> tuple[Show, dict[str, Path], list[Picture]]:
    """Return the show as its pages are to refer to it here, and its local files by their path below the feed.

    Last come its local pictures, as often as they are shown.
    """
    shelf = _Shelf(folder_url)
    return (
        replace(
            show,
            artwork=shelf.take(show.artwork),
            persons=shelf.people(show.persons),
            episodes=tuple(shelf.episode(episode) for episode in show.episodes),
        ),
        shelf.files,
        shelf.pictures,
    )


class _Shelf:
    """Gives every local file a path, once."""

    def __init__(self, folder_url: str) -> None:
        self.files: dict[str, Path] = {}
        self.pictures: list[Picture] = []
        self._folder_url = folder_url
        self._paths: dict[Path, str] = {}

    def take(self, media: Media | None) -> Media | None:
        if media is None or media.file is None:
            return media
        if isinstance(media, Picture):
            self.pictures.append(media)
        if media.url.startswith(self._folder_url):
            self.files.setdefault(unquote(media.url.removeprefix(self._folder_url)), media.file)
            return media
        path = self._paths.setdefault(media.file, f"{MEDIA_FOLDER}{len(self._paths)}/{media.file.name}")
        self.files[path] = media.file
        return replace(media, url=self._folder_url + quote(path))

    def people(self, people: Iterable[Person]) -> tuple[Person, ...]:
        return tuple(replace(person, picture=self.take(person.picture)) for person in people)

    def _chapter(self, chapter: Chapter) -> Chapter:
        return replace(chapter, picture=self.take(chapter.picture))

    def episode(self, episode: Episode) -> Episode:
        return replace(
            episode,
            picture=self.take(episode.picture),
            enclosure=self.take(episode.enclosure),
            persons=self.people(episode.persons),
            chapters=tuple(map(self._chapter, episode.chapters)),
        )
