"""What search engines are told of a show and its episodes, as JSON-LD.

Spec: https://schema.org/PodcastSeries, https://schema.org/PodcastEpisode (29.0)
"""

from __future__ import annotations

from typing import Any

from feedbuilder.model import Episode, Person, Show
from feedbuilder.timecode import seconds

_CONTEXT = "https://schema.org"


def of_show(show: Show, url: str, picture: str | None) -> dict[str, Any]:
    """Return the series, shown by a picture of this address."""
    return _present(
        {
            "@context": _CONTEXT,
            "@type": "PodcastSeries",
            "name": show.title,
            "url": url,
            "description": show.description,
            "inLanguage": show.language,
            "webFeed": show.feed_url,
            "image": picture,
            "author": [_person(person) for person in show.persons]
            or ({"@type": "Organization", "name": show.author} if show.author else None),
            "license": show.license.url if show.license else None,
        }
    )


def of_episode(
    episode: Episode, show: Show, url: str, series_url: str, description: str, picture: str | None
) -> dict[str, Any]:
    """Return the episode, with the series it is part of."""
    duration = f"PT{seconds(episode.duration_ms)}S" if episode.duration_ms else None
    sound = episode.enclosure and _present(
        {
            "@type": "VideoObject" if episode.enclosure.mime_type.startswith("video/") else "AudioObject",
            "contentUrl": episode.enclosure.url,
            "encodingFormat": episode.enclosure.mime_type,
            "duration": duration,
        }
    )
    return _present(
        {
            "@context": _CONTEXT,
            "@type": "PodcastEpisode",
            "name": episode.title,
            "url": url,
            "datePublished": episode.published.isoformat(),
            "dateModified": episode.edited.isoformat() if episode.edited else None,
            "description": description,
            "inLanguage": episode.language,
            "duration": duration,
            "episodeNumber": f"{episode.episode:.12g}" if episode.episode is not None else None,
            "image": picture,
            "keywords": list(episode.categories),
            "license": license_.url if (license_ := episode.license or show.license) else None,
            "associatedMedia": sound,
            "actor": [_person(person) for person in episode.persons],
            "partOfSeason": {"@type": "PodcastSeason", "seasonNumber": episode.season}
            if episode.season is not None
            else None,
            "partOfSeries": {"@type": "PodcastSeries", "name": show.title, "url": series_url, "webFeed": show.feed_url},
        }
    )


def _person(person: Person) -> dict[str, Any]:
    return _present({"@type": "Person", "name": person.name, "url": person.url})


def _present(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [])}
