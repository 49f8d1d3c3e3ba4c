"""Adjustments: what can be given or taken by hand, by whom, and what it moves."""

from datetime import timedelta
from uuid import UUID

import pytest

from gateway.domain.adjustments import (
    Adjustment,
    AdjustmentClosed,
    AdjustmentStatus,
    BelowZero,
    SecondPersonNeeded,
    check,
    check_second,
    needs_second,
    transfer_of,
    units_of,
)
from gateway.domain.errors import BalanceLimit, Invalid
from gateway.domain.ledger import AMOUNT_MAX, BALANCE_MAX, Account, Transfer
from gateway.domain.people import Principal
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.tiers import Measure, Threshold, Tier, TierRule
from tests.domain.earning.tills import COFFEE, NOON, holding, points, stamps

MARIE, PAUL = UUID(int=11), UUID(int=12)
GOLD = Tier(key="gold", name="Gold", threshold=Threshold(type=Measure.POINTS, value=100))
TIERS = TierRule(tiers=(GOLD,))
BEANS = stamps(unit="bean", key="beans")
SPENDING = SpendingRule(threshold_amount=100, reward=COFFEE)
PLAN = Plan(rules=(points(), BEANS, SPENDING))


def wish(amount: int = 5, **changes: object) -> Adjustment:
    values = {
        "id": UUID(int=1),
        "card_id": UUID(int=2),
        "unit": "point",
        "amount": amount,
        "reason": "Machine was down",
        "may_owe": False,
        "status": AdjustmentStatus.ASKED,
        "asked_by": "staff:11",
        "asked_by_staff_id": MARIE,
        "asked_at": NOON,
    }
    return Adjustment(**values | changes)  # type: ignore[arg-type]


def acting(staff_id: UUID | None) -> Principal:
    return Principal(
        merchant_id=UUID(int=3), name="somebody", permissions=frozenset(), staff_id=staff_id
    )


@pytest.mark.parametrize(
    ("plan", "units"),
    [
        (PLAN, ("point", "bean", "voucher:spending")),
        (Plan(rules=(BEANS, stamps(unit="bean"), TIERS, points())), ("bean", "point")),
        (Plan(rules=(TIERS,)), ("point",)),
    ],
)
def test_cards_hold_the_units_of_their_rules_each_once(plan: Plan, units: tuple[str, ...]) -> None:
    """In the order of the rules; a program of tiers alone counts points."""
    assert units_of(plan) == units


@pytest.mark.parametrize(
    "adjustment",
    [
        wish(1),
        wish(-1),
        wish(AMOUNT_MAX),
        wish(-AMOUNT_MAX),
        wish(unit="bean"),
        wish(unit="voucher:anything"),
    ],
)
def test_what_can_be_adjusted_passes(adjustment: Adjustment) -> None:
    """Up to the largest amount either way, of the plan's units and of any voucher."""
    check(PLAN, adjustment)


@pytest.mark.parametrize(
    ("adjustment", "sentence"),
    [
        (wish(0), "An adjustment is 1 to 1,000,000,000, or as much below zero."),
        (
            wish(AMOUNT_MAX + 1),
            "An adjustment is 1 to 1,000,000,000, or as much below zero.",
        ),
        (
            wish(-AMOUNT_MAX - 1),
            "An adjustment is 1 to 1,000,000,000, or as much below zero.",
        ),
        (
            wish(unit="stamp"),
            "Cards of this program do not hold this unit: point, bean, voucher:spending.",
        ),
        *(
            (
                wish(unit=unit),
                "Cards of this program do not hold this unit: point, bean, voucher:spending.",
            )
            for unit in ("voucher:", "voucher:Cake", "voucher:a b", "voucher:" + "a" * 21)
        ),
        (wish(reason=" "), "Please give the reason in plain words."),
        (wish(reason=""), "Please give the reason in plain words."),
        (wish(reason="a\nb"), "Please give the reason in plain words."),
    ],
)
def test_what_cannot_be_adjusted_is_refused_in_words(
    adjustment: Adjustment, sentence: str
) -> None:
    """An amount, a unit or a reason that cannot be."""
    with pytest.raises(Invalid) as refused:
        check(PLAN, adjustment)
    assert refused.value.sentence == sentence


@pytest.mark.parametrize(
    ("amount", "needed"), [(100, False), (-100, False), (101, True), (-101, True)]
)
def test_a_large_adjustment_needs_a_second_person(amount: int, *, needed: bool) -> None:
    """Giving and taking alike; what one person may do alone belongs to them."""
    assert needs_second(wish(amount), 100, 0) is needed
    assert needs_second(wish(amount), 103, 3) is needed


def test_somebody_else_may_decide() -> None:
    """Another colleague, and a colleague over what a key asked for."""
    check_second(wish(), acting(PAUL))
    check_second(wish(asked_by_staff_id=None), acting(PAUL))


@pytest.mark.parametrize(("asker", "decider"), [(MARIE, MARIE), (MARIE, None), (None, None)])
def test_nobody_decides_on_their_own_wish(asker: UUID | None, decider: UUID | None) -> None:
    """Nor does a key decide, which may be held by whoever asked."""
    with pytest.raises(SecondPersonNeeded):
        check_second(wish(asked_by_staff_id=asker), acting(decider))


@pytest.mark.parametrize("status", [AdjustmentStatus.POSTED, AdjustmentStatus.REFUSED])
def test_what_is_decided_stays_decided(status: AdjustmentStatus) -> None:
    """Both ends are final, and the refusal says which it is."""
    with pytest.raises(AdjustmentClosed) as refused:
        check_second(wish(status=status), acting(PAUL))
    assert refused.value.detail == {"status": status}


def test_what_is_given_comes_from_adjusted_and_may_end() -> None:
    """As a lot of its own."""
    ends = NOON + timedelta(days=90)
    assert transfer_of(wish(5), holding("point", 1), ends) == Transfer(
        "point", Account.ADJUSTED, Account.AVAILABLE, 5, expires_at=ends
    )


def test_what_is_taken_goes_back_to_adjusted() -> None:
    """Down to nothing, without an end."""
    assert transfer_of(wish(-5), holding("point", 5), NOON) == Transfer(
        "point", Account.AVAILABLE, Account.ADJUSTED, 5
    )


@pytest.mark.parametrize(
    ("there", "sentence"),
    [
        (1_234, "There is only 1,234 on this card."),
        (-3, "There is only 0 on this card."),
        (0, "There is only 0 on this card."),
    ],
)
def test_no_more_is_taken_than_there_is(there: int, sentence: str) -> None:
    """Unless somebody says that the card may owe it."""
    with pytest.raises(BelowZero) as refused:
        transfer_of(wish(-1_235), holding("point", there), None)
    assert (refused.value.sentence, refused.value.detail) == (sentence, {"available": there})
    owing = transfer_of(wish(-1_235, may_owe=True), holding("point", there), None)
    assert owing.amount == 1_235


def test_a_card_holds_only_so_much() -> None:
    """The last unit still fits, the next does not."""
    full = holding("point", BALANCE_MAX - 5)
    assert transfer_of(wish(5), full, None).amount == 5
    with pytest.raises(BalanceLimit):
        transfer_of(wish(6), full, None)
    assert transfer_of(wish(1), holding("point", BALANCE_MAX - 1), None).amount == 1
    held_back = holding("point", BALANCE_MAX - 9, pending=4)
    assert transfer_of(wish(5), held_back, None).amount == 5
    with pytest.raises(BalanceLimit):
        transfer_of(wish(6), held_back, None)
