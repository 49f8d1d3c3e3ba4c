"""A worker as a whole: what is committed reaches the phones, whatever becomes of Redis."""

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


async def test_a_burst_of_stamps_is_a_couple_of_pushes(stage: Stage) -> None:
    """Ten stamps in a burst say "look again" once or twice, and the last one is told."""
    card = await stage.card()

    async with stage.worker():
        for _ in range(10):
            await stage.shop.stamp(card)
        await eventually(lambda: stage.is_current(card))

    assert 1 <= len(stage.pushes(card)) <= 5
    assert (await stage.shop.stored(card)).published_version == 11
