"""The values of placeholders: counted and dated as the reader would."""

from dataclasses import replace
from datetime import date

import pytest

from gateway.domain.cards import Progress, progress
from gateway.domain.wording import Language, MessageEvent
from gateway.presenters.message_previews import example_facts
from gateway.presenters.message_values import MessageFacts, values_of


def make_facts(available: int = 6, day: date | None = None) -> MessageFacts:
    facts = example_facts(MessageEvent.EXPIRING, Language.EN)
    return replace(facts, progress=progress(available, 10), expires_on=day)


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
