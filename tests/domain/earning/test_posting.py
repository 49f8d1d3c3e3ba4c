"""Posting: differences become transfers, by unit."""

from datetime import timedelta

import pytest

from gateway.domain.earning.posting import Books, expiry_of, post
from gateway.domain.ledger import Account, Transfer
from gateway.domain.rules.expiry import NEVER, RollingExpiry, expires_at
from gateway.domain.rules.outcomes import Basis, Explanation
from gateway.domain.rules.plan import NegativeBalance, Plan
from tests.domain.earning.tills import CLOCK, ID, NOON, holding, points, stamps, version

BASIS = Basis(earned_at=NOON, clock=CLOCK)
YEAR = RollingExpiry(months=12)


def books(plan: Plan, days: int = 0) -> Books:
    return Books(plan, holding("stamp", 1, 2), BASIS, (ID,), NOON + timedelta(days=days))


@pytest.mark.parametrize(
    ("unit", "expiry"),
    [
        ("point", RollingExpiry(months=3)),
        ("stamp", YEAR),
        ("voucher:stamps", YEAR),
        ("remainder:stamps", NEVER),
    ],
)
def test_each_unit_expires_by_its_own_rule_or_by_the_plan(
    unit: str, expiry: RollingExpiry
) -> None:
    """What is too little for a stamp is nobody's yet, and stays."""
    plan = version(points(expiration_months=3), stamps(), expiry=YEAR).plan
    assert expiry_of(plan, unit) == expiry


def test_points_expire_by_the_plan_unless_their_rule_says_otherwise() -> None:
    """Without months of its own."""
    assert expiry_of(version(points(), expiry=YEAR).plan, "point") == YEAR


def test_points_and_stamps_are_held_back_and_rewards_are_not() -> None:
    """For two days, and never expiring here."""
    plan = version(points(), pending_days=2).plan
    given = {"point": 3, "stamp": 4, "voucher:third": 1, "remainder:stamps": 5}
    usable = NOON + timedelta(days=2)
    assert post(books(plan), given).transfers == (
        Transfer("point", Account.ISSUED, Account.PENDING, 3, usable_from=usable),
        Transfer("stamp", Account.ISSUED, Account.PENDING, 4, usable_from=usable),
        Transfer("voucher:third", Account.ISSUED, Account.AVAILABLE, 1),
        Transfer("remainder:stamps", Account.ISSUED, Account.AVAILABLE, 5),
    )
    assert all(each.usable_from is None for each in post(books(plan, days=2), given).transfers)


def test_nothing_to_change_is_nothing_to_post() -> None:
    """Zero is no transfer."""
    posting = post(books(version(points()).plan), {"point": 0})
    assert (posting.transfers, posting.owed, posting.explanations) == ((), {}, ())


@pytest.mark.parametrize("policy", list(NegativeBalance))
def test_a_remainder_is_always_taken_back(policy: NegativeBalance) -> None:
    """It could not be spent, so no policy protects it."""
    plan = version(stamps(), negative_balance=policy).plan
    (transfer,) = post(books(plan), {"remainder:stamps": -7}).transfers
    assert (transfer.source, transfer.amount) == (Account.AVAILABLE, 7)


def test_what_stays_is_said_in_numbers() -> None:
    """With thousands apart."""
    plan = version(stamps(), negative_balance=NegativeBalance.WITHIN_BALANCE).plan
    posting = post(books(plan), {"stamp": -2_501})
    assert posting.explanations == (
        Explanation(
            rule="",
            unit="stamp",
            matched=True,
            wanted=-2_501,
            given=-1,
            reason="not_taken_back",
            sentence="2,500 of 2,501 cannot be taken back and stay with the customer.",
        ),
    )
    assert posting.owed == {"stamp": 2_500}


def test_what_is_held_back_lives_as_long_as_what_is_not() -> None:
    """A year from the day on which it can be used; a reward's begins when it is earned."""
    plan = version(points(), stamps(), pending_days=400, expiry=YEAR).plan
    held_back, reward = post(books(plan), {"point": 3, "voucher:third": 1}).transfers
    usable = NOON + timedelta(days=400)
    assert held_back.expires_at == expires_at(YEAR, usable, CLOCK)
    assert reward.expires_at == expires_at(YEAR, NOON, CLOCK)


def test_what_is_owed_of_one_unit_is_still_owed_when_another_is_given() -> None:
    """With what was said about it; a smaller sale may give more of something else."""
    plan = version(points(), stamps(), negative_balance=NegativeBalance.WITHIN_BALANCE).plan
    posting = post(books(plan), {"stamp": -5, "point": 3})
    assert [(each.unit, each.amount) for each in posting.transfers] == [("stamp", 1), ("point", 3)]
    assert posting.owed == {"stamp": 4}
    assert [each.reason for each in posting.explanations] == ["not_taken_back"]
