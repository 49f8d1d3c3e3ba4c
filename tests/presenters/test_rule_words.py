"""How a card works and its limits, in four languages."""

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.domain.rules.plan import Limits, Plan
from gateway.domain.rules.points import PointsRule
from gateway.domain.wording import Language
from gateway.presenters.rule_words import how_it_works, terms
from tests.plans import (
    hybrid_plan,
    points_plan,
    punch_plan,
    spending_plan,
    stamp_plan,
    tier_plan,
    visit_plan,
)


@pytest.mark.parametrize(
    ("plan", "language", "words"),
    [
        (
            stamp_plan(10, "Kaffee"),
            Language.DE,
            "Jeder Besuch bringt einen Stempel; 10 Stempel ergeben eine Prämie: Kaffee.",
        ),
        (punch_plan(), Language.FR, "Chaque achat d’au moins 3,50 EUR donne un tampon"),
        (points_plan(), Language.LB, "Fir all 1,00 EUR Akaf gëtt et 1 Punkt."),
        (points_plan(), Language.EN, "Each 1.00 EUR spent gives 1 point."),
        (spending_plan(), Language.DE, "Für 100,00 EUR Einkauf gibt es eine Prämie: A cake."),
        (visit_plan(), Language.EN, "make one reward: A breakfast."),
        (tier_plan(), Language.FR, "Il y a 2 niveaux : Silver, Gold."),
    ],
)
def test_every_kind_of_rule_is_told(plan: Plan, language: Language, words: str) -> None:
    """With its own figures, written as the language writes them."""
    assert words in how_it_works(plan, language)


@pytest.mark.parametrize("language", list(Language))
def test_every_rule_of_a_plan_is_told(language: Language) -> None:
    """One sentence at least for each, after where the code is shown."""
    plan = hybrid_plan()
    assert len(how_it_works(plan, language).split(". ")) > len(plan.rules)


@pytest.mark.parametrize(
    ("points", "language", "words"),
    [
        (Decimal("0.50"), Language.EN, "gives 0.5 points."),
        (Decimal("1.5"), Language.FR, "donne 1,5 point."),
        (Decimal(2), Language.FR, "donne 2 points."),
        (Decimal(10), Language.DE, "gibt es 10 Punkte."),
    ],
)
def test_broken_points_are_counted_as_the_language_does(
    points: Decimal, language: Language, words: str
) -> None:
    """In French the plural begins at two."""
    plan = replace(points_plan(), rules=(PointsRule(points_per_dollar=points),))
    assert words in how_it_works(plan, language)


@pytest.mark.parametrize(
    ("plan", "language", "words"),
    [
        (
            stamp_plan(cooldown_minutes=15, daily_limit=1),
            Language.EN,
            (
                "The next stamp is possible 15 minutes after the last. At most 1 stamp a day. "
                "Stamps cannot be sold, transferred or paid out."
            ),
        ),
        (
            replace(points_plan(), limits=Limits(cooldown_minutes=1, daily_limit=1)),
            Language.DE,
            (
                "Der nächste Besuch zählt 1 Minute nach dem letzten. Höchstens einmal am Tag. "
                "Punkte können nicht verkauft, übertragen oder ausgezahlt werden."
            ),
        ),
        (
            replace(visit_plan(), limits=Limits(cooldown_minutes=0, daily_limit=3)),
            Language.FR,
            (
                "Au plus 3 fois par jour. Les avantages ne peuvent être ni vendus, ni cédés, "
                "ni payés en argent."
            ),
        ),
    ],
)
def test_the_terms_are_the_limits_in_proper_plurals(
    plan: Plan, language: Language, words: str
) -> None:
    """One minute, one stamp, once a day."""
    assert terms(plan, language) == words
