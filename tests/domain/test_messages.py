"""Messages move forward only, and every channel has a medium that a customer can close."""

from itertools import product

from gateway.domain.consents import Medium
from gateway.domain.messages import Channel, MessageState, predecessors

S = MessageState


def test_both_wallets_are_one_medium() -> None:
    """Who says no to the wallet says it to both."""
    media = {channel: channel.medium for channel in Channel}
    assert media == {
        Channel.MAIL: Medium.MAIL,
        Channel.SMS: Medium.SMS,
        Channel.APPLE: Medium.WALLET,
        Channel.GOOGLE: Medium.WALLET,
    }


def test_late_news_never_turn_a_message_back() -> None:
    """What arrived is not on its way again, and what was skipped is never sent."""
    for final, later in product((S.SKIPPED, S.FETCHED, S.BOUNCED), S):
        assert final not in predecessors(later)
    assert predecessors(S.QUEUED) == {S.SENDING}
    assert predecessors(S.SENDING) == {S.QUEUED}
    assert predecessors(S.SKIPPED) == {S.QUEUED, S.SENDING}
    assert predecessors(S.SENT) == {S.SENDING}
    assert predecessors(S.DELIVERED) == {S.SENDING, S.SENT, S.FAILED}
    assert predecessors(S.FETCHED) == {S.SENDING, S.SENT}
    assert predecessors(S.FAILED) == {S.SENDING, S.SENT}
    assert predecessors(S.BOUNCED) == {S.SENDING, S.SENT, S.DELIVERED}
