"""A campaign's numbers as people see them: nothing lost, nothing counted twice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from gateway.domain.campaigns import Campaign, CampaignStatus, Content, Plan
from gateway.domain.messages import Channel, MessageState, SkipReason
from gateway.presenters.campaign_bars import Tally, bars, headline
from gateway.presenters.campaign_words import STATES, STATUSES, reason_words

BEGAN = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
CAMPAIGN = Campaign(
    id=UUID(int=1),
    status=CampaignStatus.SENDING,
    revision=3,
    plan=Plan(name="Cake", channels=(Channel.MAIL,), contents={"en": Content()}),
    created_at=BEGAN,
    prepared_at=BEGAN,
)
TALLIES = [
    Tally(Channel.MAIL, state, reason, messages)
    for state, reason, messages in (
        (MessageState.QUEUED, None, 30),
        (MessageState.SENDING, None, 10),
        (MessageState.SENT, None, 40),
        (MessageState.DELIVERED, None, 15),
        (MessageState.FAILED, "outcome_unknown", 2),
        (MessageState.BOUNCED, None, 3),
        (MessageState.SKIPPED, SkipReason.NO_CONSENT, 7),
    )
]


def test_a_bar_is_full_and_its_lines_are_everybody() -> None:
    """The parts of those addressed make a whole; those left out are only counted."""
    (bar,) = bars(CAMPAIGN.plan.channels, TALLIES)

    assert (bar.messages, bar.addressed) == (107, 100)
    assert sum(line.messages for line in bar.lines) == 107
    assert sum(part.share for part in bar.parts) == pytest.approx(100)
    ends = [part.start + part.share for part in bar.parts]
    assert [part.start for part in bar.parts[1:]] == pytest.approx(ends[:-1])
    assert bar.lines[-1].why == "did not agree to offers this way"


def test_a_channel_without_anybody_is_an_empty_bar() -> None:
    """And not a division by nothing."""
    everybody_left_out = [Tally(Channel.SMS, MessageState.SKIPPED, SkipReason.NO_ADDRESS, 5)]
    google, sms = bars((Channel.GOOGLE, Channel.SMS), everybody_left_out)

    assert (google.parts, google.lines, google.messages) == ((), (), 0)
    assert (sms.parts, sms.addressed, sms.messages) == ((), 0, 5)


def test_the_headline_counts_who_needs_no_more_work() -> None:
    """Sixty of a hundred in an hour: the rest takes forty minutes."""
    said = headline(CAMPAIGN, TALLIES, BEGAN + timedelta(hours=1))

    assert said.sentence == "60 of 100 messages are done."
    assert (said.done, said.addressed, said.left_out) == (60, 100, 7)
    assert said.ends_at == BEGAN + timedelta(hours=1, minutes=40)


def test_nobody_guesses_an_end_that_nobody_can_know() -> None:
    """Before a few are done, and while it is held."""
    paused = replace(CAMPAIGN, status=CampaignStatus.PAUSED)
    few = [Tally(Channel.MAIL, MessageState.SENT, None, 3), TALLIES[0]]

    assert headline(paused, TALLIES, BEGAN + timedelta(hours=1)).ends_at is None
    assert headline(CAMPAIGN, few, BEGAN + timedelta(hours=1)).ends_at is None


def test_every_status_state_and_reason_has_words() -> None:
    """Nobody reads a name from the database, unless a provider gave it."""
    for status in CampaignStatus:
        assert headline(replace(CAMPAIGN, status=status), TALLIES, BEGAN).sentence
    assert set(STATUSES) == set(CampaignStatus)
    assert set(STATES) == set(MessageState)
    assert not [each for each in SkipReason if "provider" in reason_words(each)]
    assert reason_words("Unregistered") == "the provider said “Unregistered”"
