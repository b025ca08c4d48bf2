"""The codes of the catalogue are those the program uses."""

from __future__ import annotations

import ast
from pathlib import Path

import feedbuilder
from feedbuilder.errors import Place
from feedbuilder.problems import CATALOGUE, MAX_MESSAGE, problem

PACKAGE = Path(feedbuilder.__file__).parent


def texts(*, outside: str | None = None) -> set[str]:
    """Return every text literal of the package."""
    return {
        node.value
        for file in PACKAGE.rglob("*.py")
        if file.name != outside
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def codes_given() -> set[str]:
    """Return the first argument of every call that names a kind of problem outright."""
    return {
        node.args[0].value
        for file in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"problem", "fault"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def test_every_code_that_is_used_is_in_the_catalogue():
    given = codes_given()
    assert len(given) > 50
    assert given <= CATALOGUE.keys()


def test_every_code_of_the_catalogue_is_used():
    assert CATALOGUE.keys() <= texts(outside="problems.py")


def test_a_message_that_quotes_a_whole_file_is_cut_in_its_middle():
    told = problem("bad-url", Place("x.md"), f"{'x' * 10_000} is no web address").message
    assert len(told) <= MAX_MESSAGE
    assert told.endswith("x is no web address")
