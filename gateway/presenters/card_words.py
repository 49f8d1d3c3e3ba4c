"""What a card says in sentences: how it stands, and what comes next."""

from gateway.domain.progress import Counts, Progress, leading
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.tiers import TierRule
from gateway.domain.wording import Language, fill
from gateway.presenters.card_face import CardFace
from gateway.presenters.card_phrases.languages import CARD_PHRASES
from gateway.presenters.counting import balance_text, number_text


def news(face: CardFace) -> str:
    """Say in one sentence how the card stands: what the lock screen shows after a change."""
    if not face.is_usable:
        return CARD_PHRASES[face.language].standing.unusable
    return f"{face.stage} {_state(face)}".strip()


def outlook(face: CardFace) -> str:
    """Say what comes next and how far it is, or nothing where nothing does: after the end."""
    shown, phrases = face.progress, CARD_PHRASES[face.language].standing
    collects = face.expires_at is None
    if collects and shown.missing is not None:
        missing = number_text(shown.written(shown.missing), face.language)
        unit = f" {shown.unit}" if shown.counts is Counts.MONEY else ""
        reward = promised(face.program.plan)
        return fill(phrases.missing, {"missing": f"{missing}{unit}", "reward": reward})
    if collects and face.next_prize:
        points = number_text(face.next_prize.cost - shown.count, face.language)
        return fill(phrases.prize, {"points": points, "prize": face.next_prize.name})
    if face.prizes_ready:
        return fill(phrases.enough, {"prize": face.prizes_ready[-1].name})
    return ""


def standing(shown: Progress, language: Language) -> str:
    """Say what is on a card: You have 6 of 10 stamps."""
    phrases = CARD_PHRASES[language].standing
    phrase = phrases.spent if shown.counts is Counts.MONEY else phrases.balance
    return fill(phrase, {"balance": balance_text(shown, language)})


def promised(plan: Plan) -> str:
    """Return what the leading rule promises; "" where points are spent as one likes."""
    rule = leading(plan)
    return "" if isinstance(rule, PointsRule | TierRule) else rule.reward.description


def _state(face: CardFace) -> str:
    shown, phrases = face.progress, CARD_PHRASES[face.language].standing
    reward = next((ready.reward.description for ready in face.ready), None)
    if face.is_handing_out:
        promise = promised(face.program.plan)
        return fill(phrases.handed_out, {"reward": promise}) if promise else phrases.handed_out_any
    if reward and shown.has_places and shown.count == shown.target:
        return fill(phrases.full, {"reward": reward})
    if reward:
        towards = "" if face.expires_at else _towards(shown, face.language)
        return f"{fill(phrases.ready, {'reward': reward})} {towards}".strip()
    return f"{standing(shown, face.language)} {outlook(face)}".strip()


def _towards(shown: Progress, language: Language) -> str:
    if shown.target is None:
        return standing(shown, language)
    balance = {"balance": balance_text(shown, language)}
    return fill(CARD_PHRASES[language].standing.towards, balance)
