"""Consenting: a yes or no goes into the log for ever, and whoever listens hears of it."""

from gateway.domain.events.consents import ConsentGiven, ConsentWithdrawn
from gateway.storage.messages.consents import Consent
from gateway.storage.unit import Unit


async def log_consent(unit: Unit, consent: Consent) -> None:
    """Append a yes or no, and tell of it without the words and the address it came from.

    Of the source the door is told, not what a merchant wrote behind it, which may name people.
    """
    await unit.consents.add(consent, unit.now)
    said = ConsentGiven if consent.granted else ConsentWithdrawn
    unit.announce(
        said(
            customer_id=consent.customer_id,
            medium=consent.medium,
            purpose=consent.purpose,
            source=consent.source.partition(":")[0],
        )
    )
