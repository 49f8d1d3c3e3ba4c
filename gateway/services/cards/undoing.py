"""Undoing: a visit recorded by mistake is taken back by a linked transaction."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from gateway.domain.cards import Standing
from gateway.domain.errors import AlreadyReversed, NotFound, NotReversible
from gateway.domain.events.cards import EarningReversed
from gateway.domain.ledger import LOTTED, TransactionKind, after
from gateway.domain.progress import progress_of
from gateway.domain.reversals import Past, forget, undo, undone_budgets, undone_day
from gateway.domain.rules.budgets import program_budgets
from gateway.domain.rules.plan import Plan
from gateway.presenters.answers import Undone, amounts, body_of, shown
from gateway.services.cards.commands import Answer, UndoStamp
from gateway.services.cards.posting import Decision, carry_out
from gateway.storage.cards.postings import BudgetUse, Reading
from gateway.storage.unit import Unit, Units

_MERGED_SINCE = "This card was merged into another one since the visit. Please adjust that one."


async def undo_stamp(units: Units, command: UndoStamp, new_id: Callable[[], UUID]) -> Answer:
    """Take a visit back, as if the card had not earned: its limits are free again too.

    The answer may be a refusal `already_reversed` or `not_reversible`. Raises `NotFound` for an
    unknown card or transaction.
    """

    async def decide(unit: Unit, reading: Reading, standing: Standing) -> Decision:
        past = await _past(unit, command, standing)
        version = await unit.programs.version(standing.program_version_id)
        decision = Decision(
            transaction_id=new_id(),
            kind=TransactionKind.REVERSE,
            transfers=undo(past, standing, reading.now),
            reverses=past.id,
            standing=forget(past, standing),
            day=undone_day(past, standing),
            budgets=tuple(
                BudgetUse(cap=key, delta=delta, most=program_budgets(version.plan)[key])
                for key, delta in undone_budgets(past, version.plan).items()
            ),
            location_id=command.principal.location_id,
            facts=(),
            body="",
        )
        return _told(decision, past, version.plan, reading.now)

    return await carry_out(units, command, decide)


async def _past(unit: Unit, command: UndoStamp, standing: Standing) -> Past:
    """Return the visit to take back; raises why one from before a merger stays."""
    try:
        return await unit.transactions.past(standing.card_id, command.transaction_id)
    except NotFound:
        if standing.card_id == command.card_id:
            raise
    past = await unit.transactions.past(command.card_id, command.transaction_id)
    raise AlreadyReversed if past.reversed else NotReversible(_MERGED_SINCE)


def _told(decision: Decision, past: Past, plan: Plan, now: datetime) -> Decision:
    """Return the decision with the fact that the visit was taken back, and the answer."""
    left, taken = decision.standing, _taken(past)
    fact = EarningReversed(
        card_id=left.card_id,
        transaction_id=decision.transaction_id,
        reversed_transaction_id=past.id,
        taken=taken,
    )
    balances = after(left.balances, decision.transfers)
    undone = Undone(
        card_id=left.card_id,
        transaction_id=decision.transaction_id,
        reversed_transaction_id=past.id,
        occurred_at=now,
        taken=amounts(taken),
        progress=shown(progress_of(plan, balances, left.memory)),
    )
    return replace(decision, facts=(fact,), body=body_of(undone))


def _taken(past: Past) -> dict[str, int]:
    taken: dict[str, int] = {}
    for (unit, account), delta in past.moved.items():
        if account in LOTTED:
            taken[unit] = taken.get(unit, 0) + delta
    return taken
