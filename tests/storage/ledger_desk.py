"""A desk at which the model's steps become commands on a shop, and answers what they told."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from gateway.domain.ledger import TransactionKind
from gateway.services.cards.commands import (
    Answer,
    Command,
    EndRedemption,
    ReserveReward,
    StampCard,
    UndoStamp,
)
from gateway.services.ledger.adjusting import AdjustCard, adjust
from gateway.services.ledger.joining_cards import join_cards
from gateway.services.ledger.joint_postings import JoinCards
from gateway.services.ledger.maturing import expire, release
from gateway.services.sales.settlements import RecordSale
from tests.ledgers import command
from tests.sales import Till
from tests.shops import FINGERPRINT, ORIGIN, Shop, body
from tests.storage.ledger_programs import TARGET
from tests.storage.ledger_shapes import Step, Told

_MOVED = {"visit": "given", "sale": "given", "undo": "taken", "transfer": "moved"}
_MOVED["merge"] = _MOVED["transfer"]


@dataclass(slots=True)
class Desk:
    """A shop, its cards and rewards by the model's numbers, and the ids that steps came to.

    `unit` is what is adjusted and transferred.
    """

    shop: Shop
    unit: str
    cards: list[UUID]
    rewards: list[UUID]
    ids: dict[int, UUID] = field(default_factory=dict)

    def command(self, step: Step) -> Command:
        """Return the command that a step stands for."""
        card = self.cards[step.card]
        match step.verb:
            case "visit":
                return self.shop.stamp_command(card)
            case "undo":
                return self.shop.undo_command(self.ids[step.target], card=card)
            case "sale":
                reference = f"receipt-{step.target}"
                till = Till(self.shop)
                return till.sale(step.amount, step.refunded, reference=reference, card=card)
            case "reserve":
                return self.shop.reserve_command(card=card, reward=self.rewards[step.other])
            case "redeem" | "cancel" | "lapse" | "take_back":
                return self.shop.end_command(self.ids[step.target], card=card)
            case _:
                return self._by_hand(step, card)

    def _by_hand(self, step: Step, card: UUID) -> Command:
        named: dict[str, Any] = {
            "principal": self.shop.principal,
            "origin": ORIGIN,
            "key": uuid7().hex,
            "fingerprint": FINGERPRINT,
            "card_id": card,
            "reason": "Counted again",
        }
        if step.verb == "adjust":
            return AdjustCard(**named, unit=self.unit, amount=step.amount)
        if step.verb in {"transfer", "merge"}:
            named["counterpart_card_id"] = self.cards[step.other]
            if step.verb == "transfer":
                named |= {"unit": self.unit, "amount": step.amount}
            return JoinCards(**named)
        return command(self.shop, card)

    async def send(self, step: Step, command: Command) -> Answer:  # noqa: PLR0911 -- one per verb
        """Give a command; raises what it raises."""
        match command:
            case StampCard():
                (reply,) = await self.shop.stamp(command)
                if isinstance(reply, Exception):
                    raise reply
                return reply
            case UndoStamp():
                return await self.shop.undo(command)
            case RecordSale():
                return await Till(self.shop).record(command)
            case EndRedemption() if step.verb == "take_back":
                return await self.shop.take_back(command)
            case EndRedemption():
                return await self.shop.end(command, TransactionKind(step.verb))
            case ReserveReward():
                return await self.shop.reserve(command)
            case _:
                return await self._send_by_hand(step, command)

    async def _send_by_hand(self, step: Step, command: Command) -> Answer:
        units = self.shop.database.units
        match command:
            case AdjustCard():
                return await adjust(units, command, uuid7)
            case JoinCards():
                return await join_cards(units, command, uuid7)
            case _:
                turn = release if step.verb == "release" else expire
                return await turn(units, command, uuid7)

    def remember(self, step: Step, answer: Answer) -> None:
        """Keep the id that a step came to, for later steps about it."""
        if answer.is_done and step.verb in {"visit", "reserve"}:
            name = "transaction_id" if step.verb == "visit" else "redemption_id"
            self.ids[step.name] = UUID(str(body(answer)[name]))

    @staticmethod
    def told(step: Step, answer: Answer) -> Told:
        """Return what an answer said, in the model's words."""
        said: dict[str, Any] = dict(body(answer))
        if not answer.is_done:
            return Told(said["code"])
        moved = said[_MOVED[step.verb]] if step.verb in _MOVED else ()
        progress = said.get("progress")
        return Told(
            "done",
            {each["unit"]: each["amount"] for each in moved},
            _shown(progress) if progress else None,
        )


def _shown(progress: dict[str, Any]) -> int:
    if progress["target"] is None:
        return int(progress["count"])
    return int(progress["rewards_ready"] * TARGET + progress["count"] % TARGET)
