"""Messages: one row per intended contact, moved forward by whoever knows more."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.consents import Purpose
from gateway.domain.errors import NotFound
from gateway.domain.keywords import Keyword
from gateway.domain.messages import Channel, MessageState, predecessors
from gateway.domain.wording import MessageEvent
from gateway.storage.among import among
from gateway.storage.cards.vault import Vault
from gateway.storage.messages.message_moves import LOCK, MOVE
from gateway.storage.tables import messages

HISTORY_ROWS_MAX = 100
OFFERS_DAY = timedelta(hours=24)
OFFERS_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One intended contact: who (nobody for a test send), about what, by which way, and how far.

    Its event is a keyword where we answer one that the customer sent us.

    `fallbacks` are the ways to try when `channel` fails. `facts` are what the words need beyond
    the card as it stands. `address` is that of a test send, and None otherwise.
    """

    id: UUID
    event: MessageEvent | Keyword
    channel: Channel
    customer_id: UUID | None = None
    card_id: UUID | None = None
    campaign_id: UUID | None = None
    fact_id: UUID | None = None
    fallbacks: tuple[Channel, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    state: MessageState = MessageState.QUEUED
    reason: str | None = None
    card_version: int | None = None
    provider: str | None = None
    reference: str | None = None
    address: str | None = field(default=None, repr=False)
    not_before: datetime | None = None

    @property
    def purpose(self) -> Purpose:
        """Why it is written."""
        return self.event.purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """News of a message: what became of it, why, and by which name a provider knows it.

    `channel` and `fallbacks` go together, when it goes on by another way.
    """

    message_id: UUID
    state: MessageState
    reason: str | None = None
    provider: str | None = None
    reference: str | None = None
    card_version: int | None = None
    not_before: datetime | None = None
    channel: Channel | None = None
    fallbacks: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True)
class Offers:
    """How many offers a customer got in the last 24 hours and in the last 7 days."""

    today: int = 0
    this_week: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLine:
    """A line of a customer's message history: never where to, only whether and why not."""

    id: UUID
    event: MessageEvent
    channel: Channel
    state: MessageState
    reason: str | None
    created_at: datetime
    sent_at: datetime | None
    ended_at: datetime | None


class Messages:
    """The merchant's messages."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID, vault: Vault) -> None:
        """Read and write for one merchant, with the vault that seals addresses of test sends."""
        self._connection = connection
        self._merchant_id = merchant_id
        self._vault = vault

    async def add(self, added: Sequence[Message], now: datetime) -> set[UUID]:
        """Keep new messages; return the ids of those that were not there already.

        Nobody is written to twice about one fact, or by one campaign on one channel.
        """
        if not added:
            return set()
        written = await self._connection.execute(
            insert(messages).on_conflict_do_nothing().returning(messages.c.id),
            [self._columns(message, now) for message in added],
        )
        return set(written.scalars())

    async def one(self, message_id: UUID) -> Message:
        """Return a message; raises `NotFound`."""
        found = await self.many([message_id])
        if message_id not in found:
            raise NotFound("This message does not exist.")
        return found[message_id]

    async def many(self, message_ids: Iterable[UUID]) -> dict[UUID, Message]:
        """Return the messages with these ids."""
        found = await self._connection.execute(
            select(messages).where(
                messages.c.merchant_id == self._merchant_id, among(messages.c.id, message_ids)
            )
        )
        return {row.id: self._message(row) for row in found}

    async def by_reference(self, provider: str, reference: str) -> Message | None:
        """Return the message that a provider knows by this name, or None."""
        found = await self._connection.execute(
            select(messages)
            .where(
                messages.c.merchant_id == self._merchant_id,
                messages.c.provider == provider,
                messages.c.reference == reference,
            )
            .limit(1)
        )
        row = found.first()
        return self._message(row) if row else None

    async def move(self, moves: Sequence[Move], now: datetime) -> set[UUID]:
        """Write news of different messages; return the ids of those it was news for.

        A message moves only forward (`predecessors`), so that late news never turn it back.
        Rows are locked in order of their ids, so that two who write news of the same messages
        never wait in a circle.
        """
        by_state: dict[MessageState, list[Move]] = defaultdict(list)
        for move in moves:
            by_state[move.state].append(move)
        if len(by_state) > 1:
            await self._connection.execute(
                LOCK,
                {"merchant_id": self._merchant_id, "ids": [move.message_id for move in moves]},
            )
        moved: set[UUID] = set()
        for state, same in by_state.items():
            written = await self._connection.execute(
                MOVE,
                _news(same)
                | {
                    "merchant_id": self._merchant_id,
                    "state": state,
                    "from_states": sorted(predecessors(state)),
                    "sent_at": now if state in _SENT else None,
                    "ended_at": None if state in _UNDER_WAY else now,
                },
            )
            moved |= set(written.scalars())
        return moved

    async def overtaken(self, message_ids: Collection[UUID]) -> set[UUID]:
        """Return which of these tell of a stamp that a newer message on its way tells of, too.

        Ten stamps in a row are one message with the newest state.
        """
        newer = messages.alias("newer")
        found = await self._connection.execute(
            select(messages.c.id).where(
                messages.c.merchant_id == self._merchant_id,
                among(messages.c.id, message_ids),
                messages.c.event == MessageEvent.STAMP,
                exists().where(
                    newer.c.merchant_id == messages.c.merchant_id,
                    newer.c.customer_id == messages.c.customer_id,
                    newer.c.card_id == messages.c.card_id,
                    newer.c.channel == messages.c.channel,
                    newer.c.event.in_(_TELL_OF_STAMPS),
                    newer.c.state.in_(_UNDER_WAY),
                    newer.c.created_at >= messages.c.created_at,
                    newer.c.id > messages.c.id,
                ),
            )
        )
        return set(found.scalars())

    async def offers(self, customer_ids: Sequence[UUID], now: datetime) -> dict[UUID, Offers]:
        """Return how many offers each of these customers got lately, over all channels."""
        table = messages.c
        lately = func.count().filter(table.sent_at > now - OFFERS_DAY)
        found = await self._connection.execute(
            select(table.customer_id, lately.label("today"), func.count().label("this_week"))
            .where(
                table.merchant_id == self._merchant_id,
                among(table.customer_id, customer_ids),
                table.purpose == Purpose.MARKETING,
                table.sent_at > now - OFFERS_WEEK,
            )
            .group_by(table.customer_id)
        )
        counted = {row.customer_id: Offers(row.today, row.this_week) for row in found}
        return {customer_id: counted.get(customer_id, Offers()) for customer_id in customer_ids}

    async def history(
        self,
        customer_id: UUID,
        card_id: UUID | None = None,
        rows: int = HISTORY_ROWS_MAX,
        before: tuple[datetime, UUID] | None = None,
    ) -> list[MessageLine]:
        """Return a customer's messages, or those about a card, newest first.

        `before` is the last one seen: only what is older is returned.
        """
        table = messages.c
        query = select(messages).where(
            table.merchant_id == self._merchant_id,
            table.customer_id == customer_id,
            # Our answer to a keyword is no news to whoever sent it.
            table.event.in_(list(MessageEvent)),
        )
        if card_id is not None:
            query = query.where(table.card_id == card_id)
        if before:
            query = query.where(tuple_(table.created_at, table.id) < tuple_(*before))
        found = await self._connection.execute(
            query.order_by(table.created_at.desc(), table.id.desc()).limit(
                min(rows, HISTORY_ROWS_MAX)
            )
        )
        return [
            MessageLine(
                id=row.id,
                event=MessageEvent(row.event),
                channel=Channel(row.channel),
                state=MessageState(row.state),
                reason=row.reason,
                created_at=row.created_at,
                sent_at=row.sent_at,
                ended_at=row.ended_at,
            )
            for row in found
        ]

    def _columns(self, message: Message, now: datetime) -> dict[str, object]:
        return {
            "merchant_id": self._merchant_id,
            "id": message.id,
            "customer_id": message.customer_id,
            "card_id": message.card_id,
            "campaign_id": message.campaign_id,
            "fact_id": message.fact_id,
            "event": message.event,
            "purpose": message.purpose,
            "channel": message.channel,
            "fallbacks": list(message.fallbacks),
            "facts": dict(message.facts),
            "state": message.state,
            "reason": message.reason,
            "card_version": message.card_version,
            "created_at": now,
            "not_before": message.not_before,
            "ended_at": None if message.state in _UNDER_WAY else now,
        } | self._sealed(message)

    def _sealed(self, message: Message) -> dict[str, object]:
        """Seal the address of a test send with a key of its own, which goes with the row."""
        if message.address is None:
            return {"address_key": None, "address_sealed": None}
        key = self._vault.new_key(self._merchant_id, message.id)
        sealed = self._vault.seal(message.address, key, self._merchant_id, message.id)
        return {"address_key": key, "address_sealed": sealed}

    def _message(self, row: Row[Any]) -> Message:
        address = None
        if row.address_sealed is not None:
            address = self._vault.open(
                row.address_sealed, row.address_key, self._merchant_id, row.id
            )
        return Message(
            id=row.id,
            event=_event(row.event),
            channel=Channel(row.channel),
            customer_id=row.customer_id,
            card_id=row.card_id,
            campaign_id=row.campaign_id,
            fact_id=row.fact_id,
            fallbacks=tuple(Channel(name) for name in row.fallbacks),
            facts=row.facts,
            state=MessageState(row.state),
            reason=row.reason,
            card_version=row.card_version,
            provider=row.provider,
            reference=row.reference,
            address=address,
            not_before=row.not_before,
        )


_TELL_OF_STAMPS = (MessageEvent.STAMP, MessageEvent.REWARD_EARNED)
_UNDER_WAY = frozenset({MessageState.QUEUED, MessageState.SENDING})
_SENT = frozenset({MessageState.SENT, MessageState.DELIVERED, MessageState.FETCHED})


def _event(name: str) -> MessageEvent | Keyword:
    return Keyword(name) if name in tuple(Keyword) else MessageEvent(name)


def _news(moves: Sequence[Move]) -> dict[str, object]:
    return {
        "ids": [move.message_id for move in moves],
        "reasons": [move.reason for move in moves],
        "providers": [move.provider for move in moves],
        "references": [move.reference for move in moves],
        "card_versions": [move.card_version for move in moves],
        "not_befores": [move.not_before for move in moves],
        "channels": [move.channel for move in moves],
        # An array of arrays must be square in SQL, so each travels as words and commas.
        "fallbacks": [",".join(move.fallbacks) for move in moves],
    }
