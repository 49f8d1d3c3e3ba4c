"""Trying a program over the API: a plan held against the rules, a purchase against a plan."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.cards import Totals
from gateway.domain.configurations.faults import ConfigurationInvalid
from gateway.domain.rules.happenings import Line
from gateway.domain.rules.outcomes import Explanation, Outcome
from gateway.services.merchants.cautioning import cautions_for_draft
from gateway.services.merchants.designing import draft_of
from gateway.services.merchants.trying_out import Bought, Example, try_out
from gateway.web.answers import json_answer
from gateway.web.api.program_shapes import Design, Moment, Warned, warned
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.parsing.queries import path_id

AMOUNT_MAX = 10**12
UNITS_MAX, LINES_MAX = 20, 200
TEXT_CHARACTERS_MAX = 60
UNKEPT = UUID(int=0)

Amount = Annotated[int, msgspec.Meta(ge=0, le=AMOUNT_MAX)]
Text = Annotated[str, msgspec.Meta(max_length=TEXT_CHARACTERS_MAX)]


class Found(msgspec.Struct, frozen=True):
    """What must be put right, and a JSON pointer into the body."""

    pointer: str
    detail: str


class Validation(msgspec.Struct, frozen=True):
    """Whether a configuration can be promised, and everything that is wrong with it.

    `warnings` keep nobody from it, and are told of what is valid.
    """

    valid: bool
    errors: list[Found]
    warnings: list[Warned]


class ExampleLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A line of a purchase; `amount` is paid for all of it, with tax, in minor units."""

    amount: Amount
    category: Text | None = None
    quantity: Annotated[int, msgspec.Meta(ge=1, le=AMOUNT_MAX)] = 1
    tax: Amount = 0


class ExampleSale(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A purchase in minor units of the plan's currency."""

    total_paid: Amount
    lines: Annotated[list[ExampleLine], msgspec.Meta(max_length=LINES_MAX)] = []


class ExampleCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A card to try with: what can be spent on it by unit, and what it did in its life."""

    balances: Annotated[dict[Text, Amount], msgspec.Meta(max_length=UNITS_MAX)] = {}
    tier: Text | None = None
    visits: Amount = 0
    spent: Amount = 0
    points: Amount = 0
    opened_at: Moment | None = None
    last_earned_at: Moment | None = None


class Attempted(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What happens: a purchase, or without `sale` a visit, at a place and a time (now)."""

    location_id: UUID | None = None
    at: Moment | None = None
    sale: ExampleSale | None = None
    card: ExampleCard = ExampleCard()


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An amount of a unit that would leave one account of the card and enter another."""

    unit: str
    source: str
    destination: str
    amount: int
    usable_from: datetime | None
    expires_at: datetime | None


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule says: did it match, what it wanted to give and what it gave, and why."""

    rule: str
    unit: str
    matched: bool
    wanted: int
    given: int
    reason: str
    sentence: str


class Refused(msgspec.Struct, frozen=True):
    """Why nothing would be given."""

    code: str
    detail: str


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """What would happen; nothing was written."""

    refused: Refused | None
    entries: list[Entry]
    rewards_earned: int
    tier: str | None
    explanations: list[Explained]


async def validate_program(request: web.Request, design: Design) -> web.Response:
    """Say whether a configuration can be promised, and keep nothing of it."""
    try:
        draft = draft_of(design.read(), UNKEPT, UNKEPT)
    except ConfigurationInvalid as invalid:
        faults = [Found(fault.pointer, fault.sentence) for fault in invalid.faults]
        return json_answer(Validation(valid=False, errors=faults, warnings=[]))
    pages = request.app[RESOURCES].database.program_pages
    cautions = await cautions_for_draft(pages, request[PRINCIPAL].merchant_id, draft)
    return json_answer(Validation(valid=True, errors=[], warnings=warned(cautions)))


async def evaluate_program(request: web.Request, attempted: Attempted) -> web.Response:
    """Say what a purchase or visit would give an example card, and why; nothing is written."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        outcome = await try_out(unit, path_id(request, "program_id"), _example(attempted))
    return json_answer(_evaluation(outcome, attempted.card.tier))


def _example(attempted: Attempted) -> Example:
    card, sale = attempted.card, attempted.sale
    return Example(
        location_id=attempted.location_id,
        at=attempted.at,
        bought=_bought(sale) if sale else None,
        available=card.balances,
        totals=Totals(visits=card.visits, spent=card.spent, points=card.points),
        tier=card.tier,
        opened_at=card.opened_at,
        last_earned_at=card.last_earned_at,
    )


def _bought(sale: ExampleSale) -> Bought:
    lines = (
        Line(amount=each.amount, category=each.category, quantity=each.quantity, tax=each.tax)
        for each in sale.lines
    )
    return Bought(total_paid=sale.total_paid, lines=tuple(lines))


def _evaluation(outcome: Outcome, tier: str | None) -> Evaluation:
    refusal, move = outcome.refusal, outcome.tier_move
    return Evaluation(
        refused=Refused(refusal.code, refusal.sentence) if refusal else None,
        entries=[
            Entry(
                unit=each.unit,
                source=each.source,
                destination=each.destination,
                amount=each.amount,
                usable_from=each.usable_from,
                expires_at=each.expires_at,
            )
            for each in outcome.transfers
        ],
        rewards_earned=outcome.rewards_earned,
        tier=move.tier if move else tier,
        explanations=[_explained(each) for each in outcome.explanations],
    )


def _explained(explanation: Explanation) -> Explained:
    return Explained(
        rule=explanation.rule,
        unit=explanation.unit,
        matched=explanation.matched,
        wanted=explanation.wanted,
        given=explanation.given,
        reason=explanation.reason,
        sentence=explanation.sentence,
    )
