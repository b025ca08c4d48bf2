"""`feedbuilder rollback`: an older generation out again, what that means, and what builds do from then on."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from archives import built, config_text, episode_text, feedbuilder, tree, write_archive

from feedbuilder.errors import OutputError, RefusedError, UsageError
from feedbuilder.publish import disk
from feedbuilder.publish.generations import generation_out, generations, switch
from feedbuilder.publish.rollback import roll_back
from feedbuilder.source.settings import read_config


def written(root: Path, mode: str = "swap", **titles: str) -> Path:
    episodes = {f"{guid}.md": episode_text(guid=guid, title=title) for guid, title in titles.items()}
    for file in (root / "episodes").glob("*"):
        file.unlink()
    return write_archive(root, episodes, config_text(publish={"mode": mode}, output="out"))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Publish a good generation, and a bad one with an episode more and another title."""
    config = written(tmp_path, a="Good")
    built(config, tmp_path / "out")
    built(written(tmp_path, a="Bad", b="Too early"), tmp_path / "out")
    return config


def titles(out: Path) -> str:
    return (out / "feed.xml").read_text().partition("<item>")[2]


def test_there_and_back_again(config, tmp_path):
    out, ledger = tmp_path / "out", (tmp_path / "feedbuilder.lock").read_bytes()
    good, bad = tree(tmp_path / ".out.generation-000001"), tree(out)
    run = feedbuilder("rollback", "-c", config)
    assert (run.returncode, run.stderr) == (0, "")
    assert "- Too early" in run.stdout
    assert "generation 1 took the place of 2" in run.stdout
    assert "feedbuilder build --accept rollback" in run.stdout
    assert tree(out) == good
    assert (tmp_path / "feedbuilder.lock").read_bytes() == ledger
    run = feedbuilder("rollback", "-c", config, "--to", "2")
    assert run.returncode == 0
    assert "+ Too early" in run.stdout
    assert "--accept" not in run.stdout
    assert tree(out) == bad
    assert not built(config, out).changes.written


def test_what_would_change_is_told_and_nothing_does(config, tmp_path):
    before = tree(tmp_path / "out")
    run = feedbuilder("rollback", "-c", config, "--dry-run")
    assert run.returncode == 0
    assert "- Too early" in run.stdout
    assert "generation 1 would take the place of 2" in run.stdout
    assert tree(tmp_path / "out") == before
    assert generation_out(tmp_path / "out") == 2


def test_generations_are_listed_with_what_is_out_marked(config):
    run = feedbuilder("rollback", "-c", config, "--list")
    assert run.stdout.splitlines() == [
        "  1  1 episode, the newest of 2026-01-31: Good",
        "* 2  2 episodes, the newest of 2026-01-31: Too early",
    ]


def test_after_a_rollback_no_build_publishes_unless_told_to(config, tmp_path):
    out = tmp_path / "out"
    roll_back(out, "feed.xml")
    good, ledger = tree(out), (tmp_path / "feedbuilder.lock").read_bytes()
    for change in ({}, {"c": "Another"}):
        run = feedbuilder("build", "-c", written(tmp_path, a="Bad", b="Too early", **change))
        assert run.returncode == 4
        assert "generation 2 was rolled back, and 1 is out until you say so" in run.stderr
        assert "feedbuilder rollback --to 2" in run.stderr
        assert "--accept rollback" in run.stderr
    assert tree(out) == good
    assert (tmp_path / "feedbuilder.lock").read_bytes() == ledger
    assert feedbuilder("diff", "-c", config).returncode == 4
    assert feedbuilder("diff", "-c", config, "--accept", "rollback").returncode == 0


def test_a_build_that_is_told_to_goes_on_from_what_is_out_and_forgets_what_was_bad(config, tmp_path):
    out = tmp_path / "out"
    roll_back(out, "feed.xml")
    report = built(written(tmp_path, a="Mended", b="Now"), out, accept={"rollback"})
    assert [change.item.title for change in report.changes.feed.added] == ["Now"]
    assert generations(out) == (1, 3)
    assert generation_out(out) == 3
    assert not built(config, out).changes.written
    assert roll_back(out, "feed.xml").new == 1


def test_what_others_put_into_the_output_folder_outlives_a_rollback(config, tmp_path):
    out = tmp_path / "out"
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / ".out.generation-000001/robots.txt").write_text("old")
    (out / "uploads").mkdir(mode=0o700)
    (out / "uploads/three.mp3").write_text("the only copy")
    (out / "more").symlink_to("../elsewhere")
    (out / "robots.txt").write_text("new")
    (out / "uploads/feed.xml").symlink_to("../feed.xml")
    built(written(tmp_path, a="Worse"), out, accept={"removals"})
    run = feedbuilder("rollback", "-c", config, "--to", "1")
    assert run.returncode == 0, run.stderr
    for accept in ((), {"rollback"}):
        if accept:
            built(written(tmp_path, a="Mended"), out, accept=accept)
        assert (out / "uploads/three.mp3").read_text() == "the only copy"
        assert (out / "uploads").stat().st_mode & 0o777 == 0o700
        assert (out / "uploads/feed.xml").samefile(out / "feed.xml")
        assert (out / "more").samefile(tmp_path / "elsewhere")
        assert (out / "robots.txt").read_text() == "new"
        assert "Worse" not in titles(out)
    assert generations(out) == (1, 4)


def test_a_build_that_would_change_nothing_ends_the_rollback_when_it_is_told_to(config, tmp_path):
    out = tmp_path / "out"
    roll_back(out, "feed.xml")
    with pytest.raises(RefusedError, match="rolled back"):
        built(written(tmp_path, a="Good"), out)
    assert not built(config, out, accept={"rollback"}).changes.written
    assert generations(out) == (1,)
    assert not built(config, out).changes.written


def test_an_episode_that_comes_back_after_a_rollback_is_the_one_it_was(config, tmp_path):
    out = tmp_path / "out"
    (tmp_path / "episodes/n.md").write_text(episode_text(guid=None, title="No id", dateadded="2026-02-01"))
    built(config, out)
    before = titles(out)
    roll_back(out, "feed.xml")
    assert "No id" not in titles(out)
    built(config, out, accept={"rollback"})
    assert titles(out) == before


def test_what_is_rolled_back_stays_so_when_the_mode_changes(config, tmp_path):
    out = tmp_path / "out"
    roll_back(out, "feed.xml")
    with pytest.raises(RefusedError, match=r"would lose generation 2.*rollback --to 2"):
        built(written(tmp_path, "in-place", a="Good"), out)
    assert (generation_out(out), generations(out)) == (1, (1, 2))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--to", "7"], "has no generation 7; there are 1, 2"),
        (["--to", "0"], "Invalid value for '--to'"),
        (["--on-change", "'"], "cannot be taken apart"),
    ],
)
def test_what_cannot_be_done_is_wrong_usage(config, tmp_path, arguments, told):
    run = feedbuilder("rollback", "-c", config, *arguments)
    assert run.returncode == 2
    assert told in run.stderr
    assert generation_out(tmp_path / "out") == 2


def test_before_the_first_generation_there_is_none(config, tmp_path):
    roll_back(tmp_path / "out", "feed.xml")
    with pytest.raises(UsageError, match="no generation before 1, which is out; there are 1, 2"):
        roll_back(tmp_path / "out", "feed.xml")
    assert roll_back(tmp_path / "out", "feed.xml", to=1).old == 1
    with pytest.raises(UsageError, match="is out: the first build"):
        roll_back(tmp_path / "nowhere", "feed.xml")


def test_an_empty_folder_that_was_there_before_is_nothing_to_go_back_to(tmp_path):
    (tmp_path / "out").mkdir()
    config = written(tmp_path, a="Good")
    built(config, tmp_path / "out")
    with pytest.raises(UsageError, match=r"generation 1 of .*out has no feed"):
        roll_back(tmp_path / "out", "feed.xml")
    assert "Good" in titles(tmp_path / "out")


def test_a_single_generation_is_too_few_to_keep(tmp_path):
    config = write_archive(tmp_path, {}, config_text(publish={"mode": "swap", "keep": 1}))
    with pytest.raises(UsageError) as error:
        read_config(config)
    [fault] = error.value.problems
    assert "publish.keep" in f"{fault.message} {fault.remedy}"


def test_a_folder_that_is_changed_in_place_has_nothing_to_go_back_to(tmp_path):
    config = written(tmp_path, "in-place", a="Good")
    built(config, tmp_path / "out")
    run = feedbuilder("rollback", "-c", config)
    assert run.returncode == 2
    assert "publish: {mode: swap}" in run.stderr


def test_nobody_rolls_back_what_another_run_is_building(config, tmp_path):
    with subprocess.Popen(["flock", tmp_path / ".out.feedbuilder/.feedbuilder.lock", "sh", "-c", "echo; cat"],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:  # fmt: skip
        other.stdout.readline()
        run = feedbuilder("rollback", "-c", config)
        other.stdin.close()
    assert run.returncode == 11
    assert generation_out(tmp_path / "out") == 2


def test_a_rollback_is_carried_to_where_listeners_meet_it(config, tmp_path):
    command = f"sh -c 'cat >{tmp_path}/changes; test -e {tmp_path}/up'"
    (tmp_path / "up").touch()
    assert feedbuilder("build", "-c", config, "--on-change", command).returncode == 0
    (tmp_path / "up").unlink()
    assert feedbuilder("rollback", "-c", config, "--on-change", command).returncode == 6
    assert (tmp_path / "changes").read_text() == "written feed.xml\n"
    (tmp_path / "up").touch()
    (tmp_path / "changes").unlink()
    assert feedbuilder("rollback", "-c", config, "--to", "1", "--on-change", command).returncode == 0
    assert (tmp_path / "changes").read_text() == "written feed.xml\n"
    delivered = json.loads((tmp_path / ".out.feedbuilder/.feedbuilder-delivered.json").read_bytes())
    assert delivered == json.loads((tmp_path / "out/manifest.json").read_bytes())


def test_a_generation_whose_feed_cannot_be_read_can_be_listed_and_left(config, tmp_path):
    out = tmp_path / "out"
    (out / "feed.xml").unlink()
    assert feedbuilder("rollback", "-c", config, "--list").stdout.splitlines()[1] == "* 2  no feed"
    run = feedbuilder("rollback", "-c", config)
    assert run.returncode == 0
    assert "+ Good" in run.stdout
    assert "Good" in titles(out)


def test_a_disk_that_fails_leaves_the_one_or_the_other_out(config, tmp_path, monkeypatch):
    out, original, left = tmp_path / "out", disk.step, 0
    whole = tree(tmp_path / ".out.generation-000001"), tree(tmp_path / ".out.generation-000002")

    def step(name, file):
        nonlocal left
        left -= 1
        if left < 0:
            raise OutputError(f"{name} {file} failed")
        return original(name, file)

    monkeypatch.setattr(disk, "step", step)
    for number in range(1000):
        left = number
        try:
            switch(out, 1)
            return
        except OutputError:
            assert tree(out) in whole
    pytest.fail("a switch took a thousand steps")
