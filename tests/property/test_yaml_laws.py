"""The quick reading of front matter is in doubt, or it is libyaml's: the same text at the same places."""

from __future__ import annotations

from textwrap import indent
from unittest.mock import patch

import yaml
from archives import SEEDS
from hypothesis import assume, example, given
from hypothesis import strategies as st
from yaml_readings import full_reading, quick_reading

from feedbuilder.source import yaml_entries

WORDS = (
    "word", "two words", "12", "12:30", "no", "null", "~", "it's", "a  b", "x ", "- a", "-a", "? a", "?a", ": a", ":a",
    "a #b", "a# b", "#x", "http://a.example/c#d", "a: b", "a:", "a: b: c", "{{ x }}", "{a: b}", "[a",
    "é “q” — x", "\xa0x",
    "x\xa0", "&a", "*a", "!t x", "%x", "@x", "`x`", "<<", "---", "...", "a\tb", "a\\b", "=", "\U0001f600", "C#",
    "a,b", "| x", "> x",
)  # fmt: skip
QUOTED = (
    "''", "'a'", "'it''s'", "'a # b'", "'a: b'", "' a '", "'null'", '""', '"a"', '"\\""', '"a: b # c"',
    '"\\x41\\u00e9\\U0001F600"', '"\\n\\t\\\\"',
    '"\\ud800"', '"\\x07"', '"\\q"', '"\\/"', '"\\Uzzzz0000"', '"\\_\\N"',
    "'a' b", '"a": b', "'a'#b", "'a", '"a', "'''",
)  # fmt: skip
FLOW = (
    "{a: b}",
    "{ a: 1 , b-c: 'd' }",
    "{a: b, a: c}",
    "{a: b, }",
    "{a:b}",
    "{null: a}",
    "{a: , b: c}",
    "{a b: c}",
    "[]",
    "{}",
    "[ ]",
    "{ }",
    "[a, b]",
    "[a,b]",
    "[ a b , 'c' ]",
    '["a"]',
    "[a, ]",
    "[null, ~]",
    "[a: b]",
    "[[a]]",
    "[a]b",
)
COMMENTS = ("", "", "", " ", " # c", "  #", "#c", " #\tc")
KEYS = ("a", "b", "line", "sec", "key one", "x-y", "k.z", "é", "null", "<<", '"q"', "'s'", "a b ", "?", "- a", "1")
PIECES = (*WORDS, *QUOTED, *FLOW, " ", "  ", "\n", "\n\n", "\n  ", "\n    ", "\n- ",
          "\n  - ", "\n# c\n", ": ", ":", "#", "'", '"', "\\",
          "\t", "\r", "\r\n", "\x85", "\u2028", "\u2029", "\ufeff", "\x07", "\x7f", "\ufffe",
          "|", ">", "|-\n  ", ">+\n  ", "\n---\n", "\n...\n")  # fmt: skip

spaces = st.integers(0, 6).map(" ".__mul__)


@st.composite
def several_lines(draw, start: st.SearchStrategy[str], lines: st.SearchStrategy[str]) -> str:
    margin = draw(spaces)
    text = draw(start)
    for _ in range(draw(st.integers(1, 4))):
        text += "\n" + draw(st.sampled_from([margin, margin, margin + " ", "", "  "])) + draw(lines)
    return text


@st.composite
def values(draw) -> str:
    word = st.sampled_from(WORDS)
    inside = st.sampled_from(("a", "b c", "", " ", "it''s", "\\", "\\n", "# x", "- y", "a: b", "x "))
    kind = draw(st.integers(0, 7))
    if kind == 0:
        return draw(several_lines(word, word))
    if kind in {1, 2}:
        quote = "'\""[kind - 1]
        return quote + draw(several_lines(inside, inside)) + quote
    if kind == 3:
        header = st.sampled_from(("|", ">", "|-", ">-", "|+", ">+", "|2", "| # c", "|x"))
        return draw(several_lines(header, st.sampled_from(("text", "  more", "# no", "k: v", "", " ", "x "))))
    return draw(st.sampled_from(("", *WORDS, *QUOTED, *FLOW, "word", "12", "'a'", "a b")))


@st.composite
def blocks(draw, depth: int = 0) -> str:
    """Draw a mapping that starts in the first column."""
    lines: list[str] = []
    calm = st.sampled_from(KEYS[:8])
    for key in draw(st.lists(draw(st.sampled_from((calm, calm, calm, st.sampled_from(KEYS)))), min_size=1, max_size=4)):
        kind = draw(st.integers(0, 4 if depth < 3 else 1))
        if kind <= 1:
            gap = draw(st.sampled_from((" ", " ", " ", "  ", "")))
            lines.append(f"{key}:{gap}{draw(values())}{draw(st.sampled_from(COMMENTS))}")
        elif kind == 2:
            lines += [f"{key}:", indent(draw(blocks(depth=depth + 1)), draw(spaces), lambda _: True)]
        else:
            items: list[str] = []
            dash = draw(st.sampled_from(("- ", "- ", "- ", "-   ", "-")))
            for _ in range(draw(st.integers(1, 5))):
                item = draw(blocks(depth=depth + 1) if kind == 3 else values())
                items.append(dash + indent(item, " " * len(dash), lambda _: True).lstrip(" "))
            lines += [f"{key}:", indent("\n".join(items), draw(spaces), lambda _: True)]
        lines += draw(st.sampled_from(([], [], [], [""], ["# c"], ["   # c"], ["  "], ["---"])))
    return "\n".join(lines)


documents = st.builds(str.__add__, blocks(), st.sampled_from(("\n", "\n", "\n\n", "", " ")))
soups = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
many = st.sampled_from((1, 3, 200))  # entries from which on a list is long


def assert_in_doubt_or_the_same(text: str, long_from: int) -> None:
    with patch.object(yaml_entries, "_MANY", long_from):
        quick = quick_reading(text, 3)
        assert quick is None or quick == full_reading(text, 3)


@given(documents, many)
@example("a:\n- # nothing\n", 1)
@example("a:\n- b:\n  c:[x]\n", 1)
@example('a: "\\Ux"\n', 200)
@example("a : b\n", 200)
@example("a: |\n  b\n\n   \nc: d\n", 200)
@example("a: 'b\n\n  \n   c '\n", 200)
def test_documents_like_front_matter(text, long_from):
    assert_in_doubt_or_the_same(text, long_from)


@given(soups, many)
def test_pieces_in_any_order(text, long_from):
    assert_in_doubt_or_the_same(text, long_from)


@given(st.data(), many)
def test_files_that_somebody_broke(data, long_from):
    text = data.draw(st.sampled_from(sorted(_whole_files())))
    start = data.draw(st.integers(0, max(0, len(text) - 1500)))
    text = text[text.rfind("\n", 0, start) + 1 : start + 1500]
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.sampled_from(PIECES)) + text[at + data.draw(st.integers(0, 3)) :]
    assert_in_doubt_or_the_same(text, long_from)


def _whole_files() -> set[str]:
    files = [*SEEDS.rglob("*.md"), *SEEDS.rglob("*.yaml")]
    transcript = "".join(
        f"- line: It's {n},\n    and # or: not\n  sec: {n}\n  time: '0:{n:02}'\n  who: A B\n" for n in range(9)
    )
    return {file.read_text("utf-8") for file in files} | {f"title: 'A: b'\ntranscript:\n{transcript}"}


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=120) | st.sampled_from(WORDS)
flat = st.dictionaries(st.sampled_from(KEYS[:6]), texts, min_size=1, max_size=4)
trees = st.dictionaries(
    st.sampled_from(KEYS[:8]), texts | flat | st.lists(texts, max_size=3) | st.lists(flat, max_size=5), min_size=1
)


@given(trees, st.sampled_from((None, '"', "'", "|", ">")), st.integers(20, 120), st.booleans(), many)
def test_whatever_pyyaml_writes(tree, style, width, plain_characters, long_from):
    text = yaml.safe_dump(tree, default_style=style, width=width, allow_unicode=plain_characters, sort_keys=False)
    assert_in_doubt_or_the_same(text, long_from)


ordinary = st.text(st.sampled_from("abc xyz,.()é“—0123"), min_size=1, max_size=200).map(str.strip).filter(bool)


@given(
    st.dictionaries(st.sampled_from(KEYS[:8]), ordinary | st.lists(ordinary, min_size=1), min_size=1),
    st.integers(40, 120),
)
def test_ordinary_front_matter_is_read_without_doubt(tree, width):
    text = yaml.safe_dump(tree, width=width, allow_unicode=True, sort_keys=False)
    assume("!" not in text and "? " not in text)  # PyYAML puts a long key and a long word on lines of their own
    assert quick_reading(text) == full_reading(text)
