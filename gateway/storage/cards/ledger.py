"""The ledger's hot path: a set of cards read together, a set of decisions written together."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from typing import Any, Protocol
from uuid import UUID

import asyncpg
import msgspec

from gateway.domain.cards import CardStatus, Standing
from gateway.domain.earning import Explanation
from gateway.domain.ledger import Account, TransactionKind, Transfer
from gateway.domain.people import Origin, Principal
from gateway.domain.programs import ProgramStatus

Item = dict[str, object]
_SOURCE_EVENT_TAKEN = "source_events_pkey"


class Row(Protocol):
    """A record of the driver, read by column name."""

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 -- a column can hold anything
        """Return the column's value."""


Fetch = Callable[..., Awaitable[Sequence[Row]]]


class Written(StrEnum):
    """What became of one posting of a set."""

    DONE = "done"
    REPLAYED = "replayed"
    LOST = "lost"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What a key was answered with, and for which request."""

    fingerprint: bytes
    status: int
    body: str


@dataclass(frozen=True, slots=True)
class Question:
    """Which card a command is about, and the key it is known by."""

    merchant_id: UUID
    card_id: UUID
    principal: str
    key: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The answer already given to a key, or how the card stands at the database's `now`."""

    answer: StoredAnswer | None
    standing: Standing | None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """An event with the id it keeps on its way out."""

    id: UUID
    type: str
    data: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A transaction to post, and what the card remembers after it.

    Valid only for the card's `version` it was decided on.
    """

    transaction_id: UUID
    occurred_at: datetime
    kind: TransactionKind
    card_id: UUID
    version: int
    program_version_id: UUID
    location_id: UUID | None
    transfers: tuple[Transfer, ...]
    announcements: tuple[Announcement, ...]
    explanations: tuple[Explanation, ...] = ()
    earned_before: datetime | None = None
    last_earned_at: datetime | None = None
    earned_on: date | None = None
    earned_that_day: int = 0
    reverses: UUID | None = None
    source_event_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """A key with its final answer and, unless that is a refusal, the change to post."""

    principal: Principal
    origin: Origin
    key: str
    card_id: UUID
    answer: StoredAnswer
    change: Change | None = None


class Ledger:
    """Reads and writes sets of cards in one round trip each, on a pool or in a unit's transaction.

    A set may name each card and each key once.
    """

    def __init__(self, fetch: Fetch) -> None:
        """Take the driver's `fetch`, of a pool or of one connection."""
        self._fetch = fetch

    async def read(self, questions: Sequence[Question]) -> list[Reading]:
        """Return a reading per question, in order; an unknown card has no standing."""
        batch = _grouped(
            (
                question.merchant_id,
                {
                    "n": n,
                    "card_id": question.card_id,
                    "principal": question.principal,
                    "key": question.key,
                },
            )
            for n, question in enumerate(questions)
        )
        rows = await self._fetch("SELECT * FROM ledger_read($1::jsonb)", batch)
        readings = {row["n"]: _reading(row) for row in rows}
        return [readings[n] for n in range(len(questions))]

    async def write(self, postings: Sequence[Posting]) -> list[Written]:
        """Return per posting whether it was written; only `DONE` has any effect.

        `RECORDED` says that the source event of the change was already posted. To know which one
        that is, its set is written again one by one, so such a set has no transaction around it.
        """
        # In the order of their cards and keys, refusals too, so that two sets can never wait for
        # each other.
        in_order = sorted(enumerate(postings), key=lambda pair: (pair[1].card_id, pair[1].key))
        batch = _grouped(
            (posting.principal.merchant_id, _item(n, posting)) for n, posting in in_order
        )
        try:
            rows = await self._fetch("SELECT n, result FROM ledger_write($1::jsonb)", batch)
        except asyncpg.UniqueViolationError as taken:
            if taken.constraint_name != _SOURCE_EVENT_TAKEN:
                raise
            if len(postings) == 1:
                return [Written.RECORDED]
            return [(await self.write([posting]))[0] for posting in postings]
        results = {row["n"]: Written(str(row["result"])) for row in rows}
        return [results[n] for n in range(len(postings))]


def _grouped(items: Iterable[tuple[UUID, Item]]) -> str:
    ordered = sorted(items, key=lambda pair: pair[0])
    return msgspec.json.encode(
        [
            {"merchant_id": merchant_id, "items": [item for _, item in group]}
            for merchant_id, group in groupby(ordered, key=lambda pair: pair[0])
        ]
    ).decode()


def _item(n: int, posting: Posting) -> Item:
    item: Item = {
        "n": n,
        "principal": posting.principal.name,
        "key": posting.key,
        "fingerprint": posting.answer.fingerprint.hex(),
        "status": posting.answer.status,
        "body": posting.answer.body,
    }
    change = posting.change
    if change is not None:
        item |= {
            "card_id": change.card_id,
            "version": change.version,
            "transaction_id": change.transaction_id,
            "occurred_at": change.occurred_at,
            "program_version_id": change.program_version_id,
            "kind": change.kind,
            "location_id": change.location_id,
            "staff_id": posting.principal.staff_id,
            "till_id": posting.principal.till_id,
            "source": posting.origin.source,
            "source_event_id": change.source_event_id,
            "remote_address": posting.origin.remote_address,
            "user_agent": posting.origin.user_agent,
            "reverses": change.reverses,
            "explanation": change.explanations,
            "earned_before": change.earned_before,
            "last_earned_at": change.last_earned_at,
            "earned_on": change.earned_on,
            "earned_that_day": change.earned_that_day,
            "moves": [
                {"unit": transfer.unit, "account": account, "delta": delta}
                for transfer in change.transfers
                for account, delta in transfer.moves
            ],
            "events": change.announcements,
        }
    return item


def _reading(row: Row) -> Reading:
    answer = None
    if row["fingerprint"] is not None:
        answer = StoredAnswer(row["fingerprint"], row["status"], row["body"])
    return Reading(answer, _standing(row), row["clock"])


def _standing(row: Row) -> Standing | None:
    if row["card_id"] is None:
        return None
    return Standing(
        card_id=row["card_id"],
        program_id=row["program_id"],
        program_version_id=row["program_version_id"],
        program_status=ProgramStatus(row["program_status"]),
        card_status=CardStatus(row["card_status"]),
        version=row["version"],
        balances={Account.AVAILABLE: row["available"]},
        last_earned_at=row["last_earned_at"],
        earned_on=row["earned_on"],
        earned_that_day=row["earned_that_day"],
    )
