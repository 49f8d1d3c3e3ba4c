"""Evaluations per second of each type of rule, beside building the same outcome undecided.

And how long it takes until a configuration is read and found right, or wrong. One process, one
thread; processor time.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import fields
from datetime import timedelta
from typing import Any

from benchmarks.plans import PLANS
from benchmarks.shop import CLOCK
from benchmarks.turns import Figures, Rates, take_turns
from gateway.domain.business_day import business_day
from gateway.domain.cards import Standing, Totals
from gateway.domain.configurations.faults import ConfigurationInvalid
from gateway.domain.earning.evaluation import evaluate
from gateway.domain.ledger import Account, Transfer
from gateway.domain.programs import Look, ProgramStatus, ProgramVersion
from gateway.domain.rules.faults import read_plan
from gateway.domain.rules.happenings import Happening, Line, Sale
from gateway.domain.rules.outcomes import Basis, Day, Explanation, Outcome
from gateway.resources import new_id, now

TURNS = 5
TURN_SECONDS = 0.2
CALLS_AT_ONCE = 100
DAYS, TIER = 30, "tier_3"
VALIDATIONS = 20
SALE = Sale(
    currency="EUR",
    total_paid=1_240,
    lines=(
        Line(category="coffee", quantity=2, amount=700),
        Line(category="pastry", amount=340),
        Line(category="tips", amount=200),
    ),
)
NOW = now()

Work = Callable[[], object]


async def measure() -> Figures:
    """Return evaluations per second, ratios to the bare outcome, and milliseconds to validate."""
    figures: Figures = {}
    ratios: list[float] = []
    for name in PLANS:
        rates = await _compared(name)
        ratio = rates.ratio("evaluate", "bare")
        ratios += [ratio] if isinstance(ratio, float) else []
        figures[f"{name}_per_second"] = rates.median("evaluate")
        figures[f"{name}_ratio_to_bare_outcome"] = ratio
    figures["lowest_ratio_to_bare_outcome"] = min(ratios)
    validations = {name: _validation_ms(plan) for name, plan in PLANS.items()}
    validations["faulty"] = _validation_ms(_faulty())
    figures |= {f"validate_{name}_ms": ms for name, ms in validations.items()}
    return figures | {"slowest_validation_ms": max(validations.values())}


async def _compared(name: str) -> Rates:
    version = ProgramVersion(
        id=new_id(),
        program_id=new_id(),
        number=1,
        name=name,
        plan=read_plan(PLANS[name]),
        look=Look(),
    )
    standing = _standing(version)
    happening = Happening(clock=CLOCK, location_id=new_id(), sale=SALE)
    outcome = evaluate(version, standing, happening, NOW)
    assert outcome.refusal is None, outcome.refusal
    bare = _builder(outcome)
    assert bare() == outcome, "the rival builds the same"
    return await take_turns(
        {
            "evaluate": _rate(lambda: evaluate(version, standing, happening, NOW)),
            "bare": _rate(bare),
        },
        TURNS,
    )


def _standing(version: ProgramVersion) -> Standing:
    """Return a card that was used on each of the last days."""
    today = business_day(NOW, CLOCK)
    return Standing(
        card_id=new_id(),
        program_id=version.program_id,
        program_version_id=version.id,
        program_status=ProgramStatus.ACTIVE,
        version=DAYS,
        opened_at=NOW - timedelta(days=DAYS),
        balances={
            unit: {Account.ISSUED: -DAYS, Account.AVAILABLE: DAYS} for unit in ("point", "stamp")
        },
        last_earned_at=NOW - timedelta(hours=1),
        days=tuple(
            Day(day=today - timedelta(days=ago), earnings=1, visits=1, spent=1_040, points=1)
            for ago in reversed(range(DAYS))
        ),
        totals=Totals(visits=DAYS, spent=DAYS * 1_040, points=DAYS),
        tier=TIER,
        tier_since=NOW - timedelta(days=1),
    )


def _builder(outcome: Outcome) -> Callable[[], Outcome]:
    """Return a function that makes an equal outcome of new parts, and decides nothing."""
    explanations = [_values(each) for each in outcome.explanations]
    transfers = [_values(each) for each in outcome.transfers]
    day, basis, rest = _values(outcome.day), _values(outcome.basis), _values(outcome)
    for part in ("explanations", "transfers", "day", "basis"):
        del rest[part]

    def build() -> Outcome:
        return Outcome(
            explanations=tuple(Explanation(**each) for each in explanations),
            transfers=tuple(Transfer(**each) for each in transfers),
            day=Day(**day),
            basis=Basis(**basis),
            **rest,
        )

    return build


def _values(part: Any) -> dict[str, Any]:  # noqa: ANN401 -- any part of an outcome
    return {each.name: getattr(part, each.name) for each in fields(part)}


def _rate(work: Work) -> Callable[[], Awaitable[float]]:
    async def rate() -> float:
        done, began = 0, time.process_time()
        while (spent := time.process_time() - began) < TURN_SECONDS:
            for _ in range(CALLS_AT_ONCE):
                work()
            done += CALLS_AT_ONCE
        return done / spent

    return rate


def _validation_ms(value: object) -> float:
    """Return how long a configuration takes until it is read or refused."""
    began = time.process_time()
    for _ in range(VALIDATIONS):
        try:
            read_plan(value)
        except ConfigurationInvalid:
            continue
    return round((time.process_time() - began) / VALIDATIONS * 1_000, 3)


def _faulty() -> dict[str, object]:
    """Return the plan with everything, each rule with a field that nobody knows."""
    hybrid = dict(PLANS["hybrid"])
    rules = hybrid["rules"]
    assert isinstance(rules, list)
    return hybrid | {"rules": [rule | {"stamp_required": "ten"} for rule in rules]}
