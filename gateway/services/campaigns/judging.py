"""Judging offers: what `contacting` says of many at once, each counting for the next."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from gateway.domain.consents import Purpose
from gateway.domain.contacting import Judgement, Skip, judge
from gateway.domain.messages import Channel, SkipReason
from gateway.services.messages.reaching import Aimed, reach_of
from gateway.storage.unit import Unit


async def judge_offers(unit: Unit, aimed: Sequence[Aimed], now: datetime) -> list[Judgement]:
    """Return whether each offer may go out at `now`, in order.

    An offer that may go, and one that is on its way, takes from the customer's budget as if it
    had been sent.
    """
    settings = await unit.manners.read()
    reached = await reach_of(unit, aimed)
    more = Counter(
        await unit.campaign_messages.offers_under_way([each.customer_id for each in aimed])
    )
    judged: list[Judgement] = []
    for each, reach in zip(aimed, reached, strict=True):
        if each.channel is Channel.SMS and settings.sms_sender is None:
            judged.append(Skip(SkipReason.SWITCHED_OFF))
            continue
        spent = replace(
            reach,
            offers_today=reach.offers_today + more[each.customer_id],
            offers_this_week=reach.offers_this_week + more[each.customer_id],
        )
        judgement = judge(each.channel, Purpose.MARKETING, spent, settings.policy, now)
        if not isinstance(judgement, Skip):
            more[each.customer_id] += 1
        judged.append(judgement)
    return judged
