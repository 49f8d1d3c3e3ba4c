"""Pictures of rewards: wanted with the reward, fetched by a worker, kept under our own name."""

from typing import Any

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.errors import NotFound
from gateway.domain.rewards import Reward
from gateway.services.cards.viewing import view_card
from gateway.services.merchants.designing import Author
from gateway.services.rewards import cataloguing
from gateway.storage.database import Database
from gateway.storage.queues.due_pictures import DuePictures
from tests.pictures import a_picture
from tests.shops import ORIGIN, Shop, open_shop
from workers.channels.picture.drawing import NoPicture, draw_small
from workers.jobs.pictures import AT_ONCE_MAX, TRIES_MAX, fetch_pictures

MUG: dict[str, object] = {"name": "Mug", "unit": "stamp", "cost": 1}
HERE, THERE = "https://cafe.example/mug.png", "https://cafe.example/other.png"
PICTURE = a_picture()


@pytest.fixture
async def shop(worker: Database) -> Shop:
    """A shop with a catalogue."""
    return await open_shop(worker)


async def fetch(address: str) -> bytes:
    """Find the picture at one address alone."""
    if address != HERE:
        raise NoPicture("Status404")
    return PICTURE


def author(shop: Shop) -> Author:
    """Return who keeps the catalogue."""
    return Author(principal=shop.principal, origin=ORIGIN, new_id=uuid7)


async def offer(shop: Shop, image: str) -> Reward:
    """Put a reward with a picture on the shelf."""
    async with shop.database.units(shop.merchant_id) as unit:
        design = MUG | {"image": image}
        return await cataloguing.create_reward(unit, shop.program.id, design, None, author(shop))


async def turn(worker: Database) -> int:
    """Let a worker look."""
    return await fetch_pictures(DuePictures(worker.engine), worker.units, fetch)


async def shown(shop: Shop) -> dict[str, str]:
    """Return the pictures on the first card's page."""
    async with shop.database.units(shop.merchant_id) as unit:
        view = await view_card(unit, await unit.cards.one(shop.cards[0]))
        return dict(view.pictures)


async def kept(shop: Shop) -> list[tuple[Any, ...]]:
    """Return the rows: address, tries, reason, whether there is a picture, and another try."""
    query = (
        "SELECT address, tries, reason, content IS NOT NULL, due_at IS NOT NULL"
        " FROM reward_pictures ORDER BY address"
    )
    return [tuple(row) for row in await shop.rows(query)]


async def test_a_picture_is_fetched_once_and_served_under_our_name(
    shop: Shop, worker: Database
) -> None:
    """What we serve is our own drawing; another merchant has none of it."""
    await offer(shop, HERE)
    assert await shown(shop) == {}
    assert [await turn(worker), await turn(worker)] == [1, 0]

    name = (await shown(shop))[HERE]
    async with shop.database.units(shop.merchant_id) as unit:
        assert await unit.pictures.content(name) == draw_small(PICTURE)
    stranger = await open_shop(worker, slug="stranger")
    with pytest.raises(NotFound):
        async with worker.units(stranger.merchant_id) as unit:
            await unit.pictures.content(name)
    assert await kept(shop) == [(HERE, 0, None, True, False)]


async def test_a_picture_that_cannot_be_fetched_is_tried_again_later(
    shop: Shop, worker: Database
) -> None:
    """Not at once, not for ever, and again when its reward is saved."""
    reward = await offer(shop, THERE)
    assert [await turn(worker), await turn(worker)] == [0, 0]
    assert await kept(shop) == [(THERE, 1, "Status404", False, True)]

    for _ in range(TRIES_MAX - 1):
        await shop.rows("UPDATE reward_pictures SET due_at = now() RETURNING 1")
        await turn(worker)
    assert await kept(shop) == [(THERE, TRIES_MAX, "Status404", False, False)]

    async with shop.database.units(shop.merchant_id) as unit:
        await cataloguing.change_reward(
            unit, reward.id, MUG | {"image": THERE}, author(shop), revision=1
        )
    assert await kept(shop) == [(THERE, 0, None, False, True)]


async def test_what_ends_a_worker_does_not_end_the_next_one(shop: Shop, worker: Database) -> None:
    """It was put off before it was touched, and holds nobody up who waits behind it."""
    await offer(shop, THERE)

    async def end(_: str) -> bytes:
        raise MemoryError

    with pytest.raises(MemoryError):
        await fetch_pictures(DuePictures(worker.engine), worker.units, end)
    assert await kept(shop) == [(THERE, 1, "Unfinished", False, True)]
    await offer(shop, HERE)
    assert await turn(worker) == 1


async def test_a_merchant_with_many_pictures_holds_up_no_other(
    shop: Shop, worker: Database
) -> None:
    """Of each merchant the one that waited longest comes before a second of any."""
    for n in range(AT_ONCE_MAX):
        await offer(shop, f"{THERE}?{n}")
    late = await open_shop(worker, slug="late")
    await offer(late, HERE)
    assert await turn(worker) == 1
    assert (await shown(late)).keys() == {HERE}


async def test_an_older_picture_stays_while_a_newer_one_cannot_be_had(
    shop: Shop, worker: Database
) -> None:
    """A page does not lose what it showed because a host is away."""
    await offer(shop, HERE)
    await turn(worker)
    before = await shown(shop)
    async with shop.database.units(shop.merchant_id) as unit:
        await unit.pictures.want(HERE, unit.now)

    async def away(_: str) -> bytes:
        raise NoPicture("NoConnection")

    assert await fetch_pictures(DuePictures(worker.engine), worker.units, away) == 0
    assert await shown(shop) == before


async def test_what_no_reward_names_is_forgotten(shop: Shop, worker: Database) -> None:
    """Whether it shows another picture now, or is off the shelf; what another names stays."""
    first, second = await offer(shop, HERE), await offer(shop, HERE)
    await turn(worker)
    async with shop.database.units(shop.merchant_id) as unit:
        await cataloguing.change_reward(
            unit, first.id, MUG | {"image": THERE}, author(shop), revision=1
        )
    assert [row[0] for row in await kept(shop)] == [HERE, THERE]

    async with shop.database.units(shop.merchant_id) as unit:
        await cataloguing.archive_reward(unit, second.id, author(shop), revision=1)
    assert [row[0] for row in await kept(shop)] == [THERE]


async def test_what_another_is_about_to_show_is_not_forgotten(
    shop: Shop, worker: Database
) -> None:
    """Nobody sees their reward yet, and nobody waits for it."""
    first = await offer(shop, HERE)
    await turn(worker)
    units, design = shop.database.units, MUG | {"image": HERE}
    async with units(shop.merchant_id) as unit:
        await cataloguing.create_reward(unit, shop.program.id, design, None, author(shop))
        async with units(shop.merchant_id) as other:
            await cataloguing.archive_reward(other, first.id, author(shop), revision=1)
    assert [row[0] for row in await kept(shop)] == [HERE]


async def test_bytes_that_are_no_picture_are_not_kept(shop: Shop, worker: Database) -> None:
    """Whatever the host says they are."""
    await offer(shop, HERE)

    async def page(_: str) -> bytes:
        return b"<!doctype html>"

    assert await fetch_pictures(DuePictures(worker.engine), worker.units, page) == 0
    assert await kept(shop) == [(HERE, 1, "NoPicture", False, True)]
