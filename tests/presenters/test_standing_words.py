"""How a card stands in words: streaks, and what is held back, in every language."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from gateway.domain.ledger import Account
from gateway.domain.merging import Part
from gateway.domain.programs import ProgramStatus
from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.wording import Language
from gateway.presenters.standing_words import held_back_words, stage_words, streak_words
from tests.plans import points_plan, visit_plan

ZONE = ZoneInfo("Europe/Luxembourg")
WAITING = Part(
    unit="point",
    account=Account.PENDING,
    amount=120,
    usable_from=datetime(2026, 12, 1, 23, 30, tzinfo=UTC),
    expires_at=None,
)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.EN, "Days in a row: 3, best so far: 7."),
        (Language.DE, "Tage hintereinander: 3, bisher am meisten: 7."),
        (Language.FR, "Jours de suite : 3, record : 7."),
        (Language.LB, "Deeg hannerteneen: 3, bis elo am meeschten: 7."),
    ],
)
def test_a_streak_says_how_long_it_is_and_was_at_best(language: Language, words: str) -> None:
    """Of rules about visits in a row alone, and also before the first visit."""
    memory = {"visits": RuleMemory(streak=3, best=7)}
    assert streak_words(visit_plan(in_a_row=True), memory, language) == [words]
    (before,) = streak_words(visit_plan(in_a_row=True), {}, language)
    assert before == words.replace("3", "0").replace("7", "0")
    assert streak_words(visit_plan(), memory, language) == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.EN, "120 points more from 2 December 2026."),
        (Language.DE, "Weitere 120 Punkte ab 2. Dezember 2026."),
        (Language.FR, "Encore 120 points à partir du 2 décembre 2026."),
        (Language.LB, "Nach 120 Punkten vum 2. Dezember 2026 un."),
    ],
)
def test_what_is_held_back_says_from_when_it_can_be_used(language: Language, words: str) -> None:
    """By the shop's own day."""
    assert held_back_words(points_plan(), [WAITING], ZONE, language) == [words]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.EN, "Ended. Your rewards can be used until 31 March 2027."),
        (Language.DE, "Beendet. Ihre Prämien können Sie noch bis 31. März 2027 einlösen."),
        (Language.FR, "Terminé. Vos récompenses sont à utiliser jusqu’au 31 mars 2027."),
        (Language.LB, "Eriwwer. Är Beloununge kënnt Dir nach bis 31. Mäerz 2027 aléisen."),
    ],
)
def test_a_card_says_that_its_program_ended_or_stands_still(
    language: Language, words: str
) -> None:
    """With the last day by the shop's clock; one that runs says nothing."""
    until = datetime(2027, 3, 31, 22, tzinfo=UTC)
    assert stage_words(ProgramStatus.ENDED, until, ZONE, language) == words
    assert stage_words(ProgramStatus.PAUSED, None, ZONE, language)
    assert stage_words(ProgramStatus.ACTIVE, None, ZONE, language) == ""
