"""From one card to another: the same amounts with the same ends, and the better memory."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from gateway.domain.cards import CardStatus, Standing
from gateway.domain.errors import CardBlocked, Invalid, NotEnough, Refusal
from gateway.domain.ledger import Account, Transfer
from gateway.domain.merging import (
    MergedAway,
    Move,
    OtherProgram,
    Part,
    ReservationsOpen,
    SameCard,
    all_of,
    check_pair,
    merged,
    moved,
    part_of,
)
from gateway.domain.rules.outcomes import RuleMemory
from tests.domain.test_sales import NOW, STANDING
from tests.plans import points_plan, tier_plan

SOON, LATER = datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)
GIVER = replace(STANDING, card_id=UUID(int=1))
TAKER = replace(STANDING, card_id=UUID(int=2))


def holding(**accounts: int) -> Standing:
    """Return the giver with these accounts of points."""
    balances = {"point": {Account(name): amount for name, amount in accounts.items()}}
    return replace(GIVER, balances=balances)


def part(amount: int, expires_at: datetime | None = None, **more: object) -> Part:
    """Return what is left of some lots of points."""
    usable_from = more.get("usable_from")
    assert usable_from is None or isinstance(usable_from, datetime)
    return Part(
        unit=str(more.get("unit", "point")),
        account=Account.PENDING if usable_from else Account.AVAILABLE,
        amount=amount,
        usable_from=usable_from,
        expires_at=expires_at,
    )


@pytest.mark.parametrize(
    ("giver", "taker", "refusal"),
    [
        (GIVER, GIVER, SameCard),
        (GIVER, replace(TAKER, program_id=UUID(int=7)), OtherProgram),
        (replace(GIVER, card_status=CardStatus.MERGED), TAKER, MergedAway),
        (GIVER, replace(TAKER, card_status=CardStatus.MERGED), MergedAway),
        (replace(GIVER, card_status=CardStatus.BLOCKED), TAKER, CardBlocked),
        (GIVER, replace(TAKER, card_status=CardStatus.BLOCKED), CardBlocked),
    ],
)
def test_some_pairs_cannot_be(giver: Standing, taker: Standing, refusal: type[Refusal]) -> None:
    """The same card, another program's, and those that may not be used."""
    with pytest.raises(refusal):
        check_pair(giver, taker)


def test_two_cards_of_a_program_can_be() -> None:
    """Nothing is in the way."""
    check_pair(GIVER, TAKER)


def test_a_part_is_taken_from_what_ends_soonest() -> None:
    """What is pending, or of another unit, stays."""
    parts = [
        part(3, SOON),
        part(4, SOON, unit="stamp"),
        part(9, SOON, usable_from=NOW),
        part(5, LATER),
        part(6),
    ]
    move = part_of(holding(available=14), parts, "point", 5)
    assert move == Move(
        leaves=(Transfer("point", Account.AVAILABLE, Account.ADJUSTED, 5),),
        enters=(
            Transfer("point", Account.ADJUSTED, Account.AVAILABLE, 3, expires_at=SOON),
            Transfer("point", Account.ADJUSTED, Account.AVAILABLE, 2, expires_at=LATER),
        ),
    )


def test_no_more_than_there_is() -> None:
    """Nor nothing at all."""
    with pytest.raises(NotEnough) as too_few:
        part_of(holding(available=4), [part(4)], "point", 5)
    assert too_few.value.detail == {"missing": 1}
    with pytest.raises(Invalid):
        part_of(holding(available=4), [part(4)], "point", 0)


def test_all_of_a_card_goes_with_its_waiting_and_its_debts() -> None:
    """Pending stays pending; what one card owed the other owes."""
    parts = [part(3, SOON), part(9, LATER, usable_from=NOW)]
    giver = holding(available=3, pending=9)
    owing = replace(giver, balances={**giver.balances, "stamp": {Account.AVAILABLE: -2}})
    move = all_of(owing, parts)
    assert move.enters == (
        Transfer("point", Account.ADJUSTED, Account.AVAILABLE, 3, expires_at=SOON),
        Transfer("point", Account.ADJUSTED, Account.PENDING, 9, expires_at=LATER, usable_from=NOW),
        Transfer("stamp", Account.AVAILABLE, Account.ADJUSTED, 2),
    )
    assert moved(move.enters) == {"point": 12, "stamp": -2}
    assert moved(move.leaves) == {"point": -12, "stamp": 2}


def test_what_is_set_aside_has_to_be_finished_first() -> None:
    """A reward that is being handed out belongs to its card."""
    with pytest.raises(ReservationsOpen):
        all_of(holding(available=3, reserved=1), [part(3)])


def test_of_what_rules_remember_the_better_is_kept() -> None:
    """The later period, and in it the higher count; best and granted are never forgotten."""
    giver = replace(
        GIVER,
        memory={
            "a": RuleMemory(count=1, period="2026-11", granted=1, best=9),
            "b": RuleMemory(count=2, used_until=date(2026, 11, 2)),
        },
        last_earned_at=NOW,
    )
    taker = replace(
        TAKER,
        memory={"a": RuleMemory(count=8, period="2026-10", granted=3, best=4)},
        last_earned_at=NOW - timedelta(days=1),
    )
    left = merged(points_plan(), giver, taker)
    assert left.memory == {
        "a": RuleMemory(count=1, period="2026-11", granted=3, best=9),
        "b": RuleMemory(count=2, used_until=date(2026, 11, 2)),
    }
    assert (left.card_id, left.last_earned_at) == (TAKER.card_id, NOW)
    assert merged(points_plan(), GIVER, TAKER).last_earned_at is None


@pytest.mark.parametrize(
    ("giver", "taker", "left"),
    [(None, None, None), ("gold", "silver", "gold"), ("silver", "gold", "gold")],
)
def test_of_two_tiers_the_higher_is_kept(
    giver: str | None, taker: str | None, left: str | None
) -> None:
    """With the moment since when; without tiers there is none."""
    giving = replace(GIVER, tier=giver, tier_since=SOON)
    taking = replace(TAKER, tier=taker, tier_since=LATER)
    survivor = merged(tier_plan(), giving, taking)
    assert survivor.tier == left
    assert survivor.tier_since == (SOON if giver == "gold" else LATER)
