"""What a speaker is called where there is little room."""

import pytest

from feedbuilder.captions.names import LONGEST_NAME, short_names
from feedbuilder.captions.script import columns


@pytest.mark.parametrize(
    ("speakers", "wanted"),
    [
        (["Ana Maria"], ["Ana Maria"]),
        (["Alexey Grigorev"], ["Alexey"]),
        (["Dr. Angela Sommerfeld"], ["Angela"]),
        (["Johanna Bayerlein", "Johanna Sommerfeld"], ["Johanna B.", "Johanna S."]),
        (["Johanna Bayerlein", "Johanna"], ["Johanna B.", "Johanna"]),
        (["Bartholomäus Kleinschmidt", "Bartholomäus Klein"], ["Bartholomäus…", "B. Klein"]),
        (["Wolfeschlegelsteinhausen"], ["Wolfeschlegel…"]),
        (["東京都知事小池百合子"], ["東京都知事小…"]),
        (["A: B"], ["A B"]),
        ([":"], [""]),
    ],
)
def test_a_name_is_whole_or_the_part_that_tells_speakers_apart(speakers, wanted):
    names = short_names(speakers)
    assert [names[speaker] for speaker in speakers] == wanted
    assert all(columns(name) <= LONGEST_NAME for name in names.values())


def test_a_speaker_is_called_the_same_whatever_the_order():
    speakers = ["Johanna Bayerlein", "Johanna Sommerfeld", "Johanna"]
    assert short_names(speakers) == short_names(reversed(speakers))
