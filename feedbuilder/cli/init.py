"""`feedbuilder init`: a config for an archive that was looked at, with a comment at everything to be decided."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from feedbuilder.errors import OutputError, UsageError
from feedbuilder.problems import counted
from feedbuilder.source.host_feed import HostFeed
from feedbuilder.source.survey import FAULTS_SHOWN, SAMPLE, Survey, survey
from feedbuilder.vocabulary.apple_categories import APPLE_CATEGORIES
from feedbuilder.vocabulary.languages import is_feed_language

_TEMPLATE = """\
# The config of your show. Lines marked with TODO wait for you; the others are what was found or a sensible start.
# Paths start from this file's folder. There are more settings than these: see the README.

show:
  title: {title}
  description: {description}
  link: {link}
  language: {language}
{categories}
  explicit: {explicit}
  {image}
{author}
{owner}
{of_host}  # hosts: []                           # keys of people pages, or full names
  timezone: {timezone}
  publish_time: "06:00"                 # for dates without a time of day

feed:
  url: {feed_url}

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

_TODO_LINK = "TODO                            # the show's page: https://…"
_TODO_FEED_URL = "TODO                             # where the feed will be found for years: https://…/feed.xml"
"""No address of an example stands for one that is not known: the first build would make the show's guid of it."""

_GUESSED = "   # TODO: a guess; where the feed will be found for years"
_MAIL = "directories write there; public in the feed"
_MAIL_OF_HOST = "TODO: the host's address, which ends when you leave it; directories write there"


def write_config(directory: Path, name: str, feed: HostFeed | None = None, source: str | None = None) -> Iterator[str]:
    """Write a config into an archive's folder and return the lines that tell what was found.

    What `feed` says of the show, that of its present host, goes before what the site says of itself; `source` is what
    the owner calls it.

    Raises:
        UsageError: when there is no archive there, or a config already.
        OutputError: when the folder cannot be written.
    """
    if not directory.is_dir():
        raise UsageError(f"there is no folder {directory}")
    found = survey(directory, {item.title for item in feed.items} if feed else frozenset())
    file, text = directory / name, render_config(_with_host(found, feed) if feed else found, feed)
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise UsageError(f"{file} is there already; it is left alone") from None
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror}") from error
    return _told(found, file, sum("TODO" in line for line in text.splitlines()[1:]), source)


def _told(found: Survey, file: Path, to_fill_in: int, source: str | None) -> Iterator[str]:
    least = "at least " if found.episode_count + len(found.faults) >= SAMPLE else ""
    people = f", people in {found.people}" if found.people else ""
    yield f"{least}{counted(found.episode_count, 'episode')} in {found.episodes}{people}"
    if found.faults:
        yield f"  {counted(len(found.faults), 'more file')} there cannot be read as they stand:"
        yield from (f"    {fault.place}: {fault.message} → {fault.remedy}" for fault in found.faults[:FAULTS_SHOWN])
        if len(found.faults) > FAULTS_SHOWN:
            yield "    … feedbuilder build names all"
    if found.others_count:
        others = counted(found.others_count, "more file")
        yield f"  {others} there without any field of an episode, such as audio; builds take them for episodes, too"
    for field, names in found.fields.items():
        yield f"  {field} is called {', else '.join(names)} here"
    if not found.identified_count and source is None:
        yield (
            "  No episode has a guid or an id of its host. If the show is out already, take over the guids that apps "
            "know, from its feed: feedbuilder import FEED. For a new show, feedbuilder build tells each a new one."
        )
    named = "" if file.parent == Path() else f" --config {shlex.quote(str(file))}"
    wanted = f"Fill in what is marked TODO ({counted(to_fill_in, 'line')})" if to_fill_in else "Look it over"
    imported = f"feedbuilder import {shlex.quote(source)}{named}, then: " if source else ""
    yield f"Wrote {file}. {wanted}, then: {imported}feedbuilder build{named}"


def _with_host(found: Survey, feed: HostFeed) -> Survey:
    is_known = feed.language is not None and is_feed_language(feed.language)
    return replace(
        found,
        title=feed.title or found.title,
        description=_at_most(feed.description or "", 4000) or found.description,
        language=feed.language if is_known else found.language,
        author=feed.author or found.author,
        email=feed.owner_email or found.email,
    )


def _at_most(text: str, size_bytes: int) -> str:
    return text.encode()[:size_bytes].decode(errors="ignore").strip()


def render_config(found: Survey, feed: HostFeed | None = None) -> str:
    """Return the config's text; `feed` is that of the show's present host."""
    site = f"{found.url.rstrip('/')}/" if found.url and "://" in found.url else None
    fields = "".join(f"\n  {field}: {_names(names)}" for field, names in found.fields.items())
    return _TEMPLATE.format(
        title=_quoted(found.title or "TODO"),
        description=_quoted(found.description or "TODO: what listeners read about the show"),
        link=site or _TODO_LINK,
        language=found.language or "en                          # TODO: ISO 639, with a region if you like: pt-BR",
        author=f"  author: {_quoted(found.author)}" if found.author else "  # author: Your Name",
        owner=_owner(found, feed),
        categories=_categories(feed.categories if feed else ()),
        explicit="true" if feed and feed.explicit else "false",
        image=_image(feed),
        of_host="".join(f"{line}\n" for line in _of_host(feed)) if feed else "",
        timezone=_zone(found),
        feed_url=f"{site}podcast/feed.xml{_GUESSED}" if site else _TODO_FEED_URL,
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


def _names(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"


def _categories(found: Sequence[tuple[str, str | None]]) -> str:
    known = [f"{top} > {sub}" if sub in APPLE_CATEGORIES[top] else top for top, sub in found if top in APPLE_CATEGORIES]
    if not known:
        return (
            "  categories: [Technology]              # TODO: from https://podcasters.apple.com/support/1691, "
            "Category > Subcategory"
        )
    return f"  categories: [{', '.join(map(_quoted, dict.fromkeys(known)))}]"


def _image(feed: HostFeed | None) -> str:
    if feed and feed.image_url:
        return f"image: {_quoted(feed.image_url)}   # the host's: keep a copy of your own before you leave it"
    return "# image: artwork.jpg                  # TODO: square JPEG or PNG, 1400 to 3000 pixels"


def _of_host(feed: HostFeed) -> Iterator[str]:
    if feed.copyright:
        yield f"  copyright: {_quoted(feed.copyright)}"
    if feed.show_type:
        yield f"  type: {feed.show_type}"


def _owner(found: Survey, feed: HostFeed | None) -> str:
    known = (feed.owner_name if feed else None) or found.author
    name, email = known or "Your Name", found.email or "you@example.org"
    is_whole = known and found.email and re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", found.email)
    note = _MAIL_OF_HOST if is_whole and feed and _is_of_host(email, found, feed) else _MAIL
    return f"  {'' if is_whole else '# '}owner: {{name: {_quoted(name)}, email: {_quoted(email)}}}   # {note}"


def _is_of_host(email: str, found: Survey, feed: HostFeed) -> bool:
    """Whether mail goes to where the feed or its audio comes from, and not to a site of the owner's."""
    audio = {item.enclosure.url for item in feed.items if item.enclosure}
    theirs = {_domain(urlsplit(url).hostname or "") for url in (feed.feed_url, feed.image_url, *audio) if url}
    is_forwarded = "+" in email  # podcasts1+a2b3c4@host.example; then the show's page may well be the host's, too
    own = {_domain(urlsplit(url).hostname or "") for url in (found.url, None if is_forwarded else feed.link) if url}
    return _domain(email.rpartition("@")[2]) in theirs - own


def _domain(host: str) -> str:
    """Return what a name's owner has registered, as far as its form tells.

    >>> _domain("mg-eu.acast.com"), _domain("www.show.co.uk")
    ('acast.com', 'show.co.uk')
    """
    labels = host.lower().split(".")
    is_shared = len(labels[-1]) == 2 and len(labels) > 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3 if is_shared else -2 :])


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
