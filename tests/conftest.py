"""What all tests share: hypothesis profiles, the option that writes golden trees anew, the real archive.

HYPOTHESIS_PROFILE=deep python -m pytest tests/property     twenty times as many examples
python -m pytest tests/golden --update-golden               write what is expected, then read the difference
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from archives import REAL_ARCHIVE
from hypothesis import HealthCheck, settings

# CI tries the same examples every time: a new one that fails is found at a desk, not in somebody else's change.
settings.register_profile(
    "quick",
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.register_profile("deep", settings.get_profile("quick"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the expected trees of tests/golden anew")


@pytest.fixture(scope="session")
def real_archive() -> Path:
    if not REAL_ARCHIVE.is_dir():
        pytest.skip("the real archive is not at hand: ../shared/archive beside the repository")
    return REAL_ARCHIVE.resolve()
