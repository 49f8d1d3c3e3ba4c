"""Joining cards: what may move between two of them, and what the one that stays remembers."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from gateway.domain.cards import CardStatus, Standing
from gateway.domain.errors import BalanceLimit, CardBlocked, Invalid, NotEnough, Refusal
from gateway.domain.ledger import BALANCE_MAX, Account, Balances, Transfer
from gateway.domain.merging import (
    MergedAway,
    Move,
    OtherProgram,
    Part,
    ReservationsOpen,
    SameCard,
    all_of,
    check_pair,
    check_room,
    merged,
    moved,
    part_of,
)
from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.tiers import Measure, Threshold, Tier, TierRule
from tests.domain.earning.tills import NOON, card, holding, points

OTHER = UUID(int=2)
SOON, LATER = NOON + timedelta(days=1), NOON + timedelta(days=30)
AVAILABLE, PENDING = Account.AVAILABLE, Account.PENDING
ADJUSTED, RESERVED = Account.ADJUSTED, Account.RESERVED
SILVER, GOLD = (
    Tier(key=key, name=key.title(), threshold=Threshold(type=Measure.POINTS, value=value))
    for key, value in (("silver", 10), ("gold", 100))
)
PLAN = Plan(rules=(points(), TierRule(tiers=(SILVER, GOLD))))


def part(
    amount: int,
    expires_at: datetime | None = None,
    account: Account = AVAILABLE,
    unit: str = "point",
    usable_from: datetime | None = None,
) -> Part:
    return Part(
        unit=unit,
        account=account,
        amount=amount,
        usable_from=usable_from,
        expires_at=expires_at,
    )


def test_two_cards_of_a_program_can_be_joined() -> None:
    """Both in use, and not the same."""
    check_pair(card(), card(card_id=OTHER))


@pytest.mark.parametrize(
    ("taker", "refusal"),
    [
        (card(), SameCard),
        (card(card_id=OTHER, program_id=OTHER), OtherProgram),
        (card(card_id=OTHER, card_status=CardStatus.MERGED), MergedAway),
        (card(card_id=OTHER, card_status=CardStatus.BLOCKED), CardBlocked),
    ],
)
def test_a_wrong_pair_is_refused_from_either_side(taker: Standing, refusal: type[Refusal]) -> None:
    """Whichever of both is the wrong one."""
    with pytest.raises(refusal):
        check_pair(card(), taker)
    with pytest.raises(refusal):
        check_pair(taker, card())


def test_a_part_is_taken_from_what_ends_soonest_and_keeps_its_ends() -> None:
    """Neither what is held back nor another unit is touched."""
    parts = [
        part(9, account=PENDING),
        part(9, unit="stamp"),
        part(3, SOON),
        part(4, LATER),
        part(5),
    ]
    assert part_of(holding("point", 12), parts, "point", 5) == Move(
        leaves=(Transfer("point", AVAILABLE, ADJUSTED, 5),),
        enters=(
            Transfer("point", ADJUSTED, AVAILABLE, 3, expires_at=SOON),
            Transfer("point", ADJUSTED, AVAILABLE, 2, expires_at=LATER),
        ),
    )


def test_all_that_can_be_spent_can_be_moved() -> None:
    """To the last unit, without a lot of nothing."""
    move = part_of(holding("point", 1), [part(1, SOON), part(0, LATER)], "point", 1)
    assert [transfer.amount for transfer in move.enters] == [1]


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_cannot_be_moved(amount: int) -> None:
    """Nor less than nothing."""
    with pytest.raises(Invalid) as refused:
        part_of(holding("point", 5), [part(5)], "point", amount)
    assert refused.value.sentence == "An amount to transfer is 1 or more."


def test_no_more_can_be_moved_than_can_be_spent() -> None:
    """What is held back does not count, and the refusal says how much is missing."""
    with pytest.raises(NotEnough) as refused:
        part_of(holding("point", 5, pending=2_000), [part(5)], "point", 1_239)
    assert refused.value.sentence == "This card has 1,234 too few."
    assert refused.value.detail == {"missing": 1_234}
    with pytest.raises(NotEnough):
        part_of(holding("point", 5), [part(5)], "point", 6)


def test_lots_that_do_not_sum_to_the_balance_are_our_own_mistake() -> None:
    """Nobody is given what no lot holds."""
    with pytest.raises(AssertionError, match=r"^open lots sum to what is available"):
        part_of(holding("point", 5), [part(4)], "point", 5)


def test_everything_moves_with_its_ends() -> None:
    """What is held back stays held back until the same moment."""
    parts = [
        part(3, SOON),
        part(4, LATER),
        part(2, LATER, PENDING, usable_from=SOON),
        part(1, unit="stamp"),
    ]
    assert all_of(card({"point": {AVAILABLE: 7, PENDING: 2}, "stamp": {AVAILABLE: 1}}), parts) == (
        Move(
            leaves=(
                Transfer("point", AVAILABLE, ADJUSTED, 7),
                Transfer("point", PENDING, ADJUSTED, 2),
                Transfer("stamp", AVAILABLE, ADJUSTED, 1),
            ),
            enters=(
                Transfer("point", ADJUSTED, AVAILABLE, 3, expires_at=SOON),
                Transfer("point", ADJUSTED, AVAILABLE, 4, expires_at=LATER),
                Transfer("point", ADJUSTED, PENDING, 2, expires_at=LATER, usable_from=SOON),
                Transfer("stamp", ADJUSTED, AVAILABLE, 1),
            ),
        )
    )


def test_what_a_card_owes_moves_too() -> None:
    """Otherwise a second card would pay what the first one owes."""
    owing = card({"point": {AVAILABLE: -1, PENDING: 2}, "stamp": {AVAILABLE: 0}})
    assert all_of(owing, [part(2, account=PENDING)]) == Move(
        leaves=(
            Transfer("point", PENDING, ADJUSTED, 2),
            Transfer("point", ADJUSTED, AVAILABLE, 1),
        ),
        enters=(
            Transfer("point", ADJUSTED, PENDING, 2),
            Transfer("point", AVAILABLE, ADJUSTED, 1),
        ),
    )


@pytest.mark.parametrize(
    ("parts", "room"),
    [([part(5)], 5), ([part(2), part(3, account=PENDING)], 5), ([part(5, unit="stamp")], 0)],
)
def test_a_card_gets_what_it_can_hold_and_no_more(parts: list[Part], room: int) -> None:
    """Of each unit by itself, with what is held back on either card."""
    giver = card({"point": {AVAILABLE: 5, PENDING: 3}, "stamp": {AVAILABLE: 5}})
    move = all_of(giver, parts)
    for pending in (0, 7):
        check_room(holding("point", BALANCE_MAX - room - pending, pending), move)
        if room:
            with pytest.raises(BalanceLimit) as refused:
                check_room(holding("point", BALANCE_MAX - room - pending + 1, pending), move)
    if room:
        assert refused.value.sentence == (
            "The other card would hold more than 1,000,000,000,000, which no card can."
        )
        assert refused.value.detail == {"unit": "point"}


def test_what_is_owed_makes_room() -> None:
    """A debt that moves along leaves less than there was."""
    owing = card({"point": {AVAILABLE: -4, PENDING: 4}})
    check_room(holding("point", BALANCE_MAX), all_of(owing, [part(4, account=PENDING)]))


def test_what_no_single_transfer_can_carry_moves_in_several() -> None:
    """Both what a card has and what it owes, each part with its end."""
    most = 10**9
    move = all_of(
        card({"stamp": {AVAILABLE: 2 * most + 1}, "point": {AVAILABLE: -most - 2}}),
        [part(2 * most + 1, SOON, unit="stamp")],
    )
    assert [each.amount for each in move.leaves] == [most, most, 1, most, 2]
    assert [(each.amount, each.expires_at) for each in move.enters] == [
        (most, SOON),
        (most, SOON),
        (1, SOON),
        (most, None),
        (2, None),
    ]


@pytest.mark.parametrize(
    "balances",
    [
        {"point": {RESERVED: 1}},
        {"stamp": {AVAILABLE: 3}, "point": {RESERVED: 1}},
        {"point": {RESERVED: 1}, "stamp": {AVAILABLE: 3}},
    ],
)
def test_a_card_at_which_a_reward_is_handed_out_stays(balances: Balances) -> None:
    """Until that is finished or cancelled."""
    with pytest.raises(ReservationsOpen):
        all_of(card(balances), [])


def test_what_moved_is_told_by_unit() -> None:
    """What a card got, and below zero what it lost; inside the card nothing moves."""
    assert moved(
        [
            Transfer("point", ADJUSTED, AVAILABLE, 5),
            Transfer("point", ADJUSTED, PENDING, 2),
            Transfer("stamp", AVAILABLE, ADJUSTED, 3),
            Transfer("bean", PENDING, AVAILABLE, 9),
        ]
    ) == {"point": 7, "stamp": -3, "bean": 0}
    assert moved([]) == {}


@pytest.mark.parametrize(
    ("giver", "taker", "kept"),
    [
        ("gold", "silver", "gold"),
        ("silver", "gold", "gold"),
        (None, "silver", "silver"),
        ("silver", None, "silver"),
        (None, None, None),
    ],
)
def test_the_higher_tier_stays(giver: str | None, taker: str | None, kept: str | None) -> None:
    """With the moment since when it is held."""
    since = {giver: SOON, taker: LATER}
    joined = merged(
        PLAN,
        card(tier=giver, tier_since=SOON),
        card(card_id=OTHER, tier=taker, tier_since=LATER),
    )
    assert (joined.card_id, joined.tier) == (OTHER, kept)
    assert joined.tier_since == since[kept]


def test_between_equal_tiers_the_taker_keeps_its_own() -> None:
    """And in a program without tiers there is nothing to compare."""
    giver, taker = card(tier="gold", tier_since=SOON), card(tier="gold", tier_since=LATER)
    assert merged(PLAN, giver, taker).tier_since == LATER
    without = Plan(rules=(points(),))
    assert merged(without, giver, card(tier="silver")).tier == "silver"


@pytest.mark.parametrize(
    ("giver", "taker", "last"),
    [(SOON, LATER, LATER), (LATER, SOON, LATER), (None, SOON, SOON), (None, None, None)],
)
def test_the_latest_earning_of_both_sets_the_cooldown(
    giver: datetime | None, taker: datetime | None, last: datetime | None
) -> None:
    """So nobody earns twice by joining cards."""
    joined = merged(PLAN, card(last_earned_at=giver), card(last_earned_at=taker))
    assert joined.last_earned_at == last


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (
            RuleMemory(count=9, period="2026-02", granted=1, best=4),
            RuleMemory(count=2, period="2026-03", granted=3, best=2),
            RuleMemory(count=2, period="2026-03", granted=3, best=4),
        ),
        (
            RuleMemory(count=9, period="2026-03", streak=1),
            RuleMemory(count=2, period="2026-03", streak=5, granted=2),
            RuleMemory(count=9, period="2026-03", streak=1, granted=2),
        ),
        (
            RuleMemory(count=2, streak=1, used_until=date(2026, 3, 2)),
            RuleMemory(count=2, streak=5, used_until=date(2026, 3, 1)),
            RuleMemory(count=2, streak=5, used_until=date(2026, 3, 2)),
        ),
        (RuleMemory(), RuleMemory(count=1), RuleMemory(count=1)),
    ],
)
def test_of_each_rule_the_better_memory_stays(
    one: RuleMemory, other: RuleMemory, both: RuleMemory
) -> None:
    """Whichever card had it; what was already rewarded stays rewarded."""
    for giver, taker in ((one, other), (other, one)):
        joined = merged(PLAN, card(memory={"rule": giver}), card(memory={"rule": taker}))
        assert joined.memory == {"rule": both}


def test_what_only_one_card_remembers_stays() -> None:
    """From the one as from the other."""
    first, second = RuleMemory(count=1), RuleMemory(count=2)
    joined = merged(PLAN, card(memory={"first": first}), card(memory={"second": second}))
    assert joined.memory == {"first": first, "second": second}
