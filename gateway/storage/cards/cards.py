"""Cards: opening them, finding them, and a merchant's list of members."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Row, Select, and_, case, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.cards import CardStatus
from gateway.domain.errors import NotFound
from gateway.domain.ledger import Account, Balances, balance
from gateway.domain.memories import memory_on
from gateway.domain.program_life import redeemable_until
from gateway.domain.programs import ProgramStatus
from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.rules.plan import Plan
from gateway.storage.among import among
from gateway.storage.tables import accounts, cards, program_versions, programs

PAGE_ROWS_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card as the pages, the passes and the API show it.

    `announcement_id` is the campaign whose words it shows in the wallet.
    """

    id: UUID
    code: str
    status: CardStatus
    program_id: UUID
    program_status: ProgramStatus
    program_ended_at: datetime | None
    program_version_id: UUID
    customer_id: UUID
    version: int
    balances: Balances
    memory: Mapping[str, RuleMemory]
    tier: str | None
    opened_at: datetime
    last_earned_at: datetime | None
    announcement_id: UUID | None = None

    def available(self, unit: str) -> int:
        """Return how much of a unit can be spent; below zero after a refund of what was spent."""
        return balance(self.balances, unit, Account.AVAILABLE)

    def reserved(self, unit: str) -> int:
        """Return how much of a unit is set aside for rewards on their way."""
        return balance(self.balances, unit, Account.RESERVED)

    def redeemable_until(self, plan: Plan) -> datetime | None:
        """Return until when the card of a program that ended can be used; None before its end."""
        if self.program_status is not ProgramStatus.ENDED or self.program_ended_at is None:
            return None
        return redeemable_until(self.program_ended_at, plan.grace_days)

    def on(self, plan: Plan, today: date) -> "Card":
        """Return the card as it reads on a business day: what is over counts no more."""
        return replace(self, memory=memory_on(plan, self.memory, today))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCard:
    """What a card is opened with; `variant` and its version while an experiment runs."""

    id: UUID
    code: str
    program_id: UUID
    customer_id: UUID
    variant: str | None = None
    variant_version_id: UUID | None = None


class Cards:
    """The merchant's cards."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def open(self, card: NewCard, now: datetime) -> bool:
        """Open a card; return False when the customer has one. Accounts open when first used."""
        opened = await self._connection.execute(
            insert(cards)
            .values(
                merchant_id=self._merchant_id,
                id=card.id,
                program_id=card.program_id,
                customer_id=card.customer_id,
                code=card.code,
                status=CardStatus.ACTIVE,
                version=1,
                variant=card.variant,
                variant_version_id=card.variant_version_id,
                opened_at=now,
            )
            .on_conflict_do_nothing(index_elements=["merchant_id", "program_id", "customer_id"])
        )
        return bool(opened.rowcount)

    async def one(self, card_id: UUID) -> Card:
        """Return a card; raises `NotFound`."""
        return await self._one(cards.c.id == card_id)

    async def many(self, card_ids: Collection[UUID]) -> dict[UUID, Card]:
        """Return the cards with these ids."""
        found = await self._connection.execute(self._shown().where(among(cards.c.id, card_ids)))
        return {row.id: _card(row) for row in found}

    async def by_code(self, code: str) -> Card:
        """Return the card with the scanned code, or the one it was merged into.

        Raises `NotFound`.
        """
        leads_to = (
            select(func.coalesce(cards.c.merged_into, cards.c.id))
            .where(cards.c.merchant_id == self._merchant_id, cards.c.code == code)
            .scalar_subquery()
        )
        return await self._one(cards.c.id == leads_to)

    async def of_customer(self, customer_id: UUID, program_id: UUID) -> Card:
        """Return the customer's card in a program; raises `NotFound`."""
        return await self._one(
            and_(cards.c.customer_id == customer_id, cards.c.program_id == program_id)
        )

    async def of_one_customer(self, customer_id: UUID, rows: int) -> list[Card]:
        """Return a customer's cards, newest first, without those that were merged into others."""
        found = await self._connection.execute(
            self._shown()
            .where(cards.c.customer_id == customer_id, cards.c.merged_into.is_(None))
            .order_by(cards.c.opened_at.desc(), cards.c.id.desc())
            .limit(min(rows, PAGE_ROWS_MAX))
        )
        return [_card(row) for row in found]

    async def page(
        self, rows: int, after: tuple[datetime, UUID] | None = None, program_id: UUID | None = None
    ) -> list[Card]:
        """Return cards, newest first, that come after the last one seen; at most 100."""
        query = self._shown().order_by(cards.c.opened_at.desc(), cards.c.id.desc())
        if after:
            query = query.where(tuple_(cards.c.opened_at, cards.c.id) < tuple_(*after))
        if program_id:
            query = query.where(cards.c.program_id == program_id)
        found = await self._connection.execute(query.limit(min(rows, PAGE_ROWS_MAX)))
        return [_card(row) for row in found]

    async def change_look(self, program_id: UUID, after: UUID, rows: int) -> list[UUID]:
        """Count up the versions of a program's next `rows` cards by id; return which they are.

        Their passes show something else from now on, though no stamp was given. Locked in the
        order of the ledger.
        """
        due = (
            select(cards.c.id)
            .where(
                cards.c.merchant_id == self._merchant_id,
                cards.c.program_id == program_id,
                cards.c.id > after,
            )
            .order_by(cards.c.id)
            .limit(rows)
            .with_for_update()
            .cte("due")
        )
        changed = await self._connection.execute(
            update(cards)
            .where(cards.c.merchant_id == self._merchant_id, cards.c.id == due.c.id)
            .values(version=cards.c.version + 1)
            .returning(cards.c.id)
        )
        return sorted(changed.scalars())

    async def _one(self, condition: ColumnElement[bool]) -> Card:
        row = (await self._connection.execute(self._shown().where(condition))).first()
        if row is None:
            raise NotFound("This card does not exist.")
        return _card(row)

    def _shown(self) -> Select[Any]:
        balances = (
            select(
                func.jsonb_agg(
                    func.jsonb_build_array(accounts.c.unit, accounts.c.account, accounts.c.balance)
                )
            )
            .where(accounts.c.merchant_id == cards.c.merchant_id, accounts.c.card_id == cards.c.id)
            .scalar_subquery()
        )
        query = select(
            cards,
            programs.c.status.label("program_status"),
            programs.c.ended_at.label("program_ended_at"),
            program_versions.c.id.label("program_version_id"),
            balances.label("balances"),
        ).join_from(
            cards,
            programs,
            and_(
                programs.c.merchant_id == cards.c.merchant_id, programs.c.id == cards.c.program_id
            ),
        )
        is_tied = cards.c.variant_version_id.is_not(None)
        query = query.join(
            program_versions,
            and_(
                program_versions.c.merchant_id == programs.c.merchant_id,
                program_versions.c.program_id == programs.c.id,
                case(
                    (is_tied, program_versions.c.id == cards.c.variant_version_id),
                    else_=program_versions.c.number == programs.c.current_number,
                ),
            ),
        )
        return query.where(cards.c.merchant_id == self._merchant_id)


def _card(row: Row[Any]) -> Card:
    balances: dict[str, dict[Account, int]] = {}
    for unit, account, amount in row.balances or ():
        balances.setdefault(unit, {})[Account(account)] = amount
    return Card(
        id=row.id,
        code=row.code,
        status=CardStatus(row.status),
        program_id=row.program_id,
        program_status=ProgramStatus(row.program_status),
        program_ended_at=row.program_ended_at,
        program_version_id=row.program_version_id,
        customer_id=row.customer_id,
        version=row.version,
        balances=balances,
        memory=msgspec.convert(row.memory, dict[str, RuleMemory]),
        tier=row.tier,
        opened_at=row.opened_at,
        last_earned_at=row.last_earned_at,
        announcement_id=row.announcement_id,
    )
