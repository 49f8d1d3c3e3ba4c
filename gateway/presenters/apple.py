"""A stamp card as Apple Wallet shows it: the same card at the same version, the same bytes."""

from dataclasses import dataclass

from gateway.domain.programs import Look
from gateway.presenters.stamp_card import StampCardFace, how_it_works, news, plain, terms
from passes.apple.barcodes import Barcode
from passes.apple.card import Pass, PosterGeneric, StoreCard, WebService
from passes.apple.colours import Colour, Colours
from passes.apple.fields import DateFormat, DateStyle, Field

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


def stamp_card_pass(identity: PassIdentity, face: StampCardFace) -> Pass:
    """Write the pass: a store card whose strip shows the stamps, and the iOS 27 poster.

    `userInfo` makes each version different even where a person sees no difference, such as a
    stamp and its undoing: a phone that is told to fetch complains about equal bytes.
    """
    name = plain(face.merchant_name)
    return Pass(
        pass_type_identifier=identity.pass_type_identifier,
        team_identifier=identity.team_identifier,
        serial_number=identity.serial_number,
        organization_name=identity.organization_name,
        description=f"Stamp card of {name}",
        logo_text=name,
        store_card=_store_card(face, name),
        poster=_poster(face, name),
        barcodes=(Barcode(face.code, alt_text=face.code),),
        colours=_colours(face.program.look),
        web_service=identity.web_service,
        voided=not face.is_usable,
        sharing_prohibited=True,
        user_info={
            "version": face.version,
            "program": str(face.program.program_id),
            "programVersion": face.program.number,
        },
    )


def _store_card(face: StampCardFace, name: str) -> StoreCard:
    return StoreCard(
        header=(_stamps(face),),
        secondary=(_reward(face),),
        auxiliary=(_ready(face),),
        back=_back(face, name),
    )


def _poster(face: StampCardFace, name: str) -> PosterGeneric:
    return PosterGeneric(
        header=(_stamps(face),),
        primary=(Field("program", face.program.name, label=name),),
        footer=(_reward(face), _ready(face)),
        back=_back(face, name),
    )


def _stamps(face: StampCardFace) -> Field:
    shown = face.progress
    return Field("stamps", f"{shown.stamps}/{shown.target}", label="STAMPS")


def _reward(face: StampCardFace) -> Field:
    return Field("reward", face.program.rule.reward, label="REWARD")


def _ready(face: StampCardFace) -> Field:
    if face.reserved:
        return Field("ready", "Being handed out", label="READY")
    return Field("ready", str(face.progress.rewards_ready), label="READY")


def _back(face: StampCardFace, name: str) -> tuple[Field, ...]:
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
        Field("how", how_it_works(face.program.rule), label="How it works"),
        *visits,
        Field("since", face.opened_at, label="Member since", value_format=_DAY),
        Field("terms", terms(face.program.rule), label="Terms"),
        Field("contact", f"{name}\n{face.site}", label="Contact"),
    )


def _colours(look: Look) -> Colours:
    return Colours(
        background=Colour.parse(look.background),
        foreground=Colour.parse(look.foreground),
        label=Colour.parse(look.label),
    )
