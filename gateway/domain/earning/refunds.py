"""Refunds: another state of a sale, judged by what it was judged by when it happened."""

from datetime import datetime

from gateway.domain.cards import Standing
from gateway.domain.earning.evaluation import lines_of
from gateway.domain.earning.settling import settle
from gateway.domain.programs import ProgramVersion
from gateway.domain.rules import qualifying
from gateway.domain.rules.happenings import Sale
from gateway.domain.rules.outcomes import Outcome, PastSale


def reassess(
    version: ProgramVersion, past: PastSale, standing: Standing, sale: Sale, now: datetime
) -> Outcome:
    """Return what another state of a sale changes, by the version and basis of its purchase.

    Only the difference is posted, so the same state again changes nothing. Nothing is judged anew
    but the amounts, and for how much caps and the card have room still: limits, hours and blocked
    cards do not matter. Which of two states holds is for `gateway.domain.sales.later` to say.
    `standing.days` has to hold the days that the plan looks back on from the sale's own, and
    `standing.budgets` what the whole program gave.
    Refused with `Invalid` when the sale cannot be right.
    """
    refusal = qualifying.fault(sale, version.plan.currency)
    if refusal:
        return Outcome(explanations=(), refusal=refusal)
    return settle(version.plan, standing, past, lines_of(version.plan, sale), now)
