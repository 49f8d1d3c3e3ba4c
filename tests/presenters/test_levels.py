"""A program's levels as its customers read them."""

from datetime import date

import pytest

from gateway.domain.rules.tier_progress import TierNeed, TierNeeds
from gateway.domain.rules.tiers import Measure
from gateway.domain.wording import Language
from gateway.presenters.levels import levels
from tests.plans import stamp_plan, tier_plan

YEAR_END = date(2026, 12, 31)


def need(tier: str, missing: int, *, measure: Measure = Measure.SPENDING) -> TierNeed:
    """Return what is missing for a tier until the year's end."""
    return TierNeed(tier=tier, type=measure, missing=missing, until=YEAR_END)


def test_each_level_says_what_it_brings_and_what_is_missing() -> None:
    """For the next one, and to keep the one that is held."""
    needs = TierNeeds(next=need("gold", 38_750), keep=need("silver", 4_000))
    silver, gold = levels(tier_plan(), "silver", needs)

    assert (silver.is_held, gold.is_held) == (True, False)
    assert silver.to_go == "40.00 EUR more by 31 December 2026 to keep it"
    assert gold.to_go == "387.50 EUR more by 31 December 2026"
    assert gold.benefits == ("A free birthday coffee", "Double points")


@pytest.mark.parametrize(
    ("measure", "missing", "words"),
    [
        (Measure.VISITS, 1, "1 visit more by 31 December 2026"),
        (Measure.POINTS, 1200, "1,200 points more by 31 December 2026"),
        (Measure.VISITS, 0, ""),
    ],
)
def test_what_is_missing_is_counted_in_its_own_measure(
    measure: Measure, missing: int, words: str
) -> None:
    """Money, visits or points; nothing is said where nothing is missing."""
    needs = TierNeeds(next=need("silver", missing, measure=measure), keep=None)

    assert levels(tier_plan(), None, needs)[0].to_go == words


@pytest.mark.parametrize(
    ("language", "keep", "reach"),
    [
        (
            Language.DE,
            "Noch 40,00 EUR bis 31. Dezember 2026, um sie zu behalten",
            "Noch 387,50 EUR bis 31. Dezember 2026",
        ),
        (
            Language.FR,
            "Encore 40,00 EUR d’ici le 31 décembre 2026 pour le garder",
            "Encore 387,50 EUR d’ici le 31 décembre 2026",
        ),
    ],
)
def test_what_is_missing_is_told_in_the_readers_language(
    language: Language, keep: str, reach: str
) -> None:
    """Amounts and days as that language writes them."""
    needs = TierNeeds(next=need("gold", 38_750), keep=need("silver", 4_000))
    silver, gold = levels(tier_plan(), "silver", needs, language)

    assert (silver.to_go, gold.to_go) == (keep, reach)


def test_a_program_without_tiers_has_no_levels() -> None:
    """And says nothing of them."""
    assert levels(stamp_plan(), None) == ()
