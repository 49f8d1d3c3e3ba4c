"""What becomes of webhooks, in a merchant's words."""

from gateway.domain.webhooks import DisabledReason

_OUTCOMES = {
    "Delivered": "Taken",
    "BlockedAddress": "The address is not on the public internet",
    "BadUrl": "The address cannot be used",
    "NoAnswer": "No answer in time",
    "NoAnswerInTime": "No answer in time",
    "NoConnection": "Nobody could be reached there",
    "NoSuchHost": "There is no such host",
    "TlsError": "The certificate is not right",
}
_STATUS = "Status"
_DISABLED = {
    DisabledReason.MERCHANT: "You disabled it.",
    DisabledReason.GONE: "We disabled it: the receiver answered that it is gone (410).",
    DisabledReason.FAILING: "We disabled it: for five days nobody took anything there.",
}


def outcome_words(outcome: str) -> str:
    """Say how an attempt ended."""
    if outcome.startswith(_STATUS):
        return f"Answered {outcome.removeprefix(_STATUS)}"
    return _OUTCOMES.get(outcome, "The answer could not be read")


def disabled_words(reason: DisabledReason) -> str:
    """Say why nothing is sent any more."""
    return _DISABLED[reason]
