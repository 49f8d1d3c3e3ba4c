"""The ledger's hot path: a set of cards read together, a set of decisions written together."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import groupby
from typing import Any, Protocol
from uuid import UUID

import asyncpg
import msgspec

from gateway.domain.cards import CardStatus, Standing, Totals
from gateway.domain.ledger import Account
from gateway.domain.programs import ProgramStatus
from gateway.domain.rules.outcomes import Day, RuleMemory
from gateway.storage.cards.ledger_items import Item, item_of
from gateway.storage.cards.postings import Posting, Question, Reading, StoredAnswer, Written

_SOURCE_EVENT_TAKEN = "source_events_pkey"
_BALANCES = msgspec.json.Decoder(list[tuple[str, Account, int]])
_DAYS = msgspec.json.Decoder(list[Day])
_MEMORY = msgspec.json.Decoder(dict[str, RuleMemory])
_BUDGETS = msgspec.json.Decoder(dict[str, int])


class Row(Protocol):
    """A record of the driver, read by column name."""

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 -- a column can hold anything
        """Return the column's value."""


Fetch = Callable[..., Awaitable[Sequence[Row]]]


class Ledger:
    """Reads and writes sets of cards in one round trip each, on a pool or in a unit's transaction.

    A set may name each card and each key once; of two that lead to one card, one write is lost.
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
                    "follows": question.follows,
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
            (posting.principal.merchant_id, item_of(n, posting)) for n, posting in in_order
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
            _part(merchant_id, [item for _, item in group])
            for merchant_id, group in groupby(ordered, key=lambda pair: pair[0])
        ]
    ).decode()


def _part(merchant_id: UUID, items: list[Item]) -> Item:
    part: Item = {"merchant_id": merchant_id, "items": items}
    # Named for the whole part, which locks them before its first card.
    limited = [item for item in items if item.get("budgets")]
    if limited:
        part["budgets"] = sorted(
            {f"{item['program_id']}{use.cap}" for item in limited for use in _uses(item)}
        )
    return part


def _uses(item: Item) -> Iterable[Any]:
    uses = item["budgets"]
    assert isinstance(uses, tuple), "written by item_of"
    return uses


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
        program_ended_at=row["program_ended_at"],
        card_status=CardStatus(row["card_status"]),
        opened_at=row["opened_at"],
        version=row["version"],
        balances=_balances(row["balances"]),
        last_earned_at=row["last_earned_at"],
        days=tuple(_DAYS.decode(row["days"])) if row["days"] else (),
        totals=Totals(
            visits=row["visits_total"], spent=row["spent_total"], points=row["points_total"]
        ),
        memory=_MEMORY.decode(row["memory"]),
        tier=row["tier"],
        tier_since=row["tier_since"],
        budgets=_BUDGETS.decode(row["budgets"]) if row["budgets"] else {},
    )


def _balances(text: str | None) -> dict[str, dict[Account, int]]:
    found: dict[str, dict[Account, int]] = {}
    for unit, account, amount in _BALANCES.decode(text) if text else ():
        found.setdefault(unit, {})[account] = amount
    return found
