"""A card as Apple Wallet shows it: the same card at the same version, the same bytes."""

from dataclasses import dataclass, replace

from gateway.domain.money import whole_units
from gateway.domain.programs import Look
from gateway.domain.progress import Counts, Progress
from gateway.domain.wording import fill
from gateway.presenters.card_face import CardFace, held_tier, plain
from gateway.presenters.card_phrases.card_phrases import Labels
from gateway.presenters.card_words import news, outlook, promised
from gateway.presenters.counting import balance_text
from gateway.presenters.rule_words import how_it_works, terms
from passes.apple.barcodes import Barcode
from passes.apple.card import Pass, PosterGeneric, StoreCard, WebService
from passes.apple.colours import Colour, Colours
from passes.apple.fields import CurrencyFormat, DateFormat, DateStyle, Field

AUXILIARY_FIELDS_MAX = 3
"""With the one secondary field four, which is what fits on their one row."""
FOOTER_FIELDS_MAX = 2

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

    All of it is in the face's own language, whatever the phone's is (decision 18).

    `userInfo` makes each version different even where a person sees no difference, such as a
    stamp and its undoing: a phone that is told to fetch complains about equal bytes.
    """
    name = plain(face.merchant_name)
    return Pass(
        pass_type_identifier=identity.pass_type_identifier,
        team_identifier=identity.team_identifier,
        serial_number=identity.serial_number,
        organization_name=identity.organization_name,
        description=fill(_kind(face), {"merchant": name}),
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
        header=(_count(face.progress, face.labels),),
        primary=() if face.progress.has_places else (_balance(face),),
        secondary=_promise(face),
        auxiliary=(*_ready(face), *_tier(face), *_others(face))[:AUXILIARY_FIELDS_MAX],
        back=_back(face, name),
    )


def _poster(face: CardFace, name: str) -> PosterGeneric:
    return PosterGeneric(
        header=(_count(face.progress, face.labels),),
        primary=(Field("program", face.program.name, label=name),),
        footer=(*_promise(face), *_ready(face), *_tier(face))[:FOOTER_FIELDS_MAX],
        back=_back(face, name),
    )


def _kind(face: CardFace) -> str:
    is_stamps = face.progress.counts is Counts.STAMPS
    return face.labels.stamp_card if is_stamps else face.labels.loyalty_card


def _count(shown: Progress, labels: Labels) -> Field:
    """Write a number as short as it gets, as a stack of cards shows no more than this."""
    label = labels.counted[shown.counts].upper()
    if shown.counts is Counts.MONEY:
        spent = whole_units(shown.count, shown.unit)
        return Field(shown.counts, spent, label=label, value_format=CurrencyFormat(shown.unit))
    count = str(shown.count) if shown.target is None else f"{shown.count}/{shown.target}"
    return Field(shown.counts, count, label=label)


def _balance(face: CardFace) -> Field:
    """Write the balance large, over the banner of a card that has no stamps to show there."""
    return Field("balance", balance_text(face.progress, face.language), label=face.program.name)


def _promise(face: CardFace) -> tuple[Field, ...]:
    reward = promised(face.program.plan)
    if reward:
        return (Field("reward", reward, label=face.labels.reward.upper()),)
    next_one = outlook(face)
    if not next_one:
        return ()
    return (Field("next", next_one, label=face.labels.next_reward.upper()),)


def _ready(face: CardFace) -> tuple[Field, ...]:
    if not promised(face.program.plan) and not face.ready:
        return ()
    count = str(sum(ready.count for ready in face.ready))
    value = face.labels.handed_out if face.is_handing_out else count
    return (Field("ready", value, label=face.labels.ready.upper()),)


def _tier(face: CardFace) -> tuple[Field, ...]:
    if not face.level:
        return ()
    return (Field("tier", face.level, label=face.labels.level.upper()),)


def _benefits(face: CardFace) -> tuple[Field, ...]:
    held = held_tier(face.program.plan, face.tier)
    if held is None or not held.benefits:
        return ()
    label = fill(face.labels.benefits, {"level": held.name})
    return (Field("benefits", "\n".join(held.benefits), label=label),)


def _others(face: CardFace) -> tuple[Field, ...]:
    fields = [_count(shown, face.labels) for shown in face.others]
    return tuple(replace(each, key=f"other{place}") for place, each in enumerate(fields))


def _back(face: CardFace, name: str) -> tuple[Field, ...]:
    labels, plan = face.labels, face.program.plan
    # The only fields with a change message, which change at different times: with two that
    # change at once, the lock screen would say no more than that the card changed.
    told = Field("news", news(face), label=labels.news, change_message="%@")
    # Always there: a phone says nothing of a field that is new to the card.
    announced = Field(
        "announcement", face.announcement or labels.nothing_new, label=name, change_message="%@"
    )
    visits = (
        (Field("visit", face.last_earned_at, label=labels.last_visit, value_format=_MOMENT),)
        if face.last_earned_at
        else ()
    )
    return (
        told,
        announced,
        Field("how", how_it_works(plan, face.language), label=labels.how),
        *_benefits(face),
        *visits,
        Field("since", face.opened_at, label=labels.since, value_format=_DAY),
        Field("terms", terms(plan, face.language), label=labels.terms),
        Field("contact", f"{name}\n{face.site}", label=labels.contact),
    )


def _colours(look: Look) -> Colours:
    return Colours(
        background=Colour.parse(look.background),
        foreground=Colour.parse(look.foreground),
        label=Colour.parse(look.label),
    )
