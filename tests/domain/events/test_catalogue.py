"""What a fact says of itself, and the list of those that are told."""

from uuid import UUID

from gateway.domain.events.base import Event
from gateway.domain.events.cards import CardOpened
from gateway.domain.events.catalogue import EVENTS
from gateway.domain.webhooks import is_public
from tests.classes import below

ID = UUID(int=7)


def test_every_event_has_a_type_of_its_own_and_speaks_json() -> None:
    """Facts have distinct names, and ids are written as text."""
    assert len({event.type for event in EVENTS}) == len(EVENTS)
    assert CardOpened(card_id=ID, program_id=ID).data() == {
        "card_id": str(ID),
        "program_id": str(ID),
    }


def test_no_fact_that_the_outside_may_hear_is_forgotten() -> None:
    """What a family declares under a public name stands in the list, which is written by hand."""
    ours = [each for each in below(Event) if each.__module__.startswith("gateway.domain.")]
    declared = {each.type for each in ours if hasattr(each, "type") and is_public(each.type)}

    assert declared == {event.type for event in EVENTS}
