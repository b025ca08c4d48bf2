"""A short round of what `make fuzz` does for as long as one likes; every input that ever found a defect is a seed."""

from __future__ import annotations

import os
import random
import signal

import pytest
from fuzz import BATCH, rounds, run_batch, what_went_wrong
from hypothesis import given
from hypothesis import strategies as st
from mutations import mutated
from readers import OURS, READERS, reads

from seeds import monsters, seeds

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


@pytest.mark.parametrize("name", READERS)
def test_a_reader_takes_what_strangers_write_in_little_time_and_memory(tmp_path, name):
    reads(name, next(seeds(name)))  # everything is imported once
    current = tmp_path / "current"
    (tmp_path / "kept").mkdir()
    inputs = list(seeds(name))
    code = run_batch(name, inputs, current, tmp_path / "kept", set())
    assert code == 0, what_went_wrong(code, tmp_path / "current.told")


@pytest.mark.parametrize("kind", dict(monsters()))
def test_a_monster_costs_no_reader_much(tmp_path, kind):
    data = dict(monsters())[kind]
    for name in ("episode", "config", "sidecar", "host-feed", "feed", "ledger", "review", "manifest"):
        reads(name, next(seeds(name)))
        code = run_batch(name, [data], tmp_path / "current", tmp_path, set())
        assert code == 0, f"{name}: {what_went_wrong(code, tmp_path / 'current.told')}"


@pytest.mark.parametrize("name", READERS)
@given(chance=st.randoms(use_true_random=False))
def test_changed_seeds_bring_no_reader_down(name, chance):
    pool = list(seeds(name))
    reads(name, mutated(chance.choice(pool), pool, chance))


def test_what_a_reader_does_wrong_is_found(tmp_path, monkeypatch):
    def loop(_: bytes) -> None:
        while True:
            pass

    defects = {
        "crash": (lambda _: os.kill(os.getpid(), signal.SIGKILL), "died of SIGKILL"),
        "bug": (lambda _: {}["x"], "KeyError: 'x'"),
        "greed": (lambda _: bytes(400 * 1024 * 1024), "MemoryError"),
        "hang": (loop, "took more than 2.0 s"),
        "refusal": (lambda _: (_ for _ in ()).throw(OURS[0]("no")), None),
    }
    for name, (reader, told) in defects.items():
        monkeypatch.setattr("readers.READERS", {name: reader})
        code = run_batch(name, [b"x" * 30_000], tmp_path / "current", tmp_path, set())
        assert code == 0 if told is None else what_went_wrong(code, tmp_path / "current.told").startswith(told)


def test_what_reaches_new_lines_is_kept_and_changed_further(tmp_path):
    batches = rounds("time", random.Random(1), tmp_path)
    assert b"1:02:03.5" in next(batches)
    assert run_batch("time", [b"1:02", b"PT1H"] * 3, tmp_path / "current", tmp_path, set()) == 0
    assert (tmp_path / "lines").read_text()
    for _ in monsters():
        next(batches)
    assert len(next(batches)) == BATCH
