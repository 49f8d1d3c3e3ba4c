"""Undoing: a stamp given by mistake is taken back by a linked transaction."""

from collections.abc import Callable
from uuid import UUID

from gateway.domain.cards import Standing, progress
from gateway.domain.events import StampReversed
from gateway.domain.ledger import Account, TransactionKind, after
from gateway.domain.reversals import forget, undo
from gateway.presenters.answers import Undone, body_of, shown
from gateway.services.cards.commands import Answer, UndoStamp
from gateway.services.cards.posting import Decision, carry_out
from gateway.storage.cards.ledger import Reading
from gateway.storage.unit import Unit, Units


async def undo_stamp(units: Units, command: UndoStamp, new_id: Callable[[], UUID]) -> Answer:
    """Take a stamp back, as if the card had not earned it: its limits are free again too.

    The answer may be a refusal `already_reversed` or `not_reversible`. Raises `NotFound` for an
    unknown card or transaction.
    """

    async def decide(unit: Unit, reading: Reading, standing: Standing) -> Decision:
        past = await unit.transactions.past(command.card_id, command.transaction_id)
        transfer = undo(past, standing, reading.now)
        version = await unit.programs.version(standing.program_version_id)
        balance = after(standing.balances, [transfer])[Account.AVAILABLE]
        transaction_id = new_id()
        return Decision(
            transaction_id=transaction_id,
            kind=TransactionKind.REVERSE,
            transfer=transfer,
            reverses=past.id,
            standing=forget(past, standing),
            facts=(
                StampReversed(
                    card_id=command.card_id,
                    transaction_id=transaction_id,
                    reversed_transaction_id=past.id,
                    balance=balance,
                ),
            ),
            body=body_of(
                Undone(
                    card_id=command.card_id,
                    transaction_id=transaction_id,
                    reversed_transaction_id=past.id,
                    occurred_at=reading.now,
                    progress=shown(progress(balance, version.rule.target)),
                )
            ),
        )

    return await carry_out(units, command, decide)
