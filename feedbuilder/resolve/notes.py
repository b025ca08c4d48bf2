"""Show notes: description, intro, people, links and the Markdown body, as clean HTML and as plain text.

Spec: the tags every directory takes are p, br, strong, em, ul, ol, li and a (Apple's RSS guide; PSP-1).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from feedbuilder.errors import Problem
from feedbuilder.model import Link, Notes, Person
from feedbuilder.problems import problem
from feedbuilder.resolve.links import absolute_url, is_placeholder
from feedbuilder.source.archive import EpisodeFile

MAX_SUMMARY_BYTES = 4000
"""Apple's limit for an item's description."""

_TAGS = {"a", "p", "br", "strong", "em", "ul", "ol", "li"}
_SAME_MEANING = {"b": "strong", "i": "em", "div": "p", "h1": "p", "h2": "p", "h3": "p", "h4": "p"}
_KRAMDOWN = re.compile(r"\{:[^}\n]*\}")
_TEMPLATE_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_PARAGRAPH_BREAK = re.compile(r"(?:\s*<br\s*/?>\s*){2,}|\n\s*\n", re.IGNORECASE)
_EMPTY = re.compile(r"<(p|li|ul|ol|strong|em)>\s*</\1>")

_LABELS = {
    "anchor": "Spotify for Creators",
    "apple": "Apple Podcasts",
    "spotify": "Spotify",
    "youtube": "YouTube",
    "github": "GitHub",
    "linkedin": "LinkedIn",
    "rss": "RSS",
}


def resolve_links(episode: EpisodeFile, site_url: str | None) -> tuple[tuple[Link, ...], list[Problem]]:
    """Return the episode's named links; a placeholder is left out and told of."""
    links: list[Link] = []
    problems: list[Problem] = []
    for record in episode.record.links:
        place = episode.place("links", record.label)
        if is_placeholder(record.url):
            message = f"links.{record.label} is {record.url!r}, which only keeps a place: left out"
            problems.append(problem("placeholder", place, message, "write the address, or delete the line"))
        elif url := absolute_url(record.url, site_url):
            links.append(Link(label=_LABELS.get(record.label.lower(), record.label), url=url))
        else:
            message = f"links.{record.label} is no web address: {record.url!r}"
            problems.append(problem("bad-url", place, message, "write it whole: https://…"))
    return tuple(links), problems


def resolve_notes(
    episode: EpisodeFile, people: Iterable[Person], links: Iterable[Link], site_url: str | None
) -> tuple[Notes, list[Problem]]:
    """Return the notes; the summary is made of whole paragraphs, as many as fit."""
    record = episode.record
    opening = [*_paragraphs(record.description or ""), *_paragraphs(record.intro or "")]
    credits = list(_credits(people))
    link_list = list(_link_list(links))
    body, problems = _body_blocks(episode)
    blocks = _clean([*opening, *credits, *link_list, *body], site_url)
    summary = _clean([*opening, *link_list] if opening else [*body, *link_list], site_url)
    content = "\n".join(blocks)
    notes = Notes(html=content, summary_html=_fitting(summary), text=plain_text(content))
    return notes, problems


def plain_text(clean_html: str) -> str:
    """Return sanitised HTML as text with paragraphs, list dashes and no tags.

    >>> plain_text("<p>One<br>two</p><ul><li>a &amp; b</li></ul>")
    'One\\ntwo\\n\\n- a & b'
    """
    text = re.sub(r"<br>\n?", "\n", clean_html)
    text = re.sub(r"<li>\s*", "- ", text)
    text = re.sub(r"</(?:li)>\s*", "\n", text)
    text = re.sub(r"</(?:p|ul|ol)>\s*", "\n\n", text)
    text = html.unescape(re.sub(r"<[^>]+>", "", text))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _paragraphs(text: str) -> Iterator[str]:
    """Yield paragraphs of a field that holds text with the odd `<br>`."""
    for part in _PARAGRAPH_BREAK.split(text):
        if part.strip():
            yield f"<p>{part.strip()}</p>"


def _credits(people: Iterable[Person]) -> Iterator[str]:
    for person in people:
        if person.role != "host":
            name = html.escape(person.name)
            linked = f'<a href="{html.escape(person.url)}">{name}</a>' if person.url else name
            yield f"<p>{html.escape(person.role.capitalize())}: {linked}</p>"


def _link_list(links: Iterable[Link]) -> Iterator[str]:
    items = [f'<li><a href="{html.escape(link.url)}">{html.escape(link.label)}</a></li>' for link in links]
    if items:
        yield f"<ul>{''.join(items)}</ul>"


def _body_blocks(episode: EpisodeFile) -> tuple[list[str], list[Problem]]:
    """Return the Markdown body as one piece of HTML a block."""
    body = _KRAMDOWN.sub("", episode.body)
    problems: list[Problem] = []
    if found := _TEMPLATE_TAG.search(body):
        message = f"the text holds template tags ({found[0][:40]}), which only the site can fill in: left out"
        problems.append(problem("template-tag", episode.place(), message, "write the text out if listeners need it"))
        body = _TEMPLATE_TAG.sub("", body)
    if not body.strip():
        return [], problems
    markdown = _markdown()
    blocks: list[str] = []
    group: list[Token] = []
    depth = 0
    for token in markdown.parse(body):
        group.append(token)
        depth += token.nesting
        if depth == 0:
            blocks.append(markdown.renderer.render(group, markdown.options, {}))
            group = []
    return blocks, problems


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark")
    markdown.add_render_rule("heading_open", lambda *_: "<p><strong>")
    markdown.add_render_rule("heading_close", lambda *_: "</strong></p>\n")
    return markdown


def _clean(blocks: Iterable[str], site_url: str | None) -> list[str]:
    """Sanitise each block by itself, so that a tag left open in one cannot swallow the next."""

    def attribute(_tag: str, name: str, value: str) -> str | None:
        return absolute_url(value, site_url) if name == "href" and not is_placeholder(value) else None

    cleaned: list[str] = []
    for block in blocks:
        for old, new in _SAME_MEANING.items():
            if f"<{old}" in block:
                block = re.sub(rf"(</?){old}(?=[\s>])", rf"\g<1>{new}", block)  # noqa: PLW2901
        block = nh3.clean(  # noqa: PLW2901
            block, tags=_TAGS, attributes={"a": {"href"}}, attribute_filter=attribute,
            url_schemes={"http", "https", "mailto"}, link_rel=None,
        ).strip()  # fmt: skip
        while (shorter := _EMPTY.sub("", block)) != block:
            block = shorter.strip()  # noqa: PLW2901
        if block:
            cleaned.append(block)
    return cleaned


def _fitting(blocks: list[str]) -> str:
    kept: list[str] = []
    size = 0
    for block in blocks:
        size += len(block.encode()) + 1
        if size > MAX_SUMMARY_BYTES:
            break
        kept.append(block)
    return "\n".join(kept)
