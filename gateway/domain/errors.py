"""Refusals: what we tell a person who asks for something the rules do not give."""

from collections.abc import Mapping
from enum import StrEnum, auto
from typing import ClassVar


class Kind(StrEnum):
    """What sort of refusal it is; the doors turn each kind into one status."""

    INVALID = auto()
    UNAUTHENTICATED = auto()
    FORBIDDEN = auto()
    NOT_FOUND = auto()
    CONFLICT = auto()
    REFUSED = auto()
    LIMITED = auto()
    STALE = auto()


class Refusal(Exception):
    """The request was refused."""

    code: ClassVar[str] = "refused"
    kind: ClassVar[Kind] = Kind.REFUSED

    def __init__(self, sentence: str | None = None, **detail: object) -> None:
        """Take a sentence more exact than the class's own, and facts worth showing."""
        self.sentence = sentence or (self.__doc__ or "").strip()
        self.detail: Mapping[str, object] = detail
        super().__init__(self.sentence)


class NotFound(Refusal):
    """There is nothing here."""

    code = "not_found"
    kind = Kind.NOT_FOUND


class NotSignedIn(Refusal):
    """Please sign in."""

    code = "not_signed_in"
    kind = Kind.UNAUTHENTICATED


class NotAllowed(Refusal):
    """You may not do this."""

    code = "not_allowed"
    kind = Kind.FORBIDDEN


class Invalid(Refusal):
    """Something in the request is not right."""

    code = "invalid"
    kind = Kind.INVALID


class TooManyAttempts(Refusal):
    """Too many attempts. Please wait and try again."""

    code = "too_many_attempts"
    kind = Kind.LIMITED


class WrongPin(Refusal):
    """That PIN is not right."""

    code = "wrong_pin"
    kind = Kind.UNAUTHENTICATED


class PinLocked(Refusal):
    """Too many wrong PINs. This PIN is locked for a while."""

    code = "pin_locked"
    kind = Kind.LIMITED


class KeyReused(Refusal):
    """This idempotency key was used for another request."""

    code = "idempotency_key_reused"
    kind = Kind.REFUSED


class Busy(Refusal):
    """Too many people are changing this card at once. Please try again."""

    code = "busy"
    kind = Kind.CONFLICT


class CooldownActive(Refusal):
    """This card was stamped a moment ago."""

    code = "cooldown_active"


class DailyLimitReached(Refusal):
    """This card has all the stamps it can get today."""

    code = "daily_limit_reached"


class ProgramNotActive(Refusal):
    """The program is not running at the moment."""

    code = "program_not_active"


class CardBlocked(Refusal):
    """This card is blocked."""

    code = "card_blocked"


class LocationNotParticipating(Refusal):
    """This location does not take part in the program."""

    code = "location_not_participating"


class NotInAudience(Refusal):
    """This program is for other customers."""

    code = "not_in_audience"


class NotValidNow(Refusal):
    """Nothing can be collected at this time."""

    code = "not_valid_now"


class AmountNeeded(Refusal):
    """This program needs the amount of the purchase."""

    code = "amount_needed"


class NothingToEarn(Refusal):
    """There is nothing to collect for this."""

    code = "nothing_to_earn"


class BalanceLimit(Refusal):
    """This card cannot hold more."""

    code = "balance_limit"


class NotEnough(Refusal):
    """There is not enough on the card for this reward yet."""

    code = "not_enough"


class RedemptionClosed(Refusal):
    """This redemption is already finished."""

    code = "redemption_closed"
    kind = Kind.CONFLICT


class RedemptionExpired(Refusal):
    """The time to hand out this reward is over. Please reserve it again."""

    code = "redemption_expired"
    kind = Kind.CONFLICT


class AlreadyReversed(Refusal):
    """This was already undone."""

    code = "already_reversed"
    kind = Kind.CONFLICT


class NotReversible(Refusal):
    """This can no longer be undone."""

    code = "not_reversible"


class AlreadyRecorded(Refusal):
    """This purchase was already recorded."""

    code = "already_recorded"
    kind = Kind.CONFLICT


class ChangedMeanwhile(Refusal):
    """Somebody else changed this meanwhile. Please load it again."""

    code = "changed_meanwhile"
    kind = Kind.STALE
