"""A card as Google Wallet shows it: the class of its program and the object of the card."""

from dataclasses import dataclass

from gateway.domain.programs import ProgramVersion
from gateway.domain.progress import Counts, Progress
from gateway.domain.wording import Language, fill
from gateway.presenters.card_face import CardFace, has_tiers, held_tier, plain
from gateway.presenters.card_phrases.languages import CARD_PHRASES
from gateway.presenters.card_words import news, outlook, promised
from gateway.presenters.counting import balance_text
from gateway.presenters.rule_words import how_it_works, terms
from passes.google.bodies import object_patch_body
from passes.google.card import (
    Barcode,
    CardRow,
    Image,
    LoyaltyClass,
    LoyaltyObject,
    State,
)
from passes.google.ids import ClassId, ObjectId
from passes.google.parts_json import Body
from passes.google.points import Balance, Money, Points
from passes.google.texts import Link, LocalizedString, TextModule, TimeInterval

# What counts stands on top, what it is for below. How it works and the terms belong to the card,
# not to its class: a card keeps the promise under which it was opened.
_NUMBERS = CardRow(("object.loyaltyPoints.balance", "object.secondaryLoyaltyPoints.balance"))
_REWARD = CardRow(("object.textModulesData['reward']",))
_TIER = CardRow(("object.textModulesData['tier']",))
_MICROS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramFace:
    """Everything all cards of a program share.

    `logo_url` is a square image of 660 pixels or more, which Google masks to a circle;
    `callback_url` is told of saves and deletions; `site` is where the customer reaches us.
    `language` is the merchant's own, for who reads none of ours.
    """

    merchant_name: str
    site: str
    language: Language = Language.EN
    program: ProgramVersion
    logo_url: str
    callback_url: str


@dataclass(frozen=True, slots=True)
class CardIds:
    """The names under which Google knows a card and its program."""

    object_id: ObjectId
    class_id: ClassId


def loyalty_class(class_id: ClassId, face: ProgramFace) -> LoyaltyClass:
    """Write the class of a program, which is everybody's: in every language we have."""
    name = plain(face.merchant_name)
    return LoyaltyClass(
        id=class_id,
        issuer_name=LocalizedString(name),
        program_name=LocalizedString(face.program.name),
        program_logo=Image(face.logo_url, _logo(name, face.language)),
        background=face.program.look.background,
        callback_url=face.callback_url,
        card_rows=_rows(face.program),
        links=(Link("site", face.site, LocalizedString(name)),),
    )


def loyalty_object(ids: CardIds, face: CardFace) -> LoyaltyObject:
    """Write the object of a card; one that cannot be used moves to the expired ones.

    It is one customer's, and speaks that language alone: Google would show a translation in the
    phone's instead (decision 18).
    """
    shown, labels = face.progress, face.labels
    return LoyaltyObject(
        id=ids.object_id,
        class_id=ids.class_id,
        state=State.ACTIVE if face.is_usable else State.INACTIVE,
        points=Points(_text(face, labels.counted[shown.counts]), _balance(shown)),
        secondary_points=Points(_text(face, labels.rewards), rewards_ready(face)),
        barcode=Barcode(face.code, alternate_text=face.code),
        text_modules=_text_modules(face),
        valid=TimeInterval(end=face.expires_at) if face.expires_at else None,
    )


def object_patch(ids: CardIds, face: CardFace, *, notify: bool) -> Body:
    """Return the patch that makes Google's card say what ours says, whatever it said before.

    With `notify` the phone is told of changed balances, as far as Google's three times a day go.
    Raises InvalidPass.
    """
    return object_patch_body(loyalty_object(ids, face), notify=notify)


def rewards_ready(face: CardFace) -> int:
    """Return how many rewards a card can be used for now, of its rules and of the catalogue."""
    return sum(ready.count for ready in face.ready) + len(face.prizes_ready)


def _rows(program: ProgramVersion) -> tuple[CardRow, ...]:
    return (_NUMBERS, _REWARD, _TIER) if has_tiers(program.plan) else (_NUMBERS, _REWARD)


def _balance(shown: Progress) -> Balance:
    if shown.counts is Counts.MONEY:
        return Money(shown.count * _MICROS // 10**shown.scale, shown.unit)
    return shown.count if shown.target is None else f"{shown.count}/{shown.target}"


def _text_modules(face: CardFace) -> tuple[TextModule, ...]:
    plan, labels = face.program.plan, face.labels
    reward = promised(plan) or outlook(face) or balance_text(face.progress, face.language)
    return (
        _module(face, "news", labels.news, news(face)),
        _module(face, "reward", labels.reward, reward),
        *_tier(face),
        *_others(face),
        _module(face, "how", labels.how, how_it_works(plan, face.language)),
        _module(face, "terms", labels.terms, terms(plan, face.language)),
    )


def _tier(face: CardFace) -> tuple[TextModule, ...]:
    if face.level is None:
        return ()
    held = held_tier(face.program.plan, face.tier)
    benefits = ", ".join(held.benefits) if held else ""
    words = f"{face.level}: {benefits}" if benefits else face.level
    return (_module(face, "tier", face.labels.level, words),)


def _others(face: CardFace) -> tuple[TextModule, ...]:
    if not face.others:
        return ()
    words = "\n".join(balance_text(shown, face.language) for shown in face.others)
    return (_module(face, "others", face.labels.also, words),)


def _module(face: CardFace, name: str, header: str, body: str) -> TextModule:
    return TextModule(name, _text(face, header), _text(face, body))


def _text(face: CardFace, words: str) -> LocalizedString:
    return LocalizedString(words, face.language)


def _logo(merchant: str, language: Language) -> LocalizedString:
    said: dict[str, str] = {
        each: fill(phrases.labels.logo, {"merchant": merchant})
        for each, phrases in CARD_PHRASES.items()
    }
    others = {each: words for each, words in said.items() if each != language}
    return LocalizedString(said[language], language, others)
