"""What `--accept` means."""

from __future__ import annotations

import pytest

from feedbuilder.errors import UsageError
from feedbuilder.publish.acceptance import KINDS, parse_acceptance
from feedbuilder.publish.guard import PROMISES


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_alone_covers_every_episode_and_no_other_kind(kind):
    acceptance = parse_acceptance([kind])
    assert [other for other in KINDS if acceptance.covers(other, ["one"])] == [kind]


def test_a_kind_may_stand_in_the_singular_and_for_one_episode():
    acceptance = parse_acceptance(["guid:one", "removals: two ", "date"])
    assert acceptance.covers("guids", ["one.md", "one"])
    assert not acceptance.covers("guids", ["two"])
    assert acceptance.covers("removals", ["two"])
    assert acceptance.covers("dates", [])


@pytest.mark.parametrize("value", ["nothing", "removals:", "move:one", ":one"])
def test_what_cannot_be_meant_is_wrong_usage(value):
    with pytest.raises(UsageError, match=value):
        parse_acceptance([value])


def test_every_promise_has_a_kind_that_can_be_accepted():
    assert {promise.kind for promise in PROMISES} == KINDS.keys() - {"artwork", "move", "overwrite", "rollback"}
