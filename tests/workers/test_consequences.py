"""Every fact has a consequence, and a fact nobody can read is told from one that can."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from gateway.domain.events import (
    EVENTS,
    CardLinkWanted,
    CardStamped,
    Event,
    ProgramPublished,
    StampReversed,
)
from gateway.domain.wording import MessageEvent
from gateway.storage.queues.outbox import Fact
from workers.consequences import (
    CardsToChange,
    ChangeLook,
    Notify,
    UnreadableFactError,
    UpdatePasses,
    consequences,
    follows,
)

ONE, TWO, NOBODY = UUID(int=1), UUID(int=2), UUID(int=0)


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_has_a_consequence(event: type[Event]) -> None:
    """Nothing that the services announce is unknown to the workers."""
    data = {"card_id": str(ONE), "program_id": str(TWO)}

    found = consequences(event.type, data)

    assert {type(each) for each in found} <= {UpdatePasses, ChangeLook, Notify}


def test_a_stamp_updates_the_card_and_tells_its_customer() -> None:
    """What an event writes about itself is read back as the same card."""
    event = CardStamped(card_id=ONE, transaction_id=TWO, stamps=1, balance=3)

    assert consequences(event.type, event.data()) == (
        UpdatePasses(ONE),
        Notify(MessageEvent.STAMP, ONE),
    )


def test_who_wants_their_link_is_welcomed_again_and_nobody_else_hears_of_it() -> None:
    """The card itself changes nowhere, and the fact is no event that a webhook may ask for."""
    event = CardLinkWanted(card_id=ONE)

    assert consequences(event.type, event.data()) == (Notify(MessageEvent.WELCOME, ONE),)
    assert CardLinkWanted not in EVENTS


def test_a_correction_is_no_news_for_the_customer() -> None:
    """A stamp taken back changes the card, and nobody is written to about it."""
    fact = Fact(
        id=TWO,
        type=StampReversed.type,
        data={"card_id": str(ONE)},
        announced_at=datetime(2026, 1, 1, tzinfo=UTC),
    )

    follow = follows([fact])

    assert follow.cards == {ONE: TWO}
    assert follow.notices == []


def test_a_long_change_of_look_goes_on_where_it_stopped() -> None:
    """A publication begins with the first card, its continuation after the last one changed."""
    published = ProgramPublished(program_id=ONE, program_version_id=TWO)
    rest = CardsToChange(program_id=ONE, after_card_id=TWO)

    assert consequences(published.type, published.data()) == (ChangeLook(ONE, NOBODY),)
    assert consequences(rest.type, rest.data()) == (ChangeLook(ONE, TWO),)


@pytest.mark.parametrize(
    ("fact_type", "data"),
    [
        ("loyalty.card.eaten", {"card_id": str(ONE)}),
        (CardStamped.type, {}),
        (CardStamped.type, {"card_id": "not an id"}),
        (CardStamped.type, {"card_id": 7}),
        (CardStamped.type, {"card_id": None}),
    ],
)
def test_an_unreadable_fact_says_so(fact_type: str, data: dict[str, object]) -> None:
    """An unknown type or missing, mistyped or broken data is one kind of error."""
    with pytest.raises(UnreadableFactError):
        consequences(fact_type, data)
