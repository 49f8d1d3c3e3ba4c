"""Claims: what a card can have now, and in plain words what is missing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from gateway.domain.cards import CardStatus
from gateway.domain.claims import Claimant, claims, missing, obstacle
from gateway.domain.ledger import Account
from gateway.domain.programs import ProgramStatus
from gateway.domain.rewards import Reward, RewardDesign
from tests.plans import hybrid_plan

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SOON = NOON + timedelta(microseconds=1)
GRACE = timedelta(days=hybrid_plan().grace_days)
CUSTOMER = Claimant(
    card_status=CardStatus.ACTIVE,
    program_status=ProgramStatus.ACTIVE,
    program_ended_at=None,
    plan=hybrid_plan(),
    balances={"stamp": {Account.AVAILABLE: 5}, "voucher:cake": {Account.AVAILABLE: 1}},
    tier="silver",
    now=NOON,
)


def reward_of(number: int = 1, *, stock: int | None = None, **fields: object) -> Reward:
    """Return a mug for five stamps, with what a test wants otherwise."""
    design = replace(RewardDesign(name="Mug", unit="stamp", cost=5), **fields)  # type: ignore[arg-type]
    return Reward(id=UUID(int=number), program_id=UUID(int=9), design=design, stock=stock)


def told(reward: Reward, customer: Claimant = CUSTOMER) -> tuple[str, str] | None:
    """Return the code and the sentence of what stands in the way."""
    found = obstacle(reward, customer)
    return (found.code, found.sentence) if found else None


@pytest.mark.parametrize(
    "reward",
    [
        reward_of(),
        reward_of(stock=1),
        reward_of(tier_min="silver"),
        reward_of(per_member_max=1),
        reward_of(valid_from=NOON, valid_until=SOON),
        reward_of(unit="voucher:cake", cost=1),
    ],
)
def test_a_card_can_have_what_nothing_speaks_against(reward: Reward) -> None:
    """To the last stamp, the last piece and the last moment."""
    assert told(reward) is None


@pytest.mark.parametrize(
    ("reward", "code", "sentence"),
    [
        (reward_of(cost=6), "not_enough", "1 more stamp to go for Mug."),
        (reward_of(cost=9), "not_enough", "4 more stamps to go for Mug."),
        (
            reward_of(unit="point", cost=2_000),
            "not_enough",
            "2,000 more points to go for Mug.",
        ),
        (reward_of(unit="bean"), "not_enough", "5 more to go for Mug."),
        (reward_of(unit="voucher:tea", cost=1), "not_enough", "Mug is not earned yet."),
        (reward_of(stock=0), "sold_out", "Mug is sold out."),
        (reward_of(tier_min="gold"), "tier_too_low", "Mug is for Gold members."),
        (reward_of(tier_min="lead"), "tier_too_low", "Mug is for lead members."),
        (reward_of(active=False), "reward_not_available", "Mug is not on offer any more."),
        (reward_of(valid_from=SOON), "reward_not_available", "Mug is on offer later."),
        (reward_of(valid_until=NOON), "reward_not_available", "Mug is not on offer any more."),
    ],
)
def test_what_stands_in_the_way_is_said_plainly(reward: Reward, code: str, sentence: str) -> None:
    """One reason, the first that no collecting would remove."""
    assert told(reward) == (code, sentence)


@pytest.mark.parametrize(
    ("reward", "detail"),
    [
        (reward_of(cost=9), {"missing": 4, "unit": "stamp"}),
        (reward_of(tier_min="gold"), {"tier_min": "gold"}),
        (reward_of(valid_from=SOON), {"valid_from": SOON}),
        (reward_of(valid_until=NOON), {"valid_until": NOON}),
    ],
)
def test_programs_read_the_numbers_behind_the_sentence(
    reward: Reward, detail: dict[str, object]
) -> None:
    """What is missing, from which tier on, from when or until when."""
    found = obstacle(reward, CUSTOMER)
    assert found is not None
    assert found.detail == detail


@pytest.mark.parametrize(
    ("tier", "is_ready"), [(None, False), ("silver", True), ("gold", True), ("lead", False)]
)
def test_a_higher_tier_has_what_a_lower_one_has(tier: str | None, *, is_ready: bool) -> None:
    """Who has none, or one that is gone, has not."""
    found = told(reward_of(tier_min="silver"), replace(CUSTOMER, tier=tier))
    assert (found is None) == is_ready


def test_who_still_holds_a_tier_that_is_gone_still_has_its_rewards() -> None:
    """Though the plan no longer knows it."""
    assert told(reward_of(tier_min="lead"), replace(CUSTOMER, tier="lead")) is None


@pytest.mark.parametrize(("most", "times"), [(1, "once"), (3, "3 times")])
def test_a_customer_gets_so_many_and_no_more(most: int, times: str) -> None:
    """Each customer for themselves, and each reward for itself."""
    reward = reward_of(per_member_max=most)
    sentence = f"Each customer gets Mug {times}."
    for had, expected in ((most - 1, None), (most, ("reward_limit_reached", sentence))):
        customer = replace(CUSTOMER, had={reward.id: had, UUID(int=7): 99})
        assert told(reward, customer) == expected
    refused = obstacle(reward, replace(CUSTOMER, had={reward.id: most}))
    assert refused is not None
    assert refused.detail == {"per_member_max": most}


@pytest.mark.parametrize("status", [CardStatus.BLOCKED, CardStatus.MERGED])
def test_a_card_out_of_use_has_nothing(status: CardStatus) -> None:
    """Whatever is on it."""
    found = told(reward_of(), replace(CUSTOMER, card_status=status))
    assert found == ("card_blocked", "This card is blocked.")


def test_what_was_earned_is_honoured_when_the_program_stopped() -> None:
    """Paused without end, ended until the days of grace are over."""
    assert told(reward_of(), replace(CUSTOMER, program_status=ProgramStatus.PAUSED)) is None
    ended = replace(CUSTOMER, program_status=ProgramStatus.ENDED, program_ended_at=NOON - GRACE)
    assert told(reward_of(), replace(ended, now=NOON - timedelta(microseconds=1))) is None
    refused = obstacle(reward_of(), ended)
    assert refused is not None
    assert (refused.code, refused.detail) == ("redeeming_over", {"until": NOON})


def test_nobody_is_sent_collecting_for_what_they_cannot_have() -> None:
    """The price comes last."""
    assert told(reward_of(cost=9, stock=0)) == ("sold_out", "Mug is sold out.")


def test_a_debt_is_missing_too() -> None:
    """Below zero, what is owed comes on top."""
    assert missing(reward_of(), {"stamp": {Account.AVAILABLE: -2}}) == 7


def test_what_is_ready_comes_first_and_then_what_is_nearest() -> None:
    """What is not on the shelf, is over, or was never earned is not shown."""
    rewards = [
        reward_of(1, cost=20),
        reward_of(2, cost=7),
        reward_of(3),
        reward_of(4, active=False),
        reward_of(5, valid_until=NOON),
        reward_of(6, unit="voucher:tea", cost=1),
        reward_of(7, unit="voucher:cake", cost=1),
        reward_of(8, valid_from=SOON),
    ]
    found = claims(rewards, CUSTOMER)
    assert [claim.reward.id.int for claim in found] == [3, 7, 8, 2, 1]
    assert [claim.is_ready for claim in found] == [True, True, False, False, False]
    assert [claim.missing for claim in found] == [0, 0, 0, 2, 15]
    assert [claim.sentence for claim in found[1:4]] == [
        "",
        "Mug is on offer later.",
        "2 more stamps to go for Mug.",
    ]
