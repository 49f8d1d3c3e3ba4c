"""Refunds: a later state of a sale, judged by what it was judged by when it happened."""

from datetime import datetime

from gateway.domain.cards import Standing
from gateway.domain.earning.evaluation import lines_of
from gateway.domain.earning.settling import settle
from gateway.domain.programs import ProgramVersion
from gateway.domain.rules import qualifying
from gateway.domain.rules.happenings import Sale
from gateway.domain.rules.outcomes import Explanation, Outcome, PastSale


def reassess(
    version: ProgramVersion, past: PastSale, standing: Standing, sale: Sale, now: datetime
) -> Outcome:
    """Return what a later state of a sale changes, by the version and basis of its purchase.

    Only the difference is posted, so the same state again changes nothing, and neither does an
    earlier one that comes late: totals only ever grow. Nothing is judged anew but the amounts, so
    limits, hours and blocked cards do not matter. `standing.days` has to hold the sale's own day.
    Refused with `Invalid` when the sale cannot be right.
    """
    refusal = qualifying.fault(sale, version.plan.currency)
    if refusal:
        return Outcome(explanations=(), refusal=refusal)
    if sale.total_refunded < past.total_refunded or sale.total_paid < past.total_paid:
        return Outcome(explanations=(_superseded(),), basis=past.basis, given=past.given)
    return settle(version.plan, standing, past, lines_of(version.plan, sale), now)


def _superseded() -> Explanation:
    return Explanation(
        rule="",
        unit="",
        matched=False,
        wanted=0,
        given=0,
        reason="superseded",
        sentence="A later state of this purchase is known already.",
    )
