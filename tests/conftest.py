"""Generated examples are the same on every run, so that a test that passes here passes elsewhere.

The records of runs go to a store of their own, and nothing waits for a disk: what tests write need
not outlast a loss of power.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from hypothesis import settings

collect_ignore_glob = [
    "*.yaml"
]  # packs among the data of tests; the package's plugin looks for cases

settings.register_profile("repeatable", deadline=None, derandomize=True, database=None)
settings.load_profile("repeatable")


@pytest.fixture(scope="session", autouse=True)
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADING_STORE", str(folder / "store"))
        patch.setattr(os, "fsync", lambda descriptor: None)
        yield
    shutil.rmtree(folder)
