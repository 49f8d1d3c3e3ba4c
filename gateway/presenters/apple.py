"""A card as Apple Wallet shows it: the same card at the same version, the same bytes."""

from dataclasses import dataclass, replace

from gateway.domain.money import whole_units
from gateway.domain.programs import Look
from gateway.domain.progress import Counts, Progress
from gateway.presenters.card_face import NAMES, CardFace, held_tier, plain
from gateway.presenters.card_words import counted, how_it_works, news, outlook, promised, terms
from passes.apple.barcodes import Barcode
from passes.apple.card import Pass, PosterGeneric, StoreCard, WebService
from passes.apple.colours import Colour, Colours
from passes.apple.fields import CurrencyFormat, DateFormat, DateStyle, Field

AUXILIARY_FIELDS_MAX = 3
"""With the one secondary field four, which is what fits on their one row."""
FOOTER_FIELDS_MAX = 2
NOTHING_NEW = "Nothing new at the moment."

_DAY = DateFormat(date_style=DateStyle.LONG)
_MOMENT = DateFormat(date_style=DateStyle.MEDIUM, time_style=DateStyle.SHORT)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassIdentity:
    """What makes a pass this pass for ever; Wallet replaces the pass that has the same."""

    pass_type_identifier: str
    team_identifier: str
    serial_number: str
    organization_name: str
    web_service: WebService


def card_pass(identity: PassIdentity, face: CardFace) -> Pass:
    """Write the pass: a store card, whose strip shows stamps if there are any, and the poster.

    `userInfo` makes each version different even where a person sees no difference, such as a
    stamp and its undoing: a phone that is told to fetch complains about equal bytes.
    """
    name = plain(face.merchant_name)
    return Pass(
        pass_type_identifier=identity.pass_type_identifier,
        team_identifier=identity.team_identifier,
        serial_number=identity.serial_number,
        organization_name=identity.organization_name,
        description=f"{_kind(face)} of {name}",
        logo_text=name,
        store_card=_store_card(face, name),
        poster=_poster(face, name),
        barcodes=(Barcode(face.code, alt_text=face.code),),
        colours=_colours(face.program.look),
        web_service=identity.web_service,
        voided=not face.is_usable,
        expires_at=face.expires_at,
        sharing_prohibited=True,
        user_info={
            "version": face.version,
            "program": str(face.program.program_id),
            "programVersion": face.program.number,
        },
    )


def _store_card(face: CardFace, name: str) -> StoreCard:
    return StoreCard(
        header=(_count(face.progress),),
        primary=() if face.progress.has_places else (_balance(face),),
        secondary=_promise(face),
        auxiliary=(*_ready(face), *_tier(face), *_others(face))[:AUXILIARY_FIELDS_MAX],
        back=_back(face, name),
    )


def _poster(face: CardFace, name: str) -> PosterGeneric:
    return PosterGeneric(
        header=(_count(face.progress),),
        primary=(Field("program", face.program.name, label=name),),
        footer=(*_promise(face), *_ready(face), *_tier(face))[:FOOTER_FIELDS_MAX],
        back=_back(face, name),
    )


def _kind(face: CardFace) -> str:
    return "Stamp card" if face.progress.counts is Counts.STAMPS else "Loyalty card"


def _count(shown: Progress) -> Field:
    """Write a number as short as it gets, as a stack of cards shows no more than this."""
    label = NAMES[shown.counts].upper()
    if shown.counts is Counts.MONEY:
        spent = whole_units(shown.count, shown.unit)
        return Field(shown.counts, spent, label=label, value_format=CurrencyFormat(shown.unit))
    count = str(shown.count) if shown.target is None else f"{shown.count}/{shown.target}"
    return Field(shown.counts, count, label=label)


def _balance(face: CardFace) -> Field:
    """Write the balance large, over the banner of a card that has no stamps to show there."""
    return Field("balance", counted(face.progress), label=face.program.name)


def _promise(face: CardFace) -> tuple[Field, ...]:
    reward = promised(face.program.plan)
    if reward:
        return (Field("reward", reward, label="REWARD"),)
    next_one = outlook(face)
    return (Field("next", next_one, label="NEXT REWARD"),) if next_one else ()


def _ready(face: CardFace) -> tuple[Field, ...]:
    if not promised(face.program.plan) and not face.ready:
        return ()
    count = str(sum(ready.count for ready in face.ready))
    value = "Being handed out" if face.is_handing_out else count
    return (Field("ready", value, label="READY"),)


def _tier(face: CardFace) -> tuple[Field, ...]:
    return (Field("tier", face.tier_name, label="LEVEL"),) if face.tier_name else ()


def _benefits(face: CardFace) -> tuple[Field, ...]:
    held = held_tier(face.program.plan, face.tier)
    if held is None or not held.benefits:
        return ()
    return (Field("benefits", "\n".join(held.benefits), label=f"Your benefits: {held.name}"),)


def _others(face: CardFace) -> tuple[Field, ...]:
    fields = enumerate(map(_count, face.others))
    return tuple(replace(field, key=f"other{place}") for place, field in fields)


def _back(face: CardFace, name: str) -> tuple[Field, ...]:
    # The only fields with a change message, which change at different times: with two that
    # change at once, the lock screen would say no more than that the card changed.
    told = Field("news", news(face), label="How your card stands", change_message="%@")
    # Always there: a phone says nothing of a field that is new to the card.
    announced = Field(
        "announcement", face.announcement or NOTHING_NEW, label=name, change_message="%@"
    )
    visits = (
        (Field("visit", face.last_earned_at, label="Last visit", value_format=_MOMENT),)
        if face.last_earned_at
        else ()
    )
    return (
        told,
        announced,
        Field("how", how_it_works(face.program.plan), label="How it works"),
        *_benefits(face),
        *visits,
        Field("since", face.opened_at, label="Member since", value_format=_DAY),
        Field("terms", terms(face.program.plan), label="Terms"),
        Field("contact", f"{name}\n{face.site}", label="Contact"),
    )


def _colours(look: Look) -> Colours:
    return Colours(
        background=Colour.parse(look.background),
        foreground=Colour.parse(look.foreground),
        label=Colour.parse(look.label),
    )
