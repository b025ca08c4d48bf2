"""Who is named by a name and who by the key of a page, and what their work counts as."""

from __future__ import annotations

import pytest
from archives import built, config_text, episode_text, write_archive

JANE = {"people/Jane-Doe.md": "---\ntitle: Jane Doe\n---\n"}


def persons_of(folder, guests):
    """Build an episode with these guests beside Jane's page; return its persons and the codes of what is told."""
    config = config_text(archive={"people": "people"})
    report = built(write_archive(folder, {"a.md": episode_text(guests=guests)}, config, JANE), folder / "out")
    return report.show.episodes[0].persons, {fault.code for fault in report.problems}


@pytest.mark.parametrize("name", ["Sting", "田中太郎", "Özlem", "Jane Roe", "Mary-Ann"])
def test_a_name_of_one_word_is_a_name(name, tmp_path):
    persons, codes = persons_of(tmp_path, [name])
    assert [person.name for person in persons] == [name]
    assert "unknown-person" not in codes


@pytest.mark.parametrize("key", ["jan-doe", "Jan-Doe", "somebody"])
def test_a_key_without_a_page_is_told_and_names_nobody(key, tmp_path):
    persons, codes = persons_of(tmp_path, [key])
    assert not persons
    assert "unknown-person" in codes


@pytest.mark.parametrize(
    ("person", "group"),
    [
        ({"role": "Producer"}, "creative direction"),
        ({"role": "audio editor"}, "audio post-production"),
        ({"role": "Narrator"}, "cast"),
        ({}, "cast"),
        ({"role": "Editor", "group": "Video Post-Production"}, "video post-production"),
        ({"role": "king"}, "cast"),
    ],
)
def test_a_role_brings_its_group_of_the_taxonomy(person, group, tmp_path):
    ((found,), _) = persons_of(tmp_path, [{"name": "Al Bo", **person}])
    assert found.group == group
