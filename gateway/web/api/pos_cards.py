"""A card as a till shows it."""

from gateway.domain.contacts import Contact
from gateway.domain.ledger import Account
from gateway.domain.progress import progress_of
from gateway.domain.rules.keys import REMAINDER_PREFIX
from gateway.presenters.answers import shown
from gateway.presenters.card_face import held_name
from gateway.presenters.receipts import receipt_text
from gateway.presenters.rule_progress import rules_progress
from gateway.services.cards.viewing import CardView
from gateway.web.api.pos_shapes import PosBalance, PosCard, PosDeadline, RewardReady


def pos_card(view: CardView, whose: Contact | None) -> PosCard:
    """Return a card with everything a till needs to know of it."""
    card = view.card
    progress = shown(progress_of(view.version.plan, card.balances, card.memory))
    tier = held_name(view.version.plan, card.tier)
    return PosCard(
        card_id=card.id,
        identifier=card.code,
        status=card.status,
        program_id=card.program_id,
        program=view.version.name,
        contact=whose.masked if whose else None,
        progress=progress,
        rules=rules_progress(view.version.plan, card.balances, card.memory),
        tier=card.tier,
        tier_name=tier,
        balances=[
            PosBalance(
                unit=unit,
                available=accounts.get(Account.AVAILABLE, 0),
                pending=accounts.get(Account.PENDING, 0),
                reserved=accounts.get(Account.RESERVED, 0),
            )
            for unit, accounts in sorted(card.balances.items())
            if not unit.startswith(REMAINDER_PREFIX)
        ],
        rewards_ready=[
            RewardReady(
                reward_id=claim.reward.id,
                name=claim.reward.name,
                unit=claim.reward.unit,
                cost=claim.reward.cost,
            )
            for claim in view.claims
            if claim.is_ready
        ],
        deadlines=[
            PosDeadline(unit=part.unit, amount=part.amount, expires_at=part.expires_at)
            for part in view.deadlines
            if part.expires_at is not None
        ],
        receipt_text=receipt_text({}, progress, tier),
    )
