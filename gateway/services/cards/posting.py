"""Carrying out one command on a card inside a unit, where more than the ledger is written."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from gateway.domain.cards import Standing
from gateway.domain.errors import Busy, Kind, NotFound, Refusal
from gateway.domain.events import Event
from gateway.domain.ledger import TransactionKind, Transfer
from gateway.presenters.answers import body_of_refusal
from gateway.presenters.problems import STATUS_OF_KIND
from gateway.services.cards.commands import STATUS_DONE, Answer, Command, replay
from gateway.storage.cards.ledger import Change, Posting, Reading, StoredAnswer, Written
from gateway.storage.unit import Unit, Units

TRIES_MAX = 20
# The other kinds say nothing about the card, so the same key may be tried again.
_FINAL_KINDS = frozenset({Kind.REFUSED, Kind.CONFLICT})


class Lost(Busy):
    """The card changed between reading and writing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided: the standing to leave behind, the transfer, the facts and the answer."""

    transaction_id: UUID
    kind: TransactionKind
    transfer: Transfer
    standing: Standing
    facts: tuple[Event, ...]
    body: str
    reverses: UUID | None = None


Decide = Callable[[Unit, Reading, Standing], Awaitable[Decision]]


async def carry_out(units: Units, command: Command, decide: Decide) -> Answer:
    """Decide a command inside a unit and post it; a lost race rolls back and is tried again.

    A refusal that is final is kept as the key's answer. Raises `NotFound` for an unknown card,
    `KeyReused`, and `Busy` when the card changed `TRIES_MAX` times.
    """
    for _ in range(TRIES_MAX):
        try:
            async with units(command.principal.merchant_id) as unit:
                return await _try(unit, command, decide)
        except Lost:
            continue
    raise Busy


async def _try(unit: Unit, command: Command, decide: Decide) -> Answer:
    ledger = await unit.ledger()
    (reading,) = await ledger.read([command.question])
    if reading.answer is not None:
        return replay(reading.answer, command)
    if reading.standing is None:
        raise NotFound("This card does not exist.")
    posting = await _posting(unit, command, decide, reading)
    (written,) = await ledger.write([posting])
    if written is not Written.DONE:
        raise Lost
    return Answer(posting.answer.status, posting.answer.body)


async def _posting(unit: Unit, command: Command, decide: Decide, reading: Reading) -> Posting:
    assert reading.standing is not None, "checked before"
    try:
        decision = await decide(unit, reading, reading.standing)
    except Refusal as refusal:
        if refusal.kind not in _FINAL_KINDS:
            raise
        status = int(STATUS_OF_KIND[refusal.kind])
        return _kept(command, StoredAnswer(command.fingerprint, status, body_of_refusal(refusal)))
    unit.announce(*decision.facts)
    answer = StoredAnswer(command.fingerprint, STATUS_DONE, decision.body)
    return _kept(command, answer, _change(command, decision, reading))


def _kept(command: Command, answer: StoredAnswer, change: Change | None = None) -> Posting:
    return Posting(
        principal=command.principal,
        origin=command.origin,
        key=command.key,
        card_id=command.card_id,
        answer=answer,
        change=change,
    )


def _change(command: Command, decision: Decision, reading: Reading) -> Change:
    standing = decision.standing
    return Change(
        transaction_id=decision.transaction_id,
        occurred_at=reading.now,
        kind=decision.kind,
        card_id=standing.card_id,
        version=standing.version,
        program_version_id=standing.program_version_id,
        location_id=command.principal.location_id,
        transfers=(decision.transfer,),
        announcements=(),
        last_earned_at=standing.last_earned_at,
        earned_on=standing.earned_on,
        earned_that_day=standing.earned_that_day,
        reverses=decision.reverses,
    )
