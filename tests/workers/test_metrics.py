"""The worker's numbers, as whoever watches over it fetches them."""

import asyncio
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.workers.stages import Stage, eventually
from workers.metrics import Metrics, served

HOST = "127.0.0.1"
EXAMINED = "loyalty_invariant_last_success_timestamp_seconds"


def fetch(port: int) -> str:
    """Return what is served."""
    with urlopen(f"http://{HOST}:{port}/metrics", timeout=5) as answer:
        text: str = answer.read().decode()
    return text


def test_violations_appear_by_name_in_the_text_that_is_served(free_port: int) -> None:
    """As long as it is served; another look sets them anew."""
    metrics = Metrics()
    with served(metrics, HOST, free_port):
        metrics.tell_violations({"01_zero_sum": 2, "02_other": 0})
        first = fetch(free_port)
        metrics.tell_violations({"01_zero_sum": 0, "02_other": 0})
        second = fetch(free_port)

    assert 'loyalty_invariant_violations{name="01_zero_sum"} 2.0' in first
    assert 'loyalty_invariant_violations{name="02_other"} 0.0' in first
    assert 'loyalty_invariant_violations{name="01_zero_sum"} 0.0' in second
    with pytest.raises(URLError):
        fetch(free_port)


def test_without_a_port_nothing_is_served(free_port: int) -> None:
    """Whoever does not watch opens no door."""
    with served(Metrics(), HOST, None), pytest.raises(URLError):
        fetch(free_port)


async def test_a_worker_examines_and_signs_as_it_starts(stage: Stage, free_port: int) -> None:
    """Its numbers say so, and hold nothing about any one merchant."""
    await stage.shop.stamp(await stage.card())

    async def has_done_both() -> bool:
        try:
            text = await asyncio.to_thread(fetch, free_port)
        except URLError:
            return False
        is_examined = f"{EXAMINED} 0.0" not in text
        return is_examined and "loyalty_ledger_checkpoints_total 1.0" in text

    async with stage.worker(METRICS_PORT=str(free_port)):
        await eventually(has_done_both)
        text = await asyncio.to_thread(fetch, free_port)

    assert "loyalty_invariant_violations{" in text
    assert str(stage.shop.merchant.id) not in text
