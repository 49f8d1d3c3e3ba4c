"""A stamp card as Google Wallet shows it: the class of its program and the object of the card."""

from dataclasses import dataclass

from gateway.domain.programs import ProgramVersion
from gateway.presenters.stamp_card import StampCardFace, how_it_works, news, plain, terms
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
from passes.google.points import Points
from passes.google.texts import Link, LocalizedString, TextModule

# What counts stands on top, what it is for below. How it works and the terms belong to the card,
# not to its class: a card keeps the promise under which it was opened.
_ROWS = (
    CardRow(("object.loyaltyPoints.balance", "object.secondaryLoyaltyPoints.balance")),
    CardRow(("object.textModulesData['reward']",)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramFace:
    """Everything all cards of a program share.

    `logo_url` is a square image of 660 pixels or more, which Google masks to a circle;
    `callback_url` is told of saves and deletions; `site` is where the customer reaches us.
    """

    merchant_name: str
    site: str
    program: ProgramVersion
    logo_url: str
    callback_url: str


@dataclass(frozen=True, slots=True)
class CardIds:
    """The names under which Google knows a card and its program."""

    object_id: ObjectId
    class_id: ClassId


def loyalty_class(class_id: ClassId, face: ProgramFace) -> LoyaltyClass:
    """Write the class of a program."""
    name = plain(face.merchant_name)
    return LoyaltyClass(
        id=class_id,
        issuer_name=_text(name),
        program_name=_text(face.program.name),
        program_logo=Image(face.logo_url, _text(f"Logo of {name}")),
        background=face.program.look.background,
        callback_url=face.callback_url,
        card_rows=_ROWS,
        links=(Link("site", face.site, _text(name)),),
    )


def loyalty_object(ids: CardIds, face: StampCardFace) -> LoyaltyObject:
    """Write the object of a card; one that cannot be used moves to the expired ones."""
    shown = face.progress
    return LoyaltyObject(
        id=ids.object_id,
        class_id=ids.class_id,
        state=State.ACTIVE if face.is_usable else State.INACTIVE,
        points=Points(_text("Stamps"), f"{shown.stamps}/{shown.target}"),
        secondary_points=Points(_text("Rewards"), shown.rewards_ready),
        barcode=Barcode(face.code, alternate_text=face.code),
        text_modules=_text_modules(face),
    )


def object_patch(ids: CardIds, face: StampCardFace, *, notify: bool) -> Body:
    """Return the patch that makes Google's card say what ours says, whatever it said before.

    With `notify` the phone is told of changed balances, as far as Google's three times a day go.
    Raises InvalidPass.
    """
    return object_patch_body(loyalty_object(ids, face), notify=notify)


def _text_modules(face: StampCardFace) -> tuple[TextModule, ...]:
    rule = face.program.rule
    return (
        TextModule("news", _text("How your card stands"), _text(news(face))),
        TextModule("reward", _text("Reward"), _text(rule.reward)),
        TextModule("how", _text("How it works"), _text(how_it_works(rule))),
        TextModule("terms", _text("Terms"), _text(terms(rule))),
    )


def _text(words: str) -> LocalizedString:
    """Say the words in English, the one language of our cards."""
    return LocalizedString(words, "en")
