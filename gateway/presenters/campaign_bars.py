"""How far a campaign is, as bars, sentences and lists of counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from gateway.domain.campaigns import Campaign, CampaignStatus
from gateway.domain.messages import Channel, MessageState
from gateway.presenters.campaign_words import CHANNELS, STATES, reason_words

_ARRIVED = (MessageState.FETCHED, MessageState.DELIVERED)
_PARTS = (
    ("arrived", _ARRIVED),
    ("sent", (MessageState.SENT,)),
    ("under-way", (MessageState.SENDING,)),
    ("waiting", (MessageState.QUEUED,)),
    ("trouble", (MessageState.BOUNCED, MessageState.FAILED)),
)
_ORDER = (
    MessageState.FETCHED,
    MessageState.DELIVERED,
    MessageState.SENT,
    MessageState.SENDING,
    MessageState.QUEUED,
    MessageState.BOUNCED,
    MessageState.FAILED,
    MessageState.SKIPPED,
)
_SENTENCES = {
    CampaignStatus.DRAFT: "Nobody sees it yet.",
    CampaignStatus.SCHEDULED: "It has not begun yet.",
    CampaignStatus.PREPARING: "Writing down who gets it: {written:,} messages so far.",
    CampaignStatus.SENDING: "{done:,} of {addressed:,} messages are done.",
    CampaignStatus.PAUSED: "Paused: {done:,} of {addressed:,} messages are done, others wait.",
    CampaignStatus.SENT: "Sent: {addressed:,} messages went out.",
    CampaignStatus.CANCELLED: "Cancelled: {done:,} messages went out before.",
    CampaignStatus.FAILED: "It could not be prepared, and nothing more is sent.",
}
_OPEN = frozenset({MessageState.QUEUED, MessageState.SENDING})
GUESS_MESSAGES_MIN = 20
"""With fewer done, how long the rest takes is anybody's guess."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many messages of a channel are in one state, for one reason."""

    channel: Channel
    state: MessageState
    reason: str | None
    messages: int


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a bar: from where and how long, in percent."""

    kind: str
    start: float
    share: float


@dataclass(frozen=True, slots=True)
class Line:
    """A count in words; `kind` is the colour of its part of the bar."""

    state: MessageState
    words: str
    why: str
    messages: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelBar:
    """A channel: whom it is meant for, in how many parts, and all counts."""

    channel: Channel
    name: str
    messages: int
    addressed: int
    parts: tuple[Part, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A campaign in a sentence and a few numbers; `done` of `addressed` need no more work."""

    sentence: str
    addressed: int
    done: int
    left_out: int
    ends_at: datetime | None


def bars(channels: Iterable[Channel], tallies: Sequence[Tally]) -> list[ChannelBar]:
    """Return a bar per channel; those left out are counted and take no part of it."""
    return [
        _bar(channel, [one for one in tallies if one.channel is channel]) for channel in channels
    ]


def headline(campaign: Campaign, tallies: Sequence[Tally], now: datetime) -> Headline:
    """Say how far a campaign is."""
    left_out = _sum(tallies, MessageState.SKIPPED)
    addressed = sum(one.messages for one in tallies) - left_out
    done = addressed - _sum(tallies, *_OPEN)
    return Headline(
        sentence=_sentence(campaign, done, addressed, left_out),
        addressed=addressed,
        done=done,
        left_out=left_out,
        ends_at=_ends_at(campaign, done, addressed, now),
    )


def _bar(channel: Channel, tallies: Sequence[Tally]) -> ChannelBar:
    messages = sum(one.messages for one in tallies)
    addressed = messages - _sum(tallies, MessageState.SKIPPED)
    shares = [100 * _sum(tallies, *states) / (addressed or 1) for _, states in _PARTS]
    starts = accumulate(shares, initial=0.0)
    parts = [
        Part(kind, round(start, 3), round(share, 3))
        for (kind, _), start, share in zip(_PARTS, starts, shares, strict=False)
        if share
    ]
    ordered = sorted(tallies, key=lambda one: (_ORDER.index(one.state), -one.messages))
    return ChannelBar(
        channel=channel,
        name=CHANNELS[channel],
        messages=messages,
        addressed=addressed,
        parts=tuple(parts),
        lines=tuple(_line(one) for one in ordered),
    )


def _line(one: Tally) -> Line:
    kind = next((kind for kind, states in _PARTS if one.state in states), "left-out")
    why = reason_words(one.reason) if one.reason else ""
    return Line(one.state, STATES[one.state], why, one.messages, kind)


def _sentence(campaign: Campaign, done: int, addressed: int, left_out: int) -> str:
    return _SENTENCES[campaign.status].format(
        done=done, addressed=addressed, written=addressed + left_out
    )


def _ends_at(campaign: Campaign, done: int, addressed: int, now: datetime) -> datetime | None:
    """Guess when the last message is done, from the pace so far."""
    began = campaign.prepared_at
    if campaign.status is not CampaignStatus.SENDING or began is None or done < GUESS_MESSAGES_MIN:
        return None
    pace = max(now - began, timedelta(seconds=1)) / done
    return now + pace * (addressed - done)


def _sum(tallies: Iterable[Tally], *states: MessageState) -> int:
    return sum(one.messages for one in tallies if one.state in states)
