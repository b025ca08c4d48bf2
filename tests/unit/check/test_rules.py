"""Every rule sees what breaks it, and nothing in a feed and files that break none."""

from __future__ import annotations

import re
import runpy
from dataclasses import replace
from pathlib import Path

import pytest
from archives import REPOSITORY
from specimens import (
    CHAPTER_BREAKS,
    CHAPTERS,
    FEED,
    FEED_BREAKS,
    NOW,
    SEGMENT_BREAKS,
    SEGMENTS,
    SRT,
    SRT_BREAKS,
    URL,
    VTT,
    VTT_BREAKS,
)

from feedbuilder.check import every_rule
from feedbuilder.check.captions import read_captions
from feedbuilder.check.catalogue import RULES
from feedbuilder.check.document import read_document
from feedbuilder.check.examine import (
    Finding,
    examine_feed,
    examine_media,
    examine_pair,
    examine_picture,
    examine_text,
    findings,
)
from feedbuilder.check.feed import Item, read_feed
from feedbuilder.check.media import MediaFacts, PictureFacts
from feedbuilder.check.rules import Profile, broken

DURATION_MS = 600_000
FILES = frozenset(
    {"feed.xml", "a.jpg", "2.png", "2.mp3", "1.m4a", "live.mp3", "chapters/2.json", "transcripts/2.vtt",
     "transcripts/2.srt"}
)  # fmt: skip
OF_FOLDERS = {"L1": "transcripts/2.vtt", "L1b": "2.mp3"}


def of_feed(text: str, profile: Profile = Profile.ALL, files: frozenset[str] = FILES) -> list[Finding]:
    document = read_document(text.encode())
    feed = read_feed(document.root, url=URL, now=NOW, folder_paths=files) if document.root is not None else None
    return list(findings(examine_feed(document, feed), "feed.xml", profile))


def of_text(path: str, text: str) -> list[Finding]:
    return list(findings(examine_text(path, text.encode(), DURATION_MS), path, Profile.ALL))


def codes(found: list[Finding]) -> set[str]:
    return {finding.rule.code for finding in found}


def first_item() -> Item:
    document = read_document(FEED.encode())
    assert document.root is not None
    feed = read_feed(document.root)
    assert feed is not None
    return feed.items[1]


PICTURE = PictureFacts(
    url="https://show.example/a.jpg", is_artwork=True, length_bytes=300_000, width_px=3000, height_px=3000,
    mime_type="image/jpeg", color_mode="RGB", dpi=72.0,
)  # fmt: skip
PICTURE_BREAKS = {
    "A1": replace(PICTURE, flaw="truncated"),
    "A2": replace(PICTURE, mime_type="image/png"),
    "A3": replace(PICTURE, width_px=1200, height_px=1200),
    "A4": replace(PICTURE, color_mode="CMYK"),
    "A4b": replace(PICTURE, color_mode="RGBA"),
    "A5": replace(PICTURE, dpi=300.0),
    "A6": replace(PICTURE, length_bytes=600_000),
}
MEDIA = MediaFacts(item=first_item(), length_bytes=123, duration_ms=600_400)
MEDIA_BREAKS = {
    "M1": replace(MEDIA, length_bytes=124),
    "M2": replace(MEDIA, flaw="this is not an audio file"),
    "M3": replace(MEDIA, duration_ms=602_000),
    "M4": replace(MEDIA, disagrees="inside, the file is MP4, not what .mp3 says"),
}
TEXTS = [
    ("chapters/2.json", CHAPTERS, CHAPTER_BREAKS),
    ("transcripts/2.vtt", VTT, VTT_BREAKS),
    ("transcripts/2.srt", SRT, {code: change for code, change in SRT_BREAKS.items() if code != "T12"}),
    ("transcripts/2.json", SEGMENTS, SEGMENT_BREAKS),
]


def test_what_breaks_no_rule_has_no_findings():
    assert [str(finding.message) for finding in of_feed(FEED)] == []
    for path, good, _ in TEXTS:
        assert [(finding.rule.code, finding.message) for finding in of_text(path, good)] == []
    assert list(examine_picture(PICTURE)) == list(examine_media(MEDIA)) == []
    assert list(examine_pair(read_captions(SRT.encode(), "srt"), read_captions(VTT.encode(), "vtt"))) == []


@pytest.mark.parametrize("code", FEED_BREAKS)
def test_a_rule_of_the_feed_sees_what_breaks_it(code: str):
    before, after = FEED_BREAKS[code]
    assert before in FEED
    assert code in codes(of_feed(FEED.replace(before, after)))


@pytest.mark.parametrize(
    ("path", "good", "change", "code"),
    [(path, good, change, code) for path, good, breaks in TEXTS for code, change in breaks.items()],
)
def test_a_rule_of_chapters_or_transcripts_sees_what_breaks_it(
    path: str, good: str, change: tuple[str, str], code: str
):
    assert change[0] in good
    found = of_text(path, good.replace(*change))
    assert code in codes(found)


@pytest.mark.parametrize("code", PICTURE_BREAKS)
def test_a_rule_of_pictures_sees_what_breaks_it(code: str):
    assert {rule.code for rule, _ in examine_picture(PICTURE_BREAKS[code])} == {code}


@pytest.mark.parametrize("code", MEDIA_BREAKS)
def test_a_rule_of_media_sees_what_breaks_it(code: str):
    assert {rule.code for rule, _ in examine_media(MEDIA_BREAKS[code])} == {code}


@pytest.mark.parametrize(("code", "missing"), OF_FOLDERS.items())
def test_a_file_that_the_feed_names_must_be_there(code: str, missing: str):
    assert codes(of_feed(FEED, files=FILES - {missing})) == {code}


def test_a_transcript_that_no_item_names_is_told_where_it_is():
    found = of_feed(FEED, files=FILES | {"transcripts/9.vtt", "chapters/2.vtt"})
    assert [(finding.rule.code, finding.path) for finding in found] == [("L2", "transcripts/9.vtt")]


def test_captions_that_differ_are_told():
    before, after = SRT_BREAKS["T12"]
    changed = read_captions(SRT.replace(before, after).encode(), "srt")
    assert [rule.code for rule, _ in examine_pair(changed, read_captions(VTT.encode(), "vtt"))] == ["T12"]


def test_a_folder_without_a_feed_is_told():
    assert [rule.code for rule, _ in broken([RULES["X0"]], {"index.html": b"<html>"})] == ["X0"]
    assert list(broken([RULES["X0"]], {"feed.xml": FEED.encode()})) == []


def test_every_rule_has_a_case_above():
    cases = {*FEED_BREAKS, *(code for _, _, breaks in TEXTS for code in breaks), *PICTURE_BREAKS, *MEDIA_BREAKS}
    assert cases | {*OF_FOLDERS, "L2", "T12", "X0"} == set(RULES)


def test_every_finding_of_a_feed_has_its_line():
    for before, after in FEED_BREAKS.values():
        for finding in of_feed(FEED.replace(before, after)):
            assert finding.line or finding.rule.code in {"X8", "C23", "L2"}, finding


def test_a_profile_holds_only_what_it_demands():
    text = FEED.replace('<podcast:locked owner="robin@show.example">yes</podcast:locked>', "")
    assert codes(of_feed(text, Profile.APPLE)) == set()
    assert codes(of_feed(text, Profile.PODCAST_INDEX)) == {"C9"}


def test_every_rule_says_who_holds_it_why_and_how_to_mend_it():
    for rule in every_rule.RULES.values():
        assert rule.levels.keys() - {Profile.ALL}
        assert rule.spec.startswith("https://")
        assert rule.demand
        assert rule.remedy
        assert not rule.remedy.endswith(".")


def test_the_page_lists_every_rule_as_it_is():
    text = (REPOSITORY / "docs/check.md").read_text("utf-8")
    tables = runpy.run_path(str(REPOSITORY / "tests/tools/write_check_docs.py"))
    assert text == tables["page"](text), "write it anew: python tests/tools/write_check_docs.py"


def test_every_demand_of_the_rules_page_is_checked_or_said_not_to_be():
    page = (REPOSITORY / "docs/rules.md").read_text("utf-8")
    cells = re.findall(r"^\| ([A-Z]+\d[^|]*) \|", page, re.MULTILINE)
    known = {re.sub(r"[a-z]$", "", code) for code in every_rule.RULES}
    for cell in cells:
        for first, last in re.findall(r"([A-Z]+\d+)(?:–([A-Z]*\d+))?", cell):
            prefix, number = re.fullmatch(r"([A-Z]+)(\d+)", first).groups()  # type: ignore[union-attr]
            end = int(re.sub(r"\D", "", last)) if last else int(number)
            missing = {f"{prefix}{one}" for one in range(int(number), end + 1)} - known
            assert missing <= {"C17"}, cell


def test_modules_of_rules_list_all_they_make():
    for file in Path(REPOSITORY / "feedbuilder/check").rglob("*.py"):
        text = file.read_text("utf-8")
        for name in re.findall(r"^@rule\(.*?\ndef (\w+)", text, re.MULTILINE | re.DOTALL):
            assert len(re.findall(rf"\b{name}\b", text)) > 1, f"{file.name}: {name} is in no table"
