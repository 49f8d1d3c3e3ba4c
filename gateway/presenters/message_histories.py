"""What became of a message, in the words of whom it was for."""

from gateway.domain.messages import Channel, MessageState, SkipReason
from gateway.domain.wording import Language, MessageEvent
from gateway.presenters.page_phrases.languages import PAGE_PHRASES


def what_text(event: MessageEvent, channel: Channel, language: Language) -> str:
    """Return what was sent and how, such as `Stamp, by mail`."""
    phrases = PAGE_PHRASES[language].histories
    return f"{phrases.events[event]}, {phrases.media[channel.medium]}"


def fate_text(state: MessageState, reason: str | None, language: Language) -> str:
    """Return how far it came; where we did not send it on purpose, why."""
    phrases = PAGE_PHRASES[language].histories
    fate = phrases.states[state]
    if state is not MessageState.SKIPPED or reason is None:
        return fate
    return f"{fate}: {phrases.reasons[SkipReason(reason)]}"
