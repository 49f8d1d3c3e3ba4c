"""The rewards that a card can collect."""

from gateway.domain.ledger import Account
from gateway.domain.ready import ready_rewards
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.promises import FreeItem
from gateway.domain.rules.stamps import Milestone, StampRule
from tests.plans import points_plan, spending_plan


def test_full_cards_vouchers_and_rewards_on_the_way_can_be_collected() -> None:
    """Each by what promised it, in the order of the plan."""
    cookie = Milestone(key="cookie", at=2, reward=FreeItem(description="Cookie"))
    stamps = StampRule(
        stamps_required=3, reward=FreeItem(description="Coffee"), intermediate_rewards=(cookie,)
    )
    plan = Plan(rules=(*points_plan().rules, stamps, *spending_plan().rules))
    held = {"stamp": 7, "point": 900, "voucher:cookie": 1, "voucher:spending": 2}
    balances = {unit: {Account.AVAILABLE: count} for unit, count in held.items()}

    found = ready_rewards(plan, balances)

    assert [(each.key, each.reward.description, each.count) for each in found] == [
        ("stamps", "Coffee", 2),
        ("cookie", "Cookie", 1),
        ("spending", "A cake", 2),
    ]


def test_a_new_card_has_nothing_to_collect() -> None:
    """Nor has one that owes."""
    owing = {"voucher:spending": {Account.AVAILABLE: -1}}

    assert ready_rewards(spending_plan(), {}) == ready_rewards(spending_plan(), owing) == ()
