"""No file is ever given another's item, whatever trouble archive and feed are in; and few go without their own."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from random import Random

import pytest
from archives import REPOSITORY, write_real_config
from hypothesis import given
from hypothesis import strategies as st

from feedbuilder.resolve.matching import match_episodes


def _bench():
    """Return the benchmark, which makes up the shows and their trouble."""
    spec = importlib.util.spec_from_file_location("bench_matching", REPOSITORY / "bench/matching.py")
    assert spec
    assert spec.loader
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


bench = _bench()
ANY_SHOW = st.sampled_from(sorted(bench.SHOWS))
SEEDS = st.integers(min_value=0, max_value=2**32)


@pytest.mark.parametrize("mix", [mix for mix in bench.MIXES if "adversarial" not in mix])
@given(show=ANY_SHOW, seed=SEEDS)
def test_no_file_is_given_another_s_item(mix, show, seed):
    _, wrong = bench.run(bench.SHOWS[show], bench.MIXES[mix], seed)
    assert wrong == []


@pytest.mark.parametrize("mix", [mix for mix in bench.MIXES if "adversarial" in mix])
@pytest.mark.parametrize("show", sorted(bench.SHOWS))
def test_no_file_is_given_another_s_item_where_everything_conspires(mix, show):
    """Take fixed seeds: now and then two faults agree in every detail on another episode, and nobody could tell."""
    for seed in range(15):
        _, wrong = bench.run(bench.SHOWS[show], bench.MIXES[mix], seed)
        assert wrong == []


@pytest.mark.parametrize(("mix", "least"), [("as they are", 1.0), ("realistic", 0.98), ("half a feed", 0.97)])
def test_nearly_every_file_finds_its_item_in_realistic_trouble(mix, least):
    counts: Counter[str] = Counter()
    for make in bench.SHOWS.values():
        for seed in range(8):
            counts += bench.run(make, bench.MIXES[mix], seed)[0]
    assert counts["right"] >= least * counts["files"]


@pytest.mark.parametrize("mix", ["as they are", "realistic", "adversarial"])
def test_the_files_of_the_real_archive_find_their_items_or_none(mix, real_archive, tmp_path):
    make = bench.real_show(write_real_config(tmp_path))
    counts: Counter[str] = Counter()
    for seed in range(20):
        more, wrong = bench.run(make, bench.MIXES[mix], seed)
        assert wrong == []
        counts += more
    least = {"as they are": 0.98, "realistic": 0.95, "adversarial": 0.3}[mix]
    assert counts["right"] >= least * counts["files"]


@given(show=ANY_SHOW, seed=SEEDS)
def test_the_order_of_files_and_items_changes_nothing(show, seed):
    rng = Random(seed)
    files, items, _, _ = bench.files_and_items(bench.troubled(bench.SHOWS[show](rng), bench.MIXES["heavy"], rng))
    assert _pairs(files, items) == _pairs(files[::-1], items[::-1])


@given(show=ANY_SHOW, seed=SEEDS)
def test_files_and_items_are_matched_one_to_one_and_all_are_told_of(show, seed):
    rng = Random(seed)
    files, items, _, _ = bench.files_and_items(bench.troubled(bench.SHOWS[show](rng), bench.MIXES["heavy"], rng))
    matching = match_episodes(files, items, zone=bench.ZONE)
    paths = [match.episode.path for match in matching.matches]
    paths += [doubt.episode.path for doubt in matching.doubtful] + [file.path for file in matching.without_item]
    assert sorted(paths) == sorted(file.path for file in files)
    guids = [match.item.guid for match in matching.matches]
    assert len(guids) == len(set(guids))
    told = {candidate.item.guid for doubt in matching.doubtful for candidate in doubt.candidates}
    told |= {*guids, *(item.guid for item in matching.without_episode)}
    assert told == {item.guid for item in items}


def _pairs(files, items):
    return {(match.episode.path, match.item.guid) for match in match_episodes(files, items, zone=bench.ZONE).matches}


def test_two_thousand_episodes_are_matched_in_seconds():
    from time import process_time

    rng = Random(1)
    files, items, _, _ = bench.files_and_items(
        bench.troubled(bench.daily_news(rng, 2000), bench.MIXES["realistic"], rng)
    )
    started = process_time()
    assert len(match_episodes(files, items, zone=bench.ZONE).matches) > 1700
    assert process_time() - started < 15  # about two seconds at a desk
