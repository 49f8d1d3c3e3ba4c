"""What a card shows in a wallet, whichever: read from the card, its program and its shop."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from gateway.domain.cards import CardStatus
from gateway.domain.errors import NotEnough
from gateway.domain.programs import ProgramVersion
from gateway.domain.rules.keys import POINT
from gateway.domain.rules.tier_reviews import evaluate_tier
from gateway.domain.rules.tiers import TierRule
from gateway.domain.wording import Language, choose_language
from gateway.presenters.card_face import CardFace, Prize
from gateway.presenters.standing_words import stage_words
from gateway.services.cards.offering import claims_of, of_card
from gateway.storage.cards.cards import Card
from gateway.storage.cards.postings import Question
from gateway.storage.people.merchants import Merchant
from gateway.storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Site:
    """Where a card's owner reaches us, by which zone days are told them, and in which language."""

    url: str
    zone: ZoneInfo
    language: Language


async def language_of(unit: Unit, card: Card, merchant: Merchant) -> Language:
    """Return the language in which a card speaks: its customer's, or the next best."""
    return choose_language([await unit.customers.language(card.customer_id), merchant.language])


async def prizes_of(unit: Unit, card: Card, language: Language) -> tuple[Prize, ...]:
    """Return what a card can spend its points on, now or with more of them, cheapest first."""
    if POINT not in card.balances:
        return ()
    version = await unit.programs.version(card.program_version_id)
    found = await claims_of(unit, of_card(card, version))
    prizes = [
        Prize(name=claim.reward.words(language).name, cost=claim.reward.cost)
        for claim in found
        if claim.reward.unit == POINT and (claim.is_ready or isinstance(claim.obstacle, NotEnough))
    ]
    return tuple(sorted(prizes, key=lambda prize: prize.cost))


async def falls_on(unit: Unit, card: Card, today: date) -> date | None:
    """Return the day on which a card loses its tier, if that was announced and still holds.

    Who has deserved it again since then is told of no end.
    """
    plan = (await unit.programs.version(card.program_version_id)).plan
    rule = next((rule for rule in plan.rules if isinstance(rule, TierRule)), None)
    announced = card.memory[rule.key].used_until if rule and rule.key in card.memory else None
    if rule is None or announced is None or announced <= today:
        return None
    ledger = await unit.ledger()
    (reading,) = await ledger.read([Question(unit.merchant_id, card.id, "", "")])
    assert reading.standing is not None, "the card was read before"
    still = evaluate_tier(rule, reading.standing, today).moves_on
    return announced if still == announced else None


def card_face(
    card: Card,
    merchant: Merchant,
    program: ProgramVersion,
    site: Site,
    prizes: tuple[Prize, ...] = (),
) -> CardFace:
    """Return the face of a card.

    A card is of use while it is neither blocked nor merged; that of a program that ended until
    what was collected can no longer be used, which wallets keep an eye on themselves.
    """
    until = card.redeemable_until(program.plan)
    return CardFace(
        merchant_name=merchant.name,
        site=site.url,
        code=card.code,
        version=card.version,
        program=program,
        is_usable=card.status is CardStatus.ACTIVE,
        language=site.language,
        stage=stage_words(card.program_status, until, site.zone, site.language),
        expires_at=until,
        balances=card.balances,
        memory=card.memory,
        tier=card.tier,
        prizes=prizes,
        opened_at=card.opened_at,
        last_earned_at=card.last_earned_at,
    )
