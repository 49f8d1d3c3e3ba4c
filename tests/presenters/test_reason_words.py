"""Why a reward is not ready, and why a visit gave nothing: as the API says, in four languages."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from gateway.domain import earning, rules
from gateway.domain.cards import CardStatus
from gateway.domain.claims import Claim, Claimant, missing, obstacle
from gateway.domain.ledger import Account
from gateway.domain.programs import ProgramStatus
from gateway.domain.rewards import Reward, RewardDesign, RewardWords
from gateway.domain.rules.outcomes import Explanation
from gateway.domain.wording import Language
from gateway.presenters.reason_phrases.languages import REASON_PHRASES
from gateway.presenters.reason_words import BELOW_MINIMUM, Said, nothing_words, obstacle_words
from tests.plans import hybrid_plan, punch_plan, spending_plan

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PLAN = hybrid_plan()
CUSTOMER = Claimant(
    card_status=CardStatus.ACTIVE,
    program_status=ProgramStatus.ACTIVE,
    program_ended_at=None,
    plan=PLAN,
    balances={"stamp": {Account.AVAILABLE: 5}},
    tier="silver",
    now=NOON,
)
OTHERS = sorted(set(Language) - {Language.EN})


def claim_of(*, stock: int | None = None, had: int = 0, **fields: object) -> Claim:
    """Return a claim on a mug for five stamps, with what a test wants otherwise."""
    design = RewardDesign(
        name="Mug", unit="stamp", cost=5, localised={Language.DE: RewardWords(name="Tasse")}
    )
    design = replace(design, **fields)  # type: ignore[arg-type]
    reward = Reward(id=UUID(int=1), program_id=UUID(int=9), design=design, stock=stock)
    customer = replace(CUSTOMER, had={reward.id: had})
    return Claim(
        reward=reward,
        obstacle=obstacle(reward, customer),
        missing=missing(reward, customer.balances),
    )


CLAIMS = [
    claim_of(cost=6),
    claim_of(cost=9),
    claim_of(unit="point", cost=1),
    claim_of(unit="point", cost=2_000),
    claim_of(unit="bean"),
    claim_of(unit="voucher:tea", cost=1),
    claim_of(stock=0),
    claim_of(tier_min="gold"),
    claim_of(tier_min="lead"),
    claim_of(per_member_max=1, had=1),
    claim_of(per_member_max=3, had=3),
    claim_of(active=False),
    claim_of(valid_from=NOON + timedelta(days=1)),
    claim_of(valid_until=NOON),
    replace(
        claim_of(),
        obstacle=obstacle(claim_of().reward, replace(CUSTOMER, card_status=CardStatus.BLOCKED)),
    ),
    replace(
        claim_of(),
        obstacle=obstacle(
            claim_of().reward,
            replace(
                CUSTOMER,
                program_status=ProgramStatus.ENDED,
                program_ended_at=NOON - timedelta(days=999),
            ),
        ),
    ),
]


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_page_in_english_says_what_the_api_says(claim: Claim) -> None:
    """One reason has one sentence; in the other languages it has another one."""
    assert claim.obstacle is not None
    assert obstacle_words(PLAN, claim, Language.EN) == claim.sentence
    for language in OTHERS:
        words = obstacle_words(PLAN, claim, language)
        assert words
        assert words != claim.sentence


def test_nothing_is_said_of_what_is_ready() -> None:
    """There is nothing in the way."""
    assert obstacle_words(PLAN, claim_of(), Language.FR) == ""


@pytest.mark.parametrize(
    ("claim", "language", "words"),
    [
        (claim_of(cost=6), Language.DE, "Noch 1 Stempel bis zu: Tasse."),
        (claim_of(unit="point", cost=2_000), Language.DE, "Noch 2.000 Punkte bis zu: Tasse."),
        (claim_of(unit="point", cost=1), Language.FR, "Encore 1 point pour : Mug."),
        (claim_of(tier_min="gold"), Language.LB, "Mug: ab dem Niveau Gold."),
        (claim_of(per_member_max=3, had=3), Language.FR, "3 fois par personne : Mug."),
    ],
)
def test_figures_and_names_are_the_readers(claim: Claim, language: Language, words: str) -> None:
    """With the reward's own name in that language, if its merchant wrote one."""
    assert obstacle_words(PLAN, claim, language) == words


def said(
    reason: str, *, rule: str = "stamps", matched: bool = False, wanted: int = 0
) -> Explanation:
    """Return what a rule said to something it gave nothing for."""
    return Explanation(
        rule=rule,
        unit="stamp",
        matched=matched,
        wanted=wanted,
        given=0,
        reason=reason,
        sentence="As the API says.",
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.EN, Said("Nothing collected", "It counts from a purchase of 3.50 EUR on.")),
        (Language.FR, Said("Rien collecté", "Compte à partir d’un achat de 3,50 EUR.")),
        (Language.DE, Said("Nichts gesammelt", "Es zählt ab einem Einkauf von 3,50 EUR.")),
        (Language.LB, Said("Näischt gesammelt", "Et zielt ab 3,50 EUR Akaf.")),
    ],
)
def test_a_purchase_too_small_learns_from_where_it_counts(language: Language, words: Said) -> None:
    """By the rule's own minimum, in the plan's currency."""
    reason = said(BELOW_MINIMUM, rule=punch_plan().rules[0].key)
    assert nothing_words(punch_plan(), [reason], language) == words


def test_a_rule_that_is_gone_is_not_quoted() -> None:
    """What it wanted is not known any more."""
    told = nothing_words(PLAN, [said(BELOW_MINIMUM, rule="gone")], Language.EN)
    assert told == Said("Nothing collected", "")


def test_who_comes_nearer_did_not_come_in_vain() -> None:
    """What counts for later is said before what does not count; what was capped gave nothing."""
    reasons = [said("nothing_counts"), said("threshold_ahead", matched=True)]

    assert nothing_words(spending_plan(), reasons, Language.DE) == Said(
        "Mitgezählt", "Es zählt für die nächste Prämie."
    )
    assert nothing_words(PLAN, [said("capped", matched=True, wanted=3)], Language.EN) == Said(
        "Nothing collected", "The limit was reached."
    )
    assert nothing_words(PLAN, [], Language.DE) is None


def test_every_reason_that_rules_give_has_words_or_needs_none() -> None:
    """A code that is new to the rules is translated, or said here to come with something given."""
    folders = [Path(*package.__path__) for package in (earning, rules)]
    sources = "".join(path.read_text() for folder in folders for path in folder.glob("*.py"))
    # A code stands before its sentence, or after its name.
    codes = set(re.findall(r'"([a-z_]+)", f?"[A-Z{]', sources))
    codes |= set(re.findall(r'reason="([a-z_]+)"', sources))
    comes_with_something = {
        *("milestone_reached", "not_taken_back", "threshold_reached", "threshold_lost"),
        *("visits_reached", "visits_lost"),
    }

    assert {"nothing_counts", "capped", "period_over"} <= codes
    for phrases in REASON_PHRASES.values():
        assert codes - comes_with_something <= phrases.earnings.reasons.keys() | {BELOW_MINIMUM}
