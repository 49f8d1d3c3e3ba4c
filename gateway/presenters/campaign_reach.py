"""Whom a campaign would reach, in words: by channel how many, and why not the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gateway.domain.messages import Channel
from gateway.presenters.campaign_words import CHANNELS, reason_words


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many a channel does not reach, and why."""

    why: str
    holders: int


@dataclass(frozen=True, slots=True)
class Reached:
    """How many a channel reaches, and who is left out."""

    name: str
    holders: int
    left_out: tuple[LeftOut, ...]


def reached_by(
    channels: Sequence[Channel], counts: Mapping[tuple[Channel, str | None], int]
) -> list[Reached]:
    """Put an estimate's counts into words; the reason None counts those who are reached."""
    return [
        Reached(
            name=CHANNELS[channel],
            holders=counts.get((channel, None), 0),
            left_out=tuple(
                LeftOut(reason_words(reason), holders)
                for (of, reason), holders in sorted(counts.items(), key=lambda item: -item[1])
                if of is channel and reason is not None and holders
            ),
        )
        for channel in channels
    ]
