"""Facts for the event stream: every one that the outside may know."""

from collections.abc import Callable, Sequence
from uuid import UUID

from gateway.domain.webhooks import is_public
from gateway.storage.queues.deliveries import Wanted
from gateway.storage.queues.outbox import Fact

STREAM, TOPIC = "stream", "events"


def plan_stream(facts: Sequence[Fact], new_id: Callable[[], UUID]) -> list[Wanted]:
    """Want each public fact to be published once."""
    return [
        Wanted(id=new_id(), event_id=fact.id, channel=STREAM, topic=TOPIC, target=str(fact.id))
        for fact in facts
        if is_public(fact.type)
    ]
