"""A worker as a whole: what is committed reaches the phones, whatever becomes of Redis."""

import asyncio
import os
import shutil
import sys
from pathlib import Path

import pytest

from sandbox import processes
from sandbox.apns.commands import Slow
from tests.workers.stages import Stage, eventually


async def test_a_stamp_reaches_the_phone(stage: Stage) -> None:
    """A stamp makes the phone look again, and the tag it will ask for is there by then."""
    card = await stage.card()

    async with stage.worker():
        await stage.shop.stamp(card)
        await eventually(lambda: stage.is_current(card))

    assert len(stage.pushes(card)) == 1
    assert (await stage.shop.stored(card)).published_version == 2
    assert await stage.states() == [("done", "Delivered")]


async def test_aioapns_can_be_chosen(stage: Stage) -> None:
    """Whoever prefers the published client says so in a setting, and the push arrives."""
    card = await stage.card()

    async with stage.worker(APNS_CLIENT="aioapns"):
        await stage.shop.stamp(card)
        await eventually(lambda: stage.is_current(card))

    assert await stage.states() == [("done", "Delivered")]


async def test_a_burst_of_stamps_is_a_couple_of_pushes(stage: Stage) -> None:
    """Ten stamps in a burst say "look again" once or twice, and the last one is told."""
    card = await stage.card()

    async with stage.worker():
        for _ in range(10):
            await stage.shop.stamp(card)
        await eventually(lambda: stage.is_current(card))

    assert 1 <= len(stage.pushes(card)) <= 5
    assert (await stage.shop.stored(card)).published_version == 11


async def test_a_certificate_is_taken_up_without_a_restart(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waited for a missing certificate is sent within seconds of its arrival."""
    monkeypatch.setattr("workers.main.CREDENTIALS_LOOK_SECONDS", 0.1)
    card = await stage.card()

    async def stopped() -> bool:
        return await stage.states() == [("waiting", "SenderStopped")]

    async with stage.worker(APPLE_FOLDER=str(tmp_path)):
        await stage.shop.stamp(card)
        await eventually(stopped)
        shutil.copytree(stage.chain.folder, tmp_path, dirs_exist_ok=True)
        await eventually(lambda: stage.is_current(card))

    assert len(stage.pushes(card)) == 1


async def test_a_worker_process_ends_well_when_asked_to(stage: Stage, tmp_path: Path) -> None:
    """SIGTERM lets a push under way arrive and be written down; the process ends with 0."""
    card = await stage.card()
    await stage.shop.stamp(card)
    stage.apns.next(Slow(0.5))
    with (tmp_path / "log").open("wb") as output:
        program = processes.Program(
            arguments=[sys.executable, "-m", "workers"],
            environment=os.environ | stage.variables(),
            output=output,
        )
        worker = processes.start(program)

    async def accepted() -> bool:
        return len(stage.pushes(card)) == 1

    try:
        await eventually(accepted)
        worker.terminate()
        code = await asyncio.to_thread(worker.wait, 10)
    finally:
        processes.stop(worker)

    assert code == 0
    assert await stage.states() == [("done", "Delivered")]
    words = (tmp_path / "log").read_text()
    assert "worker_stopped" in words
    assert stage.pushes(card)[0].token not in words
