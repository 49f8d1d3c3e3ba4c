"""A Google stand-in with one service account."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.google.stand_in import GoogleStandIn
from tests.googles import make_key_file


@pytest.fixture
async def google(tmp_path: Path) -> AsyncIterator[GoogleStandIn]:
    """Run a stand-in that keeps what is written under the test's folder."""
    async with GoogleStandIn(tmp_path / "accounts", tmp_path / "google") as stand_in:
        make_key_file(tmp_path / "accounts", stand_in.url)
        yield stand_in
