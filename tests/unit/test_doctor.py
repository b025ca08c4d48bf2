"""`feedbuilder doctor`: offsets guessed from sound and from lengths, and builds that are content with them."""

from __future__ import annotations

import json
import shutil
import subprocess
import wave
from array import array
from pathlib import Path
from random import Random

import pytest
from archives import NOW, built, config_text, episode_text, feedbuilder, write_archive

from feedbuilder import read_config
from feedbuilder.captions.clock import Clock
from feedbuilder.cli.doctor import as_json, finding_lines, remedy_lines
from feedbuilder.doctor import Diagnosis, diagnose
from feedbuilder.errors import ExitCode, Place, UsageError
from feedbuilder.resolve.offsets import Measured, Verdict, agree, judge

PLACES = ("harbour", "market", "castle", "forest", "station", "library", "garden", "island", "tower", "bridge")
RATE_HZ = 22_050  # espeak-ng's own


def late_episode(number: int, overrun_s: float, *, tail_s: float = 0, **fields: object) -> str:
    """Return an episode whose last word is said so long after its audio ends."""
    lines = [{"line": f"We speak of the number {second} now.", "sec": second} for second in range(5, 600, 10)]
    end_s = 595 + 2.5
    audio = {"url": f"https://a.example/{number}.mp3", "length": 9, "duration": f"{end_s - overrun_s + tail_s:.1f}"}
    return episode_text(guid=f"id-{number}", title=f"Number {number}", transcript=lines, audio=audio, **fields)


def archive_of(folder: Path, overruns_s: list[float], config: str | None = None, **fields: object) -> Path:
    files = {f"e{number}.md": late_episode(number, late, **fields) for number, late in enumerate(overruns_s)}
    return write_archive(folder, files, config)


def examined(config: Path, **options: object) -> Diagnosis:
    return diagnose(read_config(config), now=NOW, **options)


def lines_of(diagnosis: Diagnosis) -> list[tuple[str, str | None, str]]:
    return [(remedy.place.path, remedy.under, remedy.line) for remedy in diagnosis.remedies]


def codes(config: Path) -> set[str]:
    return {problem.code for problem in built(config, config.parent / "out").problems}


ALIKE_S = [30.2, 29.4, 30.9, 30.0, 29.1, 30.6, 29.9, 30.3]


def test_eight_transcripts_that_outlast_their_audio_alike_give_the_show_an_offset_that_builds_accept(tmp_path):
    config = archive_of(tmp_path, ALIKE_S)
    assert "audio-offset" in codes(config)
    diagnosis = examined(config)
    (remedy,) = diagnosis.remedies
    assert (remedy.place.path, remedy.under, remedy.replaces) == ("feedbuilder.yaml", "show", False)
    offset_s = int(remedy.line.removeprefix("audio_offset: "))
    assert -32 <= offset_s <= -29
    assert {finding.verdict for finding in diagnosis.findings} == {Verdict.CHANGE}
    assert diagnosis.exit_code is ExitCode.HELD

    config.write_text(config_text(show={"audio_offset": str(offset_s)}), "utf-8")
    assert "audio-offset" not in codes(config)
    again = examined(config)
    assert (again.remedies, again.exit_code) == ((), ExitCode.OK)
    assert {finding.verdict for finding in again.findings} == {Verdict.FITS}


def test_nothing_is_written(tmp_path):
    config = archive_of(tmp_path, ALIKE_S)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    examined(config)
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


def test_three_transcripts_that_outlast_their_audio_differently_give_no_offset(tmp_path):
    diagnosis = examined(archive_of(tmp_path, [15, 40, 90]))
    assert diagnosis.remedies == ()
    assert [finding.verdict for finding in diagnosis.findings] == [Verdict.UNSURE] * 3
    assert {finding.offset_ms for finding in diagnosis.findings} == {None}
    assert diagnosis.exit_code is ExitCode.HELD


def test_audio_that_goes_on_after_the_words_proves_no_offset(tmp_path):
    diagnosis = examined(archive_of(tmp_path, [-30.0] * 8))
    assert (diagnosis.remedies, diagnosis.exit_code) == ((), ExitCode.OK)
    assert "the audio ends" in diagnosis.findings[0].evidence


def test_an_episode_unlike_the_others_is_said_to_be_unsure(tmp_path):
    diagnosis = examined(archive_of(tmp_path, [*ALIKE_S, 75]))
    by_slug = {finding.slug: finding for finding in diagnosis.findings}
    assert lines_of(diagnosis)[0][:2] == ("feedbuilder.yaml", "show")
    assert (by_slug["e8"].verdict, by_slug["e8"].offset_ms) == (Verdict.UNSURE, None)
    assert "at most -7" in by_slug["e8"].evidence


def test_a_whole_offset_is_proposed_and_not_what_the_present_one_lacks(tmp_path):
    diagnosis = examined(archive_of(tmp_path, ALIKE_S, config_text(show={"audio_offset": "-10"})))
    (remedy,) = diagnosis.remedies
    assert remedy.replaces
    assert remedy.line in {"audio_offset: -30", "audio_offset: -31"}
    assert (tmp_path / "feedbuilder.yaml").read_text("utf-8").splitlines()[remedy.place.line - 1].strip()[1:13] == (
        "audio_offset"
    )


def test_an_episodes_own_offset_is_left_alone_where_nothing_speaks_against_it(tmp_path):
    files = {f"e{number}.md": late_episode(number, late) for number, late in enumerate(ALIKE_S)}
    files["own.md"] = late_episode(99, 75, audio_offset="-1:16")
    diagnosis = examined(write_archive(tmp_path, files))
    assert [under for _, under, _ in lines_of(diagnosis)] == ["show"]
    (own,) = [finding for finding in diagnosis.findings if finding.slug == "own"]
    assert (own.verdict, own.present_ms) == (Verdict.FITS, -76_000)


def test_chapters_alone_can_show_that_an_offset_is_wrong(tmp_path):
    audio = {"url": "https://a.example/a.mp3", "length": 9, "duration": "10:00"}
    clips = [{"name": "Start", "startOffset": 0}, {"name": "End", "startOffset": 660}]
    (finding,) = examined(write_archive(tmp_path, {"a.md": episode_text(audio=audio, quotableClips=clips)})).findings
    assert finding.verdict is Verdict.UNSURE
    assert "the last chapter starts 60 s after the end of the audio" in finding.evidence


def test_an_episode_without_audio_or_words_is_not_known_and_nothing_is_to_be_done(tmp_path):
    silent = episode_text(transcript=[{"line": "Hi.", "sec": 0}])
    wordless = episode_text(guid="two", audio={"url": "https://a.example/a.mp3", "length": 9, "duration": "10:00"})
    diagnosis = examined(write_archive(tmp_path, {"a.md": silent, "b.md": wordless}, config_text(missing_audio="fail")))
    assert {finding.verdict for finding in diagnosis.findings} == {Verdict.UNKNOWN}
    assert diagnosis.exit_code is ExitCode.OK


def test_only_the_named_episodes_are_looked_at_and_a_wrong_name_is_told(tmp_path):
    config = archive_of(tmp_path, ALIKE_S)
    assert [finding.slug for finding in examined(config, only=["e3"]).findings] == ["e3"]
    with pytest.raises(UsageError, match="no episode is called e33"):
        examined(config, only=["e33"])


def measured(slug: str, heard_ms: int | None, room_ms: int | None = None, own_ms: int | None = None) -> Measured:
    return Measured(
        slug=slug,
        place=Place(f"episodes/{slug}.md", 1, 1),
        field="audio_offset",
        own_ms=own_ms,
        audio_ms=None if room_ms is None else 600_000 + room_ms,
        words_end_ms=600_000,
        last_line_ms=598_000,
        last_chapter_ms=None,
        clock=None if heard_ms is None else Clock(offset_ms=heard_ms, peak=9.0, fit=0.5),
        unheard=None,
    )


def test_what_was_heard_in_most_episodes_is_the_shows_and_the_others_get_their_own():
    known = [measured("a", -30_210), measured("b", -29_980), measured("c", -30_300), measured("d", 4030)]
    agreement = agree(known, 0)
    assert agreement is not None
    assert agreement.offset_ms == -30_200
    findings = [judge(one, 0, agreement) for one in known]
    assert [finding.offset_ms for finding in findings] == [-30_200, -30_200, -30_200, 4000]


def test_an_outro_heard_in_two_episodes_is_that_of_all_of_the_same_length():
    known = [measured("a", 15_000, 40_000), measured("b", 15_100, 40_500)]
    known += [measured(f"e{number}", None, 39_000 + 300 * number) for number in range(6)]
    agreement = agree(known, 0)
    assert agreement is not None
    assert agreement.offset_ms == pytest.approx(15_000, abs=1000)
    assert agree(known, 15_000) is None


def test_what_was_heard_overrules_the_lengths():
    known = [measured(f"e{number}", None, -30_000) for number in range(6)] + [measured("a", 0, 12_000)]
    assert agree(known, 0) is None


def test_two_episodes_are_too_few_to_speak_for_the_show():
    assert agree([measured("a", -30_000), measured("b", -30_100)], 0) is None
    assert agree([measured("a", None, -30_000), measured("b", None, -30_100)], 0) is None


def sentences_of(seed: int) -> list[str]:
    chance = Random(seed)
    forms = (
        "We went to the {0} before noon.",
        "Nobody at the {0} knew, for a long time, what the {1} was for.",
        "Why the {0}?",
        "There was, after all, another way from the {0} to the {1}, and it led past the {2}.",
        "It was late.",
        "So the {0} stayed as it was.",
    )
    return [chance.choice(forms).format(*chance.sample(PLACES, 3)) for _ in range(50)]


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[list[dict[str, object]], array[int]]]:
    """Four talks said by espeak-ng: their transcripts, stamped in whole seconds, and their sound."""
    pytest.importorskip("av", reason='needs the extra: pip install "feedbuilder[align]"')
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng is needed to make the audio")
    file = tmp_path_factory.mktemp("talks") / "one.wav"
    made = []
    for seed in range(4):
        chance = Random(seed)
        samples, lines = array("h"), []
        for sentence in sentences_of(seed):
            subprocess.run(["espeak-ng", "-v", "en-gb", "-w", file, sentence], check=True)
            samples.extend(silence(chance.uniform(0.2, 1.2)))
            lines.append({"line": sentence, "sec": len(samples) // RATE_HZ})
            with wave.open(str(file)) as one:
                samples.extend(array("h", one.readframes(one.getnframes())))
        made.append((lines, samples))
    return made


def silence(length_s: float) -> array[int]:
    return array("h", bytes(2 * round(length_s * RATE_HZ)))


LOCAL = {"audio": {"folder": "audio", "base_url": "https://a.example/"}}


def write_talks(folder: Path, transcripts: list[list[dict[str, object]]], sounds: list[array[int]]) -> Path:
    """Write episodes e0, e1, … with their audio beside them."""
    episodes = {
        f"e{number}.md": episode_text(guid=f"id-{number}", title=f"Number {number}", transcript=lines)
        for number, lines in enumerate(transcripts)
    }
    (folder / "audio").mkdir()
    for number, samples in enumerate(sounds):
        with wave.open(str(folder / f"audio/e{number}.wav"), "wb") as file:
            file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
            file.writeframes(samples.tobytes())
    return write_archive(folder, episodes, config_text(**LOCAL))


def test_a_show_cut_at_the_beginning_is_mended_by_the_lines_of_the_doctor(talks, tmp_path):
    cut = round(12.3 * RATE_HZ)
    sounds = [samples[cut:] for _, samples in talks[:3]] + [silence(7.8) + talks[3][1]]
    config = write_talks(tmp_path, [lines for lines, _ in talks], sounds)
    assert "audio-offset" in codes(config)
    diagnosis = examined(config)
    assert lines_of(diagnosis)[0][:2] == ("feedbuilder.yaml", "show")
    assert [(path, under) for path, under, _ in lines_of(diagnosis)[1:]] == [("episodes/e3.md", None)]
    show_s, own_s = (float(line.removeprefix("audio_offset: ")) for _, _, line in lines_of(diagnosis))
    assert (show_s, own_s) == (pytest.approx(-12.3, abs=0.2), pytest.approx(7.8, abs=0.2))

    config.write_text(config_text(show={"audio_offset": str(show_s)}, **LOCAL), "utf-8")
    file = tmp_path / "episodes/e3.md"
    file.write_text(file.read_text("utf-8").replace("---\n", f"---\naudio_offset: {own_s}\n", 1), "utf-8")
    assert "audio-offset" not in codes(config)
    again = examined(config)
    assert (again.remedies, again.exit_code) == ((), ExitCode.OK)
    assert {finding.verdict for finding in again.findings} == {Verdict.RIGHT}


def test_another_episodes_audio_gets_no_guess(talks, tmp_path):
    config = write_talks(tmp_path, [talks[0][0]], [talks[1][1]])
    (finding,) = examined(config).findings
    assert finding.offset_ms is None
    assert "the sound does not fit the words" in finding.evidence
    (unheard,) = examined(config, listen=False).findings
    assert "does not fit" not in unheard.evidence


def test_audio_with_a_spot_put_in_has_no_one_offset(talks, tmp_path):
    lines = [*talks[0][0], *({**line, "sec": line["sec"] + 200} for line in talks[1][0])]
    gap = silence(200 - len(talks[0][1]) / RATE_HZ)
    sound = talks[0][1] + gap + silence(25) + talks[1][1]
    (finding,) = examined(write_talks(tmp_path, [lines], [sound])).findings
    assert (finding.verdict, finding.offset_ms) == (Verdict.UNSURE, None)
    assert "does not keep one offset" in finding.evidence


def test_lines_for_people_name_every_episode_and_what_to_write(tmp_path):
    config = archive_of(tmp_path, [*ALIKE_S, 75])
    diagnosis = examined(config)
    told = [line for line, _ in finding_lines(diagnosis, every=False)]
    assert [line.split()[0] for line in told] == [finding.slug for finding in diagnosis.findings]
    assert "should be -3" in told[-1]
    written = "\n".join(remedy_lines(diagnosis, tmp_path))
    assert "feedbuilder.yaml: add" in written
    assert "  show:\n    audio_offset: -3" in written
    document = json.loads(as_json(diagnosis))
    assert document["remedies"][0]["line"] == diagnosis.remedies[0].line
    assert document["exit_code"] == 3


def test_episodes_that_nothing_tells_of_are_counted_unless_all_are_wanted(tmp_path):
    files = {f"e{number}.md": episode_text(guid=f"id-{number}", title=f"{number}") for number in range(3)}
    diagnosis = examined(write_archive(tmp_path, files))
    assert len(list(finding_lines(diagnosis, every=False))) == 1
    assert len(list(finding_lines(diagnosis, every=True))) == 3


def test_the_command_says_by_its_exit_code_whether_there_is_something_to_do(tmp_path):
    config = archive_of(tmp_path, ALIKE_S)
    run = feedbuilder("doctor", "--config", config)
    assert (run.returncode, "audio_offset: -3" in run.stdout) == (3, True), run.stderr
    run = feedbuilder("doctor", "--config", config, "--format", "json")
    assert (run.returncode, json.loads(run.stdout)["exit_code"]) == (3, 3)
    config.write_text(config_text(show={"audio_offset": "-30"}), "utf-8")
    assert feedbuilder("doctor", "--config", config).returncode == 0
    run = feedbuilder("doctor", "--config", config, "--only", "nobody", "--format", "json")
    assert (run.returncode, json.loads(run.stdout)["exit_code"]) == (2, 2)
    assert feedbuilder("doctor", "--config", tmp_path / "none.yaml").returncode == 2
