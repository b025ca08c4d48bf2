"""Language codes that need no table are real ones."""

from __future__ import annotations

import langcodes

from feedbuilder.vocabulary.languages import _COMMON


def test_every_common_code_is_a_registered_one_whose_region_is_in_use():
    for code in _COMMON:
        assert langcodes.tag_is_valid(code), code
        assert langcodes.Language.get(code, normalize=False).territory == langcodes.Language.get(code).territory, code
