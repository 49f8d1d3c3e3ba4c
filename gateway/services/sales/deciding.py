"""What an earning that is carried out in a unit decides, for whoever adds what is their own."""

from gateway.domain.ledger import TransactionKind
from gateway.services.cards.earning import Earning, change_of
from gateway.services.cards.posting import Decision


def decision_of(earning: Earning) -> Decision:
    """Return the decision to post an earning, without facts and an answer."""
    change = change_of(earning)
    return Decision(
        transaction_id=earning.transaction_id,
        kind=TransactionKind.EARN,
        transfers=change.transfers,
        standing=earning.left,
        facts=(),
        body="",
        day=change.day,
        location_id=earning.location_id,
        explanations=change.explanations,
        earned_before=change.earned_before,
        memory_before=change.memory_before,
        tier_review_on=change.tier_review_on,
        budgets=change.budgets,
        slides=change.slides,
    )
