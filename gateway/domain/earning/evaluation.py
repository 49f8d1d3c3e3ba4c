"""Evaluation: what a visit or a sale comes to for a card, decided by its plan and explained."""

from dataclasses import replace
from datetime import datetime

from gateway.domain.business_day import business_day
from gateway.domain.cards import Standing
from gateway.domain.earning.admission import refused_entry
from gateway.domain.earning.conditions import AMOUNT_NEEDED
from gateway.domain.earning.settling import settle
from gateway.domain.earning.terms import basis_of
from gateway.domain.errors import AmountNeeded, NothingToEarn, Refusal
from gateway.domain.programs import ProgramVersion
from gateway.domain.rules import qualifying
from gateway.domain.rules.happenings import Happening, Sale
from gateway.domain.rules.outcomes import Explanation, Outcome, PastSale
from gateway.domain.rules.plan import Plan, TaxMode
from gateway.domain.rules.qualifying import Counted


def evaluate(
    version: ProgramVersion, standing: Standing, happening: Happening, now: datetime
) -> Outcome:
    """Return what a visit or a sale gives a card at `now`, by the plan of its program version.

    In this order: who may earn at all, cooldown and daily limit, excluded categories, hours,
    minimum purchase, base, tier, promotion, rounding once, caps, balance limit. A visit that
    gives nothing is refused; a sale that gives nothing is recorded, because it was spent.
    """
    plan, sale = version.plan, happening.sale
    refusal = refused_entry(plan, standing, happening, now) or (
        qualifying.fault(sale, plan.currency) if sale else None
    )
    if refusal:
        return Outcome(explanations=(_entry(refusal),), refusal=refusal)
    basis = basis_of(plan, standing, happening.clock, now)
    past = PastSale(basis=basis, day=business_day(now, happening.clock))
    outcome = settle(plan, standing, past, lines_of(plan, sale), now)
    if outcome.basis is None or not outcome.basis.earned:
        return outcome if sale or outcome.refusal else _refused(outcome.explanations)
    return replace(outcome, last_earned_at=now)


def lines_of(plan: Plan, sale: Sale | None) -> tuple[Counted, ...] | None:
    """Return the lines of a sale that count under a plan; None for a bare visit."""
    if sale is None:
        return None
    return qualifying.counted(
        sale, plan.excluded_categories, is_before_tax=plan.tax_mode is TaxMode.BEFORE_TAX
    )


def _entry(refusal: Refusal) -> Explanation:
    return Explanation(
        rule="",
        unit="",
        matched=False,
        wanted=0,
        given=0,
        reason=refusal.code,
        sentence=refusal.sentence,
    )


def _refused(explanations: tuple[Explanation, ...]) -> Outcome:
    """Return the refusal of a visit that gives nothing, with what each rule said to it."""
    said = [
        {"rule": each.rule, "reason": each.reason, "sentence": each.sentence}
        for each in explanations
    ]
    reason, _ = AMOUNT_NEEDED
    refusal = (
        AmountNeeded(explanations=said)
        if any(each.reason == reason for each in explanations)
        else NothingToEarn(explanations[0].sentence, explanations=said)
    )
    return Outcome(explanations=explanations, refusal=refusal)
