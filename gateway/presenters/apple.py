"""A stamp card as Apple Wallet shows it: the same card at the same version, the same bytes."""

from dataclasses import dataclass
from datetime import datetime

from gateway.domain.cards import Progress, progress
from gateway.domain.programs import Look, ProgramVersion, StampRule
from passes.apple.barcodes import Barcode
from passes.apple.card import Pass, PosterGeneric, StoreCard, WebService
from passes.apple.colours import Colour, Colours
from passes.apple.fields import DateFormat, DateStyle, Field

NAME_CHARACTERS_MAX = 60
UNUSABLE = "This card can no longer be used. Please ask at the counter."

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


@dataclass(frozen=True, slots=True, kw_only=True)
class StampCardFace:
    """Everything a stamp card shows; `version` counts the card's changes.

    `site` is where the customer reaches us.
    """

    merchant_name: str
    site: str
    code: str
    version: int
    program: ProgramVersion
    is_usable: bool
    available: int
    reserved: int
    opened_at: datetime
    last_earned_at: datetime | None

    @property
    def progress(self) -> Progress:
        """How far the card is."""
        return progress(self.available, self.program.rule.target)


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


def news(face: StampCardFace) -> str:
    """Say in one sentence how the card stands: what the lock screen shows after a change."""
    if not face.is_usable:
        return UNUSABLE
    shown, reward = face.progress, face.program.rule.reward
    if face.reserved:
        return f"Your reward is being handed out: {reward}."
    if shown.rewards_ready and shown.stamps == shown.target:
        return f"Your card is full! Your reward is ready: {reward}."
    if shown.rewards_ready:
        return f"Your reward is ready: {reward}. {shown.text} stamps towards the next."
    missing = shown.target - shown.stamps
    return f"You have {shown.text} stamps. {missing} more for your reward: {reward}."


def plain(text: str) -> str:
    """Leave out what does not print, such as marks that turn the writing round, and the surplus.

    Never empty: a pass without a name is refused.
    """
    kept = "".join(character for character in text if character.isprintable())
    return kept.strip()[:NAME_CHARACTERS_MAX] or "Stamp card"


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
    # The only field with a change message: with two that change at once, the lock screen would
    # say no more than that the card changed.
    told = Field("news", news(face), label="How your card stands", change_message="%@")
    visits = (
        (Field("visit", face.last_earned_at, label="Last visit", value_format=_MOMENT),)
        if face.last_earned_at
        else ()
    )
    return (
        told,
        Field("how", _how(face.program.rule), label="How it works"),
        *visits,
        Field("since", face.opened_at, label="Member since", value_format=_DAY),
        Field("terms", _terms(face.program.rule), label="Terms"),
        Field("contact", f"{name}\n{face.site}", label="Contact"),
    )


def _how(rule: StampRule) -> str:
    return (
        f"Show this code when you pay. Each visit gives one stamp; "
        f"{rule.target} stamps make one reward: {rule.reward}. Stamps beyond that count "
        f"towards the next."
    )


def _terms(rule: StampRule) -> str:
    minutes = int(rule.cooldown.total_seconds() // 60)
    pause = f"The next stamp is possible {minutes} minutes after the last. " if minutes else ""
    return (
        f"{pause}At most {rule.daily_limit} stamps a day. Stamps cannot be sold, transferred "
        f"or paid out."
    )


def _colours(look: Look) -> Colours:
    return Colours(
        background=Colour.parse(look.background),
        foreground=Colour.parse(look.foreground),
        label=Colour.parse(look.label),
    )
