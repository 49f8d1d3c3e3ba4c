"""The courier to Apple's devices: pokes them, and forgets the ones that are gone."""

from collections.abc import Sequence
from uuid import UUID

import structlog

from gateway.storage.queues.deliveries import BULK
from gateway.storage.queues.delivery_queue import Delivery, Verdict
from gateway.storage.unit import Units
from workers.channels.apns.request import Push
from workers.channels.base import Channel, Delivered, Gone, Outcome, Permanent, Temporary
from workers.couriers.base import Ended
from workers.reactions import Attempt, react

NOBODY_THERE = Verdict(state="done", reason="NobodyThere")


class ApnsCourier:
    """Level-triggered: a delivery names a device, and its token is looked up when it is sent."""

    channel = "apns"
    seconds_max = 12.0

    def __init__(self, units: Units, channel: Channel[Push]) -> None:
        """Take the merchants' units and the connections to APNs."""
        self._units = units
        self._apns = channel
        self._log = structlog.get_logger()

    async def look_up(self, sent: Sequence[Delivery]) -> list[Push | Verdict]:
        """Return each device's push under its current token."""
        tokens: dict[tuple[UUID, str, str], str] = {}
        for merchant_id in {delivery.merchant_id for delivery in sent}:
            mine = [delivery for delivery in sent if delivery.merchant_id == merchant_id]
            async with self._units(merchant_id) as unit:
                found = await unit.deliveries.push_tokens(
                    [(delivery.topic, delivery.target) for delivery in mine]
                )
            tokens |= {(merchant_id, *address): token for address, token in found.items()}
        return [_push(each, tokens) for each in sent]

    async def send(self, parcel: Push) -> Outcome:
        """Push once."""
        return await self._apns.send(parcel)

    def react(self, outcome: Outcome, attempt: Attempt) -> Verdict:
        """A push says only "look again", so one that may have arrived is simply sent again."""
        return react(outcome, attempt)

    async def settle(self, ended: Sequence[Ended[Push]]) -> list[Verdict]:
        """Forget devices that are gone, and call what campaigns announced there sent."""
        verdicts = [await self._settle_one(each) for each in ended]
        told = [each.delivery for each in ended if _announces(each)]
        for merchant_id in {delivery.merchant_id for delivery in told}:
            devices = [(one.topic, one.target) for one in told if one.merchant_id == merchant_id]
            async with self._units(merchant_id) as unit:
                await unit.announcements.pushed(devices, unit.now)
        return verdicts

    async def _settle_one(self, ended: Ended[Push]) -> Verdict:
        match ended.outcome:
            case Permanent(reason, Gone(before)):
                delivery = ended.delivery
                async with self._units(delivery.merchant_id) as unit:
                    forgotten = await unit.devices.forget(
                        delivery.topic, ended.parcel.token, before
                    )
                    left = await unit.deliveries.push_tokens([(delivery.topic, delivery.target)])
                self._log.info("devices_forgotten", topic=delivery.topic, devices=forgotten)
                if left:
                    # Registered again since: whoever that is has not been told yet.
                    return react(Temporary(reason), ended.attempt)
        return ended.verdict


def _announces(ended: Ended[Push]) -> bool:
    """Whether a push for a campaign arrived; one that somebody waits for costs nothing here."""
    return ended.delivery.lane == BULK and isinstance(ended.outcome, Delivered)


def _push(delivery: Delivery, tokens: dict[tuple[UUID, str, str], str]) -> Push | Verdict:
    token = tokens.get((delivery.merchant_id, delivery.topic, delivery.target))
    return NOBODY_THERE if token is None else Push(delivery.id, delivery.topic, token)
