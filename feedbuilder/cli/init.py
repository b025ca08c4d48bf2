"""`feedbuilder init`: a config for an archive that was looked at, with a comment at everything to be decided."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from feedbuilder.errors import OutputError, UsageError
from feedbuilder.source.survey import Survey, survey

_TEMPLATE = """\
# The config of your show. Lines marked with TODO wait for you; the others are what was found or a sensible start.
# Paths start from this file's folder. There are more settings than these: see the README.

show:
  title: {title}
  description: {description}
  link: {link}{link_todo}
  language: {language}
  categories: [Technology]              # TODO: from https://podcasters.apple.com/support/1691, Category > Subcategory
  explicit: false
  # image: artwork.jpg                  # TODO: square JPEG or PNG, 1400 to 3000 pixels
{author}
{owner}   # directories write there; public in the feed
  # hosts: []                           # keys of people pages, or full names
  timezone: {timezone}
  publish_time: "06:00"                 # for dates without a time of day

feed:
  url: {feed_url}{link_todo}

archive:
  episodes: {episodes}
{people}  site_root: .                          # the folder that paths such as images/x.jpg start from …
{site_url}
{pages}

# audio:                                # for episodes whose file does not say `audio: https://…`
#   folder: audio                       # local files named after the episodes' slugs
#   base_url: https://cdn.example.org/audio/
#   table: audio.csv                    # columns: slug or id, url, length, type, duration

missing_audio: publish                  # an episode whose audio nobody knows: publish without, hold, or fail
{fields}
"""


def write_config(directory: Path, name: str) -> Iterator[str]:
    """Write a config into an archive's folder and return the lines that tell what was found.

    Raises:
        UsageError: when there is no archive there, or a config already.
        OutputError: when the folder cannot be written.
    """
    if not directory.is_dir():
        raise UsageError(f"there is no folder {directory}")
    found = survey(directory)
    file, text = directory / name, render_config(found)
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise UsageError(f"{file} is there already; it is left alone") from None
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror}") from error
    return _told(found, file)


def _told(found: Survey, file: Path) -> Iterator[str]:
    noun = "episode" if found.episode_count == 1 else "episodes"
    yield f"{found.episode_count} {noun} in {found.episodes}" + (f", people in {found.people}" if found.people else "")
    for field, other in found.fields.items():
        yield f"  {field} is called {other} here"
    if not found.identified_count:
        yield (
            "  No episode has a guid or an id of its host, so none can be published yet. Those that are out already "
            "need `guid:` with the <guid> of the feed they are in; for the others, feedbuilder build tells a new one."
        )
    yield f"Wrote {file}. Look it over, then: feedbuilder build --config {file}"


def render_config(found: Survey) -> str:
    """Return the config's text."""
    site = f"{found.url.rstrip('/')}/" if found.url and "://" in found.url else None
    fields = "".join(f"\n  {field}: {other}" for field, other in found.fields.items())
    return _TEMPLATE.format(
        title=_quoted(found.title or "TODO"),
        description=_quoted(found.description or "TODO: what listeners read about the show"),
        link=site or "https://example.org/",
        link_todo="" if site else "   # TODO",
        language=found.language or "en                          # TODO: ISO 639, with a region if you like: pt-BR",
        author=f"  author: {_quoted(found.author)}" if found.author else "  # author: Your Name",
        owner=_owner(found),
        timezone=_zone(found),
        feed_url=f"{site or 'https://example.org/'}podcast/feed.xml",
        episodes=_quoted(found.episodes),
        people=f"  people: {_quoted(found.people)}\n" if found.people else "",
        site_url=f"  site_url: {site}  # … and where it is public" if site else "  # site_url: https://example.org/",
        pages="\n".join(_page_lines(found, site or "https://example.org/")),
        fields=f"\nfields:                                 # feedbuilder's name: this archive's{fields}"
        if fields
        else "",
    )


def _page_lines(found: Survey, site: str) -> Iterator[str]:
    episode, person = found.episode_path, found.person_path
    yield f"  {'' if episode else '# '}episode_url: {site}{episode or '{slug}.html'}   # page of an episode"
    if found.people:
        yield f"  {'' if person else '# '}person_url: {site}{person or 'people/{slug}.html'}   # page of a person"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # JSON strings are YAML


def _owner(found: Survey) -> str:
    name, email = found.author or "Your Name", found.email or "you@example.org"
    is_whole = found.author and found.email and re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", found.email)
    return f"  {'' if is_whole else '# '}owner: {{name: {_quoted(name)}, email: {_quoted(email)}}}"


def _zone(found: Survey) -> str:
    """Return the site's time zone, or this machine's where the site says none."""
    try:
        return ZoneInfo(found.timezone).key if found.timezone else _local_zone()
    except (OSError, ValueError, KeyError):
        return _local_zone()


def _local_zone() -> str:
    """Return this machine's time zone by its IANA name, where it says one."""
    link = Path("/etc/localtime")
    named = os.environ.get("TZ") or (link.resolve().as_posix().rpartition("zoneinfo/")[2] if link.is_symlink() else "")
    return named if "/" in named else "UTC"
