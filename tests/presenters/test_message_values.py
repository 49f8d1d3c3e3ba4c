"""The values of placeholders: counted and dated as the reader would."""

from dataclasses import replace
from datetime import date

import pytest

from gateway.domain.progress import Counts, Progress, stamp_progress
from gateway.domain.wording import Language, MessageEvent
from gateway.presenters.message_previews import example_facts
from gateway.presenters.message_values import Amount, MessageFacts, values_of


def make_facts(available: int = 6, day: date | None = None) -> MessageFacts:
    facts = example_facts(MessageEvent.EXPIRING, Language.EN)
    return replace(facts, progress=stamp_progress(available, 10), expires_on=day)


@pytest.mark.parametrize(
    ("language", "none", "one", "many"),
    [
        (Language.EN, "0 stamps", "1 stamp", "4 stamps"),
        (Language.FR, "0 tampon", "1 tampon", "4 tampons"),
        (Language.DE, "0 Stempel", "1 Stempel", "4 Stempel"),
        (Language.LB, "0 Stempelen", "1 Stempel", "4 Stempelen"),
    ],
)
def test_things_are_counted_in_proper_words(
    language: Language, none: str, one: str, many: str
) -> None:
    """One stamp is no stamps; in French nothing counts like one."""
    counted = [
        values_of(make_facts(available), language)["stamps_missing"] for available in (10, 9, 6)
    ]

    assert counted == [none, one, many]


@pytest.mark.parametrize(
    ("language", "first", "last", "short"),
    [
        (Language.EN, "1 March 2027", "31 December 2026", "1 March 2027"),
        (Language.FR, "1er mars 2027", "31 décembre 2026", "1/3/2027"),
        (Language.DE, "1. März 2027", "31. Dezember 2026", "1.3.2027"),
        (Language.LB, "1. Mäerz 2027", "31. Dezember 2026", "1.3.2027"),
    ],
)
def test_days_are_written_as_people_write_them(
    language: Language, first: str, last: str, short: str
) -> None:
    """In words where there is room, and without costly letters where there is not."""
    begins = make_facts(day=date(2027, 3, 1))

    assert values_of(begins, language)["expires_on"] == first
    assert values_of(begins, language, is_short=True)["expires_on"] == short
    assert values_of(make_facts(day=date(2026, 12, 31)), language)["expires_on"] == last


def test_a_full_card_reads_full() -> None:
    """Progress and rewards come from the card, in words."""
    facts = replace(make_facts(), progress=Progress(10, 10, 2))

    values = values_of(facts, Language.DE)

    assert (values["progress"], values["rewards_ready"]) == ("10 von 10", "2 Prämien")


def test_there_are_no_values_without_facts() -> None:
    """A message about a level nobody knows is our mistake, and shows as one."""
    facts = replace(make_facts(), tier=None)

    assert {"tier", "expires_on"}.isdisjoint(values_of(facts, Language.EN))


MONEY = Progress(1250, 10_000, 0, "EUR", 2, Counts.MONEY)
POINTS = Progress(1340, None, 0, "point", counts=Counts.POINTS)
VISITS = Progress(4, 5, 0, "visit", counts=Counts.VISITS)


@pytest.mark.parametrize(
    ("language", "money", "points", "visits"),
    [
        (Language.EN, "12.50 of 100.00 EUR", "1,340 points", "4 of 5 visits"),
        (Language.FR, "12,50 sur 100,00 EUR", "1340 points", "4 visites sur 5"),
        (Language.DE, "12,50 von 100,00 EUR", "1.340 Punkte", "4 von 5 Besuchen"),
        (Language.LB, "12,50/100,00 EUR", "1.340 Punkten", "4/5 Visitten"),
    ],
)
def test_every_kind_of_card_stands_in_proper_words(
    language: Language, money: str, points: str, visits: str
) -> None:
    """What is counted has a name in each language, and numbers have its marks."""
    shown = [
        values_of(replace(make_facts(), progress=progress), language)["balance"]
        for progress in (MONEY, POINTS, VISITS)
    ]

    assert shown == [money, points, visits]


@pytest.mark.parametrize(
    ("count", "balance"), [(0, "0 tampon sur 10"), (1, "1 tampon sur 10"), (2, "2 tampons sur 10")]
)
def test_a_balance_agrees_with_its_number(count: int, balance: str) -> None:
    """In French, what stands behind the first one."""
    facts = replace(make_facts(), progress=Progress(count, 10, 0))
    assert values_of(facts, Language.FR)["balance"] == balance


@pytest.mark.parametrize(
    ("progress", "outlook"),
    [
        (Progress(6, 10, 0), "4 stamps to go until your reward: Free coffee."),
        (MONEY, "87.50 EUR to go until your reward: Free coffee."),
        (VISITS, "1 visit to go until your reward: Free coffee."),
        (POINTS, "Ask us what your points can get you."),
    ],
)
def test_what_comes_next_is_a_sentence(progress: Progress, outlook: str) -> None:
    """Also where there is nothing to fill."""
    facts = replace(make_facts(), progress=progress)

    assert values_of(facts, Language.EN)["outlook"] == outlook


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Amount("point", 1), "1 Punkt"),
        (Amount("stamp", 3), "3 Stempel"),
        (Amount("voucher:visits", 1, "Ein Kaffee"), "Ein Kaffee"),
        (Amount("voucher:visits", 2, "Ein Kaffee"), "2 x Ein Kaffee"),
        (Amount("bean", 2), "2 bean"),
    ],
)
def test_what_ends_is_named(amount: Amount, words: str) -> None:
    """Points and stamps in the reader's language, rewards by their own name."""
    facts = replace(make_facts(), expiring=amount)

    assert values_of(facts, Language.DE)["expiring"] == words


def test_a_lost_level_has_a_name() -> None:
    """Nobody is told that they are nothing."""
    assert values_of(replace(make_facts(), tier=""), Language.FR)["tier"] == "Membre"
