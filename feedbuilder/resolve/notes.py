"""Show notes: description, intro, people, links and the Markdown body, as clean HTML and as plain text.

Spec: the tags every directory takes are p, br, strong, em, ul, ol, li and a (Apple's RSS guide; PSP-1).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

import nh3

from feedbuilder.errors import Place, Problem
from feedbuilder.model import Link, Notes, Person
from feedbuilder.problems import problem
from feedbuilder.render.plain_text import plain_text
from feedbuilder.resolve.links import WEB_AND_MAIL, absolute_url, is_placeholder
from feedbuilder.source.archive import EpisodeFile

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_SUMMARY_BYTES = 4000
"""Apple's limit for an item's description."""

_TAGS = {"a", "p", "br", "strong", "em", "ul", "ol", "li"}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = ("div", "pre", "section", "article", "figcaption", "caption", "summary", "dt", "dd", *_HEADINGS)
_SAME_MEANING = {"b": "strong", "i": "em", "table": "ul", "tr": "li", **dict.fromkeys(_BLOCKS, "p")}
_OTHER_TAG = re.compile(rf"(</?)({'|'.join(_SAME_MEANING)})(?=[\s>])", re.IGNORECASE)
_CELL = r"<t[dh]\b[^<>]{0,500}>"
_ROW_EDGE = re.compile(rf"(<tr)\b[^<>]{{0,500}}>\s{{0,50}}{_CELL}|</t[dh]>\s{{0,50}}(</tr)>", re.IGNORECASE)
_NEXT_CELL = re.compile(rf"</t[dh]>\s{{0,50}}{_CELL}", re.IGNORECASE)
_MEDIA = re.compile(r"<(?:img|video|audio|iframe|embed|object)\b", re.IGNORECASE)
_FOOTNOTE_TEXT = re.compile(r"^ {0,3}\[\^([^\]\[\s]{1,80})\]:", re.MULTILINE)
_FOOTNOTE = re.compile(r"\[\^([^\]\[\s]{1,80})\]")
_LINK_OR_ADDRESS = re.compile(
    r"<a\b[^<>]*>.*?</a>|(?<![\w@/.])(https?://\w(?:[\w\-.~:/?#\[\]@!$'()*+,;=%]|&amp;)*)", re.ASCII | re.DOTALL
)
_AROUND = ".,:;!?'*"  # what stands behind an address, and seldom at its end
_KRAMDOWN = re.compile(r"\{:[^{}\n]{0,500}\}")
_MODULE_LINE = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)
_TEMPLATE_TAG = re.compile(r"\{%.{0,2000}?%\}|\{\{.{0,2000}?\}\}", re.DOTALL)
_PARAGRAPH_BREAK = re.compile(r"<br\s*/?>(?:\s*<br\s*/?>)+|\n\s*\n", re.IGNORECASE)
_ODD_HREF = re.compile(
    r"""<a\b[^<>]{0,500}?\bhref\s{0,9}=\s{0,9}["']?\s{0,9}((?!https?:|mailto:)[a-z][a-z0-9+.-]{0,30}:[^"'\s>]{0,2000})""",
    re.IGNORECASE,
)
_NO_LINK = re.compile(r"<a>(.*?)</a>", re.DOTALL)
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
    for index, record in enumerate(episode.record.links):
        place = episode.place("links", index, "url")
        if is_placeholder(record.url):
            message = f"the link {record.label!r} is {record.url!r}, which only keeps a place: left out"
            problems.append(problem("placeholder", place, message, "write the address, or delete the line"))
        elif url := absolute_url(record.url, site_url, WEB_AND_MAIL):
            links.append(Link(label=_LABELS.get(record.label.lower(), record.label), url=url))
        else:
            message = f"the link {record.label!r} is no web address: {record.url!r}"
            remedy = "write it whole, https://…" + ("" if site_url else ", or say where the site is: archive.site_url")
            problems.append(problem("bad-url", place, message, remedy))
    return tuple(links), problems


def resolve_notes(
    episode: EpisodeFile, people: Iterable[Person], links: Iterable[Link], site_url: str | None, language: str
) -> tuple[Notes, list[Problem]]:
    """Return the notes; the summary is made of whole paragraphs, as many as fit."""
    record = episode.record
    problems: list[Problem] = []
    opening = [
        paragraph
        for field, text in (("description", record.description), ("intro", record.intro))
        for paragraph in _paragraphs(_without_tags(text or "", episode.place(field), problems))
    ]
    body = _body_blocks(episode, problems)
    unusable: list[str] = []
    clean = _sanitiser(site_url, unusable)
    if left_out := len(_MEDIA.findall("".join([*opening, *body]))):
        problems.append(_left_out_media(episode, left_out))
    before = clean(opening)
    credits_ = clean(_credits(people, language))
    link_list = clean(_link_list(links))
    after = clean(body)
    if unusable:
        problems.append(_unusable_links(episode, unusable, site_url))
    notes = Notes(
        opening_html="\n".join(before),
        people_and_links_html="\n".join([*credits_, *link_list]),
        body_html="\n".join(after),
        summary_html=_fitting([*(before if opening else after), *link_list]),
    )
    return notes, problems


def _left_out_media(episode: EpisodeFile, count: int) -> Problem:
    first = re.search(r"!\[|" + _MEDIA.pattern, episode.body, re.IGNORECASE)
    what = "pictures or players" if count > 1 else "picture or player"
    message = f"{count} {what} of the text, which podcast apps do not show: left out"
    remedy = "nothing, or link to what listeners should see"
    return problem("media-left-out", _place_in_body(episode, first.start() if first else -1), message, remedy)


def _unusable_links(episode: EpisodeFile, unusable: list[str], site_url: str | None) -> Problem:
    count, first = len(unusable), unusable[0]
    message = f"{count} link{'s' * (count > 1)} of the text cannot be opened from a podcast app, the first is {first!r}"
    remedy = "write addresses whole, https://…" + ("" if site_url else ", or say where the site is: archive.site_url")
    return problem("bad-url", _place_in_body(episode, episode.body.find(first)), f"{message}: their words stay", remedy)


def _place_in_body(episode: EpisodeFile, index: int) -> Place:
    """Return the place of a character of the body, or the top of the file when it stands elsewhere."""
    if index < 0:
        return Place(episode.path, 1, 1)
    line = episode.body_line + episode.body.count("\n", 0, index)
    return Place(episode.path, line, index - episode.body.rfind("\n", 0, index))


def _paragraphs(text: str) -> Iterator[str]:
    """Yield paragraphs of a field that holds text with the odd `<br>`."""
    for part in _PARAGRAPH_BREAK.split(text):
        if part.strip():
            yield f"<p>{part.strip()}</p>"


def _credits(people: Iterable[Person], language: str) -> Iterator[str]:
    """Yield a line for everybody but the hosts; the role is named in English notes only, for it is an English word."""
    for person in people:
        if person.role != "host":
            name = html.escape(person.name)
            linked = f'<a href="{html.escape(person.url)}">{name}</a>' if person.url else name
            role = f"{html.escape(person.role.capitalize())}: " if language.startswith("en") else ""
            yield f"<p>{role}{linked}</p>"


def _link_list(links: Iterable[Link]) -> Iterator[str]:
    items = [f'<li><a href="{html.escape(link.url)}">{html.escape(link.label)}</a></li>' for link in links]
    if items:
        yield f"<ul>{''.join(items)}</ul>"


def _without_tags(text: str, place: Place, problems: list[Problem]) -> str:
    if found := _TEMPLATE_TAG.search(text):
        message = f"the text holds template tags ({found[0][:40]}), which only the site can fill in: left out"
        problems.append(problem("template-tag", place, message, "write the text out if listeners need it"))
        text = _TEMPLATE_TAG.sub("", text)
    return text


def _body_blocks(episode: EpisodeFile, problems: list[Problem]) -> list[str]:
    """Return the Markdown body as one piece of HTML a block."""
    found = _TEMPLATE_TAG.search(episode.body)
    place = _place_in_body(episode, found.start() if found else -1)
    body = _KRAMDOWN.sub("", _without_tags(episode.body, place, problems))
    if episode.file.suffix.lower() == ".mdx":
        body = _MODULE_LINE.sub("", body)
    if "[^" in body:  # CommonMark would take a footnote's text for the address of a link
        body = _FOOTNOTE.sub(r"\\[\1\\]", _FOOTNOTE_TEXT.sub(r"\n\\[\1\\]", body))
    if not body.strip():
        return []
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
    return blocks


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415  (most runs remember all notes)

    markdown = MarkdownIt("commonmark").enable("table")
    markdown.add_render_rule("heading_open", lambda *_: "<p><strong>")
    markdown.add_render_rule("heading_close", lambda *_: "</strong></p>\n")
    return markdown


def _sanitiser(site_url: str | None, unusable: list[str]) -> Callable[[Iterable[str]], list[str]]:
    """Return what makes HTML safe, each block by itself, so that a tag left open in one cannot swallow the next.

    Addresses that are taken out of links are added to `unusable`.
    """
    raised: list[Exception] = []
    cleaner = nh3.Cleaner(
        tags=_TAGS, attributes={"a": {"href"}}, attribute_filter=_address_filter(site_url, unusable, raised),
        url_schemes={"http", "https", "mailto"}, link_rel=None,
    )  # fmt: skip

    def clean(blocks: Iterable[str]) -> list[str]:
        cleaned: list[str] = []
        for block in blocks:
            unusable.extend(_ODD_HREF.findall(block))  # nh3 takes these out before it asks
            block = cleaner.clean(_with_our_tags(block)).strip()  # noqa: PLW2901
            if raised:
                raise raised[0]
            block = _NO_LINK.sub(r"\1", block)  # noqa: PLW2901
            while (shorter := _EMPTY.sub("", block)) != block:
                block = shorter.strip()  # noqa: PLW2901
            if block:
                cleaned.append(_LINK_OR_ADDRESS.sub(_linked, block))
        return cleaned

    return clean


def _with_our_tags(block: str) -> str:
    """Return HTML in which tags that directories do not take have given place to those that mean the same."""
    block = _NEXT_CELL.sub(" · ", _ROW_EDGE.sub(lambda edge: f"{edge[1] or edge[2]}>", block))
    return _OTHER_TAG.sub(lambda tag: tag[1] + _SAME_MEANING[tag[2].lower()], block)


def _linked(found: re.Match[str]) -> str:
    """Return a bare address as the link that most apps would make of it; a link stays as it is."""
    address = found[1]
    if address is None:
        return found[0]
    url = address.removesuffix("&amp;").rstrip(_AROUND if "(" in address else f"){_AROUND}")
    return f'<a href="{url}">{url}</a>{address[len(url) :]}'


def _address_filter(
    site_url: str | None, unusable: list[str], raised: list[Exception]
) -> Callable[[str, str, str], str | None]:
    """Return what decides on an attribute; nh3 swallows what is raised in it, so that is gathered in `raised`."""

    def attribute(_tag: str, name: str, value: str) -> str | None:
        if name != "href" or is_placeholder(value):
            return None
        try:
            url = None if value.startswith("#") else absolute_url(value, site_url, WEB_AND_MAIL)
        except Exception as error:
            raised.append(error)
            return None
        if url is None:
            unusable.append(value)
        return url

    return attribute


def _fitting(blocks: list[str]) -> str:
    kept: list[str] = []
    size = 0
    for block in blocks:
        size += len(block.encode()) + 1
        if size > MAX_SUMMARY_BYTES:
            break
        kept.append(block)
    return "\n".join(kept) or (_opening(blocks[0]) if blocks else "")


def _opening(block: str) -> str:
    """Return as many words as fit, for notes that begin with a paragraph longer than directories take."""
    room = MAX_SUMMARY_BYTES - len("<p>…</p>".encode())
    cut = html.escape(plain_text(block)).encode()[:room].decode(errors="ignore")
    whole = re.sub(r"(&[#\w]*|\s\S{0,30})$", "", cut)  # neither half a reference nor half a word
    return f"<p>{whole}…</p>"
