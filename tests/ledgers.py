"""A ledger to test with: value spent, versions published, and what lots there are."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from gateway.domain.business_day import business_day
from gateway.domain.cards import Standing
from gateway.domain.ledger import Account, TransactionKind, Transfer
from gateway.domain.rules.outcomes import Day
from gateway.domain.rules.plan import Plan
from gateway.services.cards.commands import Answer, Command
from gateway.services.cards.posting import Decision, carry_out
from gateway.services.ledger.joining_cards import join_cards
from gateway.services.ledger.joint_postings import JoinCards
from gateway.storage.cards.postings import Reading
from gateway.storage.unit import Unit
from tests.shops import CLOCK, FINGERPRINT, ORIGIN, Shop


def command(shop: Shop, card: UUID) -> Command:
    """Return a command on a card under a key of its own."""
    return Command(
        principal=shop.principal,
        origin=ORIGIN,
        key=uuid7().hex,
        fingerprint=FINGERPRINT,
        card_id=card,
    )


async def post(shop: Shop, card: UUID, kind: TransactionKind, *transfers: Transfer) -> Answer:
    """Post transfers on a card, whatever they are."""

    async def decide(_unit: Unit, reading: Reading, standing: Standing) -> Decision:
        return Decision(
            transaction_id=uuid7(),
            kind=kind,
            transfers=transfers,
            standing=standing,
            facts=(),
            body="{}",
            day=Day(
                day=business_day(reading.now, CLOCK),
                points=sum(
                    each.amount
                    for each in transfers
                    if each.unit == "point" and each.source is Account.ISSUED
                ),
            ),
        )

    return await carry_out(shop.database.units, command(shop, card), decide)


async def spend(shop: Shop, card: UUID, unit: str, amount: int) -> None:
    """Take value from a card, soonest-ending first."""
    transfer = Transfer(unit, Account.AVAILABLE, Account.ADJUSTED, amount)
    await post(shop, card, TransactionKind.ADJUST, transfer)


async def grant(
    shop: Shop,
    card: UUID,
    amount: int,
    *,
    unit: str = "point",
    expires_at: datetime | None = None,
    usable_from: datetime | None = None,
) -> None:
    """Give value to a card that ends, and may be used, when a test says."""
    account = Account.PENDING if usable_from else Account.AVAILABLE
    transfer = Transfer(unit, Account.ISSUED, account, amount, expires_at, usable_from)
    await post(shop, card, TransactionKind.EARN, transfer)


async def join(shop: Shop, giver: UUID, taker: UUID, **more: Any) -> Answer:  # noqa: ANN401
    """Move value from a card to another; without an amount, all of it for good."""
    fields: dict[str, Any] = {
        "principal": shop.principal,
        "origin": ORIGIN,
        "key": uuid7().hex,
        "fingerprint": FINGERPRINT,
        "card_id": giver,
        "counterpart_card_id": taker,
        "reason": "Lost her phone",
    }
    return await join_cards(shop.database.units, JoinCards(**fields | more), uuid7)


async def publish(shop: Shop, plan: Plan) -> None:
    """Let another plan hold from now on."""
    async with shop.database.units(shop.merchant_id) as unit:
        program = await unit.programs.one(shop.program.id)
        number = program.version.number + 1
        version = replace(program.version, id=uuid7(), number=number, plan=plan)
        await unit.programs.add_version(version, None, unit.now)
        changed = replace(program, version=version, revision=program.revision + 1)
        await unit.programs.change(changed, revision=program.revision)


async def lots(shop: Shop, card: UUID) -> list[tuple[str, str, int]]:
    """Return a card's open lots as (unit, account, what is left), soonest-ending first."""
    rows = await shop.rows(
        "SELECT unit, account, remaining FROM lots WHERE card_id = :card AND remaining > 0"
        " ORDER BY expires_at NULLS LAST, earned_at, number",
        card=card,
    )
    return [(unit, account, remaining) for unit, account, remaining in rows]
