"""The chores: reservations run out, partitions are ahead, old rows go; one worker at a time."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import pytest

from gateway.domain.ledger import TransactionKind
from gateway.domain.redemptions import RedemptionStatus
from gateway.resources import new_id, now
from gateway.services.cards.commands import Answer, EndRedemption
from gateway.services.ledger.signing import Signer
from gateway.services.rewards.ending import end_redemption
from gateway.services.rewards.reserving import reserve_reward
from gateway.storage.database import Database
from gateway.storage.queues.housekeeping import Housekeeping
from tests import database as databases
from tests.shops import Shop, body, open_shop, opened
from tests.workers.stages import eventually
from workers.channels.picture.drawing import NoPicture
from workers.jobs.auditing import Auditor
from workers.jobs.chores import LAPSE, SWEEP, Chore, Timer, all_chores
from workers.jobs.lapsing import lapse_reservations
from workers.metrics import Metrics


@pytest.fixture
def keeping(worker: Database) -> Housekeeping:
    """What looks after the tables."""
    return Housekeeping(worker.engine)


async def reserved(shop: Shop) -> EndRedemption:
    """Fill a card and reserve its reward; return the command that would hand it out."""
    for _ in range(shop.reward.cost):
        await shop.stamp()
    answer = await reserve_reward(shop.database.units, shop.reserve_command(), new_id, "AB12")
    return shop.end_command(_redemption(answer))


async def age(database: databases.Database, statement: str, *values: UUID) -> None:
    """Change rows as time would; only the owner of everything may."""
    async with opened(database.superuser_dsn) as everything:
        await everything.pool.execute(statement, *values)


async def standing(shop: Shop) -> tuple[int, int]:
    """Return available and reserved stamps of the first card."""
    async with shop.database.units(shop.merchant_id) as unit:
        card = await unit.cards.one(shop.cards[0])
    return card.available("stamp"), card.reserved("stamp")


async def test_a_reservation_that_ran_out_gives_its_stamps_back(
    database: databases.Database, worker: Database, keeping: Housekeeping
) -> None:
    """Once its time is over, and once only; what still has time is left alone."""
    shops = [await open_shop(worker, slug=f"shop-{n}") for n in range(2)]
    over, open_still = [await reserved(shop) for shop in shops]
    await age(
        database,
        "UPDATE redemptions SET expires_at = now() - interval '1 second' WHERE id = $1",
        over.redemption_id,
    )

    assert await lapse_reservations(keeping, worker.units, new_id) == 1
    assert await lapse_reservations(keeping, worker.units, new_id) == 0
    assert [await standing(shop) for shop in shops] == [(3, 0), (0, 3)]
    assert await _status(shops[0], over) is RedemptionStatus.EXPIRED
    assert await _status(shops[1], open_still) is RedemptionStatus.RESERVED


async def test_two_workers_expire_a_reservation_once(
    database: databases.Database, worker: Database, keeping: Housekeeping
) -> None:
    """Without any lock between them its stamps come back once."""
    shop = await open_shop(worker)
    await reserved(shop)
    await age(database, "UPDATE redemptions SET expires_at = now() - interval '1 second'")

    await asyncio.gather(*(lapse_reservations(keeping, worker.units, new_id) for _ in range(4)))

    assert await standing(shop) == (3, 0)


async def test_what_was_handed_out_does_not_run_out(
    database: databases.Database, worker: Database, keeping: Housekeeping
) -> None:
    """A redemption that ended keeps its end, whatever the clock says."""
    shop = await open_shop(worker)
    command = await reserved(shop)
    answer = await end_redemption(worker.units, command, TransactionKind.REDEEM, new_id)
    assert answer.is_done
    await age(database, "UPDATE redemptions SET expires_at = now() - interval '1 second'")

    assert await lapse_reservations(keeping, worker.units, new_id) == 0
    assert await standing(shop) == (0, 0)


async def test_partitions_are_made_ahead_once(keeping: Housekeeping) -> None:
    """The migration made the next months; a missing one is made by the job, and only that."""
    assert await keeping.make_partitions() == 0


async def test_missing_partitions_are_made(
    database: databases.Database, keeping: Housekeeping
) -> None:
    """The worker's role can make what it may not create itself."""
    await age(
        database,
        "DO $$ BEGIN EXECUTE 'DROP TABLE deliveries_'"
        " || to_char(now() AT TIME ZONE 'UTC' + interval '3 months', 'YYYY_MM'); END $$",
    )

    assert await keeping.make_partitions() == 1


async def test_old_rows_are_swept_and_young_ones_kept(
    database: databases.Database, worker: Database, keeping: Housekeeping
) -> None:
    """Keys go after a week, relayed facts too; dead and waiting facts stay."""
    shop = await open_shop(worker)
    for _ in range(4):
        await shop.stamp()
    for statement in (
        """UPDATE idempotency_keys SET created_at = now() - interval '8 days'
        WHERE ctid IN (SELECT ctid FROM idempotency_keys LIMIT 3)""",
        """UPDATE outbox SET relayed_at = now() - interval '8 days'
        WHERE ctid IN (SELECT ctid FROM outbox LIMIT 2)""",
        """UPDATE outbox SET dead_reason = 'Broken'
        WHERE ctid IN (SELECT ctid FROM outbox WHERE relayed_at IS NOT NULL LIMIT 1)""",
    ):
        await age(database, statement)

    assert await keeping.sweep_idempotency_keys() == 3
    assert await keeping.sweep_facts() == 1
    assert await keeping.sweep_idempotency_keys() + await keeping.sweep_facts() == 0


async def test_ended_sessions_are_swept(
    database: databases.Database, keeping: Housekeeping, worker: Database
) -> None:
    """A session goes a month after its end, whoever's it was."""
    shop = await open_shop(worker)
    await age(
        database,
        "INSERT INTO staff (merchant_id, id, name, role, active, created_at)"
        " VALUES ($1, $1, 'Ann', 'staff', true, now())",
        shop.merchant_id,
    )
    await age(
        database,
        "INSERT INTO sessions"
        " (merchant_id, id, secret_hash, staff_id, created_at, seen_at, expires_at)"
        " SELECT merchant_id, gen_random_uuid(), '', id, now(), now(), at FROM staff,"
        " (VALUES (now() + interval '1 hour'), (now() - interval '31 days')) AS ends(at)",
    )

    assert await keeping.sweep_sessions() == 1


async def test_what_webhooks_said_is_swept(
    database: databases.Database, keeping: Housekeeping, worker: Database
) -> None:
    """Messages and the delivery log go after thirty days, whoever's they were."""
    shop = await open_shop(worker)
    await age(
        database,
        "INSERT INTO webhook_endpoints"
        " (merchant_id, id, url, description, events, status, secret_sealed, revision, created_at)"
        " VALUES ($1, $1, '', '', '{*}', 'enabled', '', 1, now())",
        shop.merchant_id,
    )
    for statement in (
        """INSERT INTO webhook_messages (merchant_id, id, type, body, created_at)
        SELECT $1, gen_random_uuid(), 't', '{}', now() - days * interval '1 day'""",
        """INSERT INTO webhook_attempts (merchant_id, endpoint_id, id, message_id, number,
        outcome, milliseconds, excerpt, attempted_at)
        SELECT $1, $1, gen_random_uuid(), $1, 1, 'x', 1, '', now() - days * interval '1 day'""",
    ):
        await age(database, f"{statement} FROM unnest(ARRAY[29, 31]) AS days", shop.merchant_id)

    assert await keeping.sweep_webhooks() == 2
    assert await keeping.sweep_webhooks() == 0


async def test_what_google_no_longer_counts_is_swept(
    database: databases.Database, keeping: Housekeeping, worker: Database
) -> None:
    """A callback goes a day after it expired, a notification after two days."""
    shop = await open_shop(worker)
    await age(
        database,
        "INSERT INTO google_callbacks"
        " (merchant_id, issuer_id, nonce, object_id, event, expires_at, received_at)"
        " SELECT $1, '1', at::text, '1.a', 'save', at, now() FROM"
        " (VALUES (now() - interval '23 hours'), (now() - interval '25 hours')) AS ends(at)",
        shop.merchant_id,
    )
    await age(
        database,
        "INSERT INTO google_notices (merchant_id, id, resource_id, kind, notified_at)"
        " SELECT $1, gen_random_uuid(), '1.a', 'update', at FROM"
        " (VALUES (now() - interval '47 hours'), (now() - interval '49 hours')) AS told(at)",
        shop.merchant_id,
    )

    assert await keeping.sweep_google() == 2
    assert await keeping.sweep_google() == 0


async def test_messages_are_kept_for_a_year_and_a_month(
    database: databases.Database, keeping: Housekeeping, worker: Database
) -> None:
    """One that ended long ago goes; a younger one, and one that never ended, stay."""
    shop = await open_shop(worker)
    await age(
        database,
        "INSERT INTO messages (merchant_id, id, event, purpose, channel, fallbacks, facts, state,"
        " created_at, ended_at)"
        " SELECT $1, gen_random_uuid(), 'stamp', 'service', 'mail', '{}', '{}', 'sent', now(), at"
        " FROM (VALUES (now() - interval '401 days'), (now() - interval '399 days'), (NULL))"
        " AS ends(at)",
        shop.merchant_id,
    )

    assert await keeping.sweep_messages() == 1
    assert await shop.rows("SELECT count(*) FROM messages") == [(2,)]


async def test_a_chore_is_one_workers_at_a_time(keeping: Housekeeping) -> None:
    """While one is at it, another one's try does nothing; afterwards it may."""
    async with keeping.alone("sweep") as ours:
        async with keeping.alone("sweep") as theirs:
            assert (ours, theirs) == (True, False)
        async with keeping.alone("another") as other:
            assert other
    async with keeping.alone("sweep") as again:
        assert again


async def test_the_timer_does_everything_at_once_and_survives_failures(
    worker: Database, keeping: Housekeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chore that fails holds up no other, and is done again when it is next due."""
    monkeypatch.setattr("workers.jobs.chores.LOOK_SECONDS", 0.01)
    done: list[str] = []

    def chore(name: str) -> Chore:
        async def do() -> int:
            done.append(name)
            if name == LAPSE:
                raise ConnectionResetError
            return 1

        return Chore(timedelta(seconds=0 if name == LAPSE else 60), do)

    auditor = Auditor(worker, Signer.of(b"c" * 32), Metrics(), now)
    chores: Mapping[str, Chore] = all_chores(worker, new_id, auditor, _nothing_there)
    timer = Timer({name: chore(name) for name in chores}, keeping)
    running = asyncio.create_task(timer.run())

    async def again() -> bool:
        return done.count(LAPSE) > 1

    await eventually(again)
    running.cancel()
    await asyncio.wait([running])

    assert done[: len(chores)] == list(chores)
    assert done.count(LAPSE) > 1
    assert done.count(SWEEP) == 1


async def _nothing_there(address: str) -> bytes:
    raise NoPicture(address)


def _redemption(answer: Answer) -> UUID:
    return UUID(str(body(answer)["redemption_id"]))


async def _status(shop: Shop, command: EndRedemption) -> RedemptionStatus:
    async with shop.database.units(shop.merchant_id) as unit:
        return (await unit.redemptions.one(command.redemption_id)).status
