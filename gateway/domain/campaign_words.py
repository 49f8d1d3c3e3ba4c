"""The words of a campaign: which language somebody gets, and whether all can be sent."""

from collections.abc import Iterator, Sequence

from gateway.domain.campaigns import Content, Plan
from gateway.domain.errors import Invalid
from gateway.domain.messages import Channel
from gateway.domain.wording import (
    Language,
    MessageEvent,
    Wording,
    check_wording,
    choose_language,
)
from gateway.domain.wording_placeholders import (
    BALANCE,
    BRACED,
    OUTLOOK,
    PROGRESS,
    REWARDS_READY,
    STAMPS_MISSING,
)

_OF_ONE_CARD = frozenset(
    {each.name for each in (BALANCE, OUTLOOK, PROGRESS, REWARDS_READY, STAMPS_MISSING)}
)


def words_for(plan: Plan, channel: Channel, wanted: Sequence[str]) -> tuple[Language, Wording]:
    """Return what a campaign says to somebody by this channel, and in which language.

    `wanted` are the languages they read, best first, and at last the merchant's own, in which
    there are words for every channel.
    """
    said = {
        Language(name): wording
        for name, content in plan.contents.items()
        if (wording := _wording(content, channel))
    }
    language = choose_language(wanted, tuple(said))
    return language, said[language]


def check_words(plan: Plan) -> None:
    """Raise `Invalid` with a sentence per text that cannot be sent, such as `contents.fr.sms`."""
    found = {
        f"contents.{name}.{field}": fault
        for name, content in plan.contents.items()
        for field, fault in _faults(name, content, plan.channels)
    }
    if found:
        raise Invalid("Please check the words.", errors=found)


def differs_by_card(plan: Plan) -> bool:
    """Whether the wallet's words tell of one card, so that not everybody can get the same."""
    return any(
        not _OF_ONE_CARD.isdisjoint(BRACED.findall(content.wallet))
        for content in plan.contents.values()
    )


def _faults(name: str, content: Content, channels: Sequence[Channel]) -> Iterator[tuple[str, str]]:
    if name not in tuple(Language):
        yield "language", f"Please use one of {', '.join(Language)}."
        return
    for channel in channels:
        wording = _wording(content, channel)
        if wording is None:
            continue
        try:
            check_wording(MessageEvent.CAMPAIGN, channel.medium, wording)
        except Invalid as problem:
            errors = problem.detail["errors"]
            assert isinstance(errors, dict), "a wording's faults are by field"
            yield from ((_FIELDS[channel][field], fault) for field, fault in errors.items())


def _wording(content: Content, channel: Channel) -> Wording | None:
    """Return what is said by a channel, or None where nothing is."""
    match channel:
        case Channel.MAIL:
            wording = Wording(content.body, content.subject)
        case Channel.SMS:
            wording = Wording(content.sms)
        case _:
            wording = Wording(content.wallet)
    return wording if (wording.body + wording.subject).strip() else None


_FIELDS: dict[Channel, dict[str, str]] = {
    Channel.MAIL: {"subject": "subject", "body": "body"},
    Channel.SMS: {"body": "sms"},
    Channel.APPLE: {"body": "wallet"},
    Channel.GOOGLE: {"body": "wallet"},
}
