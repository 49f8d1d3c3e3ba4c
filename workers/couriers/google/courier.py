"""The courier to Google Wallet: writes what changed, adds messages, and keeps count of both."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from gateway.domain.messages import MessageState
from gateway.services.wallets.google_cards import GoogleOffice
from gateway.storage.messages.messages import Move
from gateway.storage.queues.delivery_queue import Delivery, Verdict
from gateway.storage.unit import Unit, Units
from gateway.storage.wallets.google import Written
from passes.errors import InvalidPass
from workers.channels.base import Delivered, Outcome, Temporary
from workers.channels.google.answers import NOT_FOUND, QUOTA_EXCEEDED
from workers.channels.google.client import GoogleWallet
from workers.couriers.base import Ended
from workers.couriers.google.look_up import UPDATE, look_up_class, look_up_object
from workers.couriers.google.messages import (
    MESSAGE,
    look_up_announcement,
    look_up_message,
)
from workers.couriers.google.pace import Pace
from workers.couriers.google.parcels import (
    AddMessage,
    Parcel,
    PutClass,
    PutObject,
    aloud,
    notifies,
    quietly,
)
from workers.reactions import Attempt, react

NO_TURN = "NoTurn"
NO_TURN_SECONDS = 2


class GoogleCourier:
    """Level-triggered: a delivery names a card or a program, written as it stands when sent.

    Ten stamps in a burst are one write of the newest balance. Messages are no level: Google adds
    each that it is sent, so one that may be there already is looked for first.
    """

    channel = "google"
    # Two waits for a turn and two calls, each up to 10 s.
    seconds_max = 32.0

    def __init__(
        self, office: GoogleOffice, google: GoogleWallet, pace: Pace, new_id: Callable[[], UUID]
    ) -> None:
        """Take what cards are composed with, the calls to Google, and their pace."""
        self._office = office
        self._new_id = new_id
        self._units: Units = office.units
        self._google = google
        self._pace = pace

    async def look_up(self, sent: Sequence[Delivery]) -> list[Parcel | Verdict]:
        """Compose each card, class or message as it stands now."""
        found: dict[UUID, Parcel | Verdict] = {}
        for merchant_id in {delivery.merchant_id for delivery in sent}:
            async with self._units(merchant_id) as unit:
                for delivery in sent:
                    if delivery.merchant_id == merchant_id:
                        found[delivery.id] = await self._look_up_one(unit, delivery)
        return [found[delivery.id] for delivery in sent]

    async def send(self, parcel: Parcel) -> Outcome:
        """Make the call in its turn, and once more in silence if the phone may not be lit up."""
        if isinstance(parcel, PutObject) and parcel.before is not None:
            outcome = await self._send(parcel.before)
            if not isinstance(outcome, Delivered):
                return outcome
        return await self._send(parcel)

    def react(self, outcome: Outcome, attempt: Attempt) -> Verdict:
        """Wait for a turn as long as it takes; a class that is gone is made again."""
        if isinstance(outcome, Temporary) and outcome.reason == NO_TURN:
            waited = react(outcome, attempt)
            return Verdict(
                state=waited.state, reason=NO_TURN, next_at=waited.next_at, counted=False
            )
        if outcome == NOT_FOUND:
            return react(Temporary(NOT_FOUND.reason), attempt)
        return react(outcome, attempt)

    async def settle(self, ended: Sequence[Ended[Parcel]]) -> list[Verdict]:
        """Remember what Google has, and count what lit up a phone."""
        for merchant_id in {each.delivery.merchant_id for each in ended}:
            async with self._units(merchant_id) as unit:
                for each in ended:
                    if each.delivery.merchant_id == merchant_id:
                        await _settle(unit, each)
        return [each.verdict for each in ended]

    async def _look_up_one(self, unit: Unit, delivery: Delivery) -> Parcel | Verdict:
        kind, *names = delivery.target.split(":")
        ids = [UUID(name) for name in names]
        try:
            match kind:
                case "object":
                    return await look_up_object(unit, self._office, delivery, ids[0])
                case "class":
                    return await look_up_class(unit, self._office, delivery, ids[0])
                case "message":
                    return await look_up_message(unit, delivery, ids[0], self._new_id)
                case _:
                    return await look_up_announcement(unit, delivery, ids[0], ids[1])
        except InvalidPass as refused:
            return Verdict(state="dead", reason=refused.problems[0].code)

    async def _send(self, parcel: Parcel) -> Outcome:
        if not await self._pace.turn(parcel.issuer_id, parcel.lane):
            return Temporary(NO_TURN, NO_TURN_SECONDS)
        if isinstance(parcel, PutClass):
            return await self._google.put_class(parcel.class_id, parcel.body, is_new=parcel.is_new)
        outcome = await self._put(parcel, aloud(parcel))
        if outcome == QUOTA_EXCEEDED:
            return await self._put(parcel, quietly(parcel))
        return outcome

    async def _put(self, parcel: PutObject | AddMessage, body: Mapping[str, object]) -> Outcome:
        if isinstance(parcel, PutObject):
            return await self._google.put_object(parcel.object_id, body, is_new=parcel.is_new)
        return await self._google.add_message(
            parcel.resource, parcel.resource_id, body, is_repeat=parcel.is_repeat
        )


async def _settle(unit: Unit, ended: Ended[Parcel]) -> None:
    parcel, is_taken = ended.parcel, isinstance(ended.outcome, Delivered)
    match parcel:
        case PutClass() if is_taken:
            await unit.google.class_written(parcel.program_id, parcel.digest, unit.now)
        case PutObject():
            await _settle_object(unit, ended, parcel)
        case AddMessage():
            await _settle_message(unit, ended, parcel)


async def _settle_object(unit: Unit, ended: Ended[Parcel], parcel: PutObject) -> None:
    if isinstance(ended.outcome, Delivered):
        if parcel.before is not None:
            before = parcel.before
            await unit.google.class_written(before.program_id, before.digest, unit.now)
        await unit.google.object_written(
            Written(card_id=parcel.card_id, version=parcel.version, balance=parcel.balance),
            unit.now,
        )
        if notifies(parcel):
            await unit.google.add_notice(ended.delivery.id, parcel.object_id, UPDATE, unit.now)
    elif ended.outcome == NOT_FOUND:
        # Google has not got its class, whatever we thought: the next try writes both.
        await unit.google.lost(parcel.program_id, parcel.card_id)


async def _settle_message(unit: Unit, ended: Ended[Parcel], parcel: AddMessage) -> None:
    """Say of the message, or of all that an announcement stood for, how it ended."""
    if ended.verdict.state == "waiting":
        return
    is_taken = isinstance(ended.outcome, Delivered)
    state = MessageState.SENT if is_taken else MessageState.FAILED
    reason = None if is_taken else ended.verdict.reason
    if parcel.message_id is not None:
        move = Move(message_id=parcel.message_id, state=state, reason=reason)
        await unit.messages.move([move], unit.now)
    else:
        assert parcel.program_id is not None, "an announcement is to a program's cards"
        announced = (parcel.campaign_id, parcel.program_id)
        await unit.class_messages.told_all(announced, state, reason, unit.now)
    if is_taken and notifies(parcel):
        await unit.google.add_notice(ended.delivery.id, parcel.resource_id, MESSAGE, unit.now)
