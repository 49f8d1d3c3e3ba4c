"""What we ask of our own workers stays among us."""

from gateway.domain.events import wishes
from gateway.domain.events.base import Event
from gateway.domain.webhooks import is_public

WISHES = [
    each
    for each in vars(wishes).values()
    if isinstance(each, type) and issubclass(each, Event) and each is not Event
]


def test_nobody_outside_is_told_of_a_wish() -> None:
    """Each has a name of its own, and none of the names that endpoints can ask for."""
    assert len({each.type for each in WISHES}) == len(WISHES) > 0
    assert not [each for each in WISHES if is_public(each.type)]
