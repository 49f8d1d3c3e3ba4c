"""The editor of a merchant's own words: typed, checked, looked at, kept, tried, and given up."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from gateway.domain.attempts import TEST_MAIL_PER_PERSON
from gateway.domain.consents import Medium
from gateway.domain.errors import ChangedMeanwhile, Invalid, NotFound
from gateway.domain.wording import (
    BODY_CHARACTERS_MAX,
    SUBJECT_CHARACTERS_MAX,
    Language,
    Wording,
    check_wording,
    choose_language,
    placeholders,
)
from gateway.presenters.page_phrases.languages import PAGE_PHRASES
from gateway.services.messages.wordings import (
    Place,
    brand_of,
    reset_wording,
    send_test,
    wording_at,
    write_wording,
)
from gateway.services.people.guarding import count_attempt
from gateway.storage.messages.wordings import UNWRITTEN, OwnWording
from gateway.web.authors import author_of
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.merchant.message_forms import EVENT_TITLES, read_wording
from gateway.web.merchant.message_places import address_of, event_of, place_of
from gateway.web.merchant.message_previews import look_at
from gateway.web.merchant.messages import LATE_STATUS, Done, MessagesQuery
from gateway.web.pages.redirects import see_other
from gateway.web.pages.render import page
from gateway.web.parsing.bodies import Fields
from gateway.web.parsing.revisions import revision_of

SAVE, PREVIEW, RESET = "save", "preview", "reset"
_MEDIA_NAMES = {Medium.MAIL: "Mail", Medium.SMS: "SMS", Medium.WALLET: "Wallet"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the editor holds: words that may not be kept yet, and what is wrong with them."""

    wording: Wording
    revision: int
    mistakes: Mapping[str, str] = field(default_factory=dict)


async def event_words(request: web.Request) -> web.Response:
    """Open an event's words at the mail in the merchant's own language."""
    event = event_of(request)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        merchant = await unit.merchants.me()
    return see_other(address_of(Place(event, Medium.MAIL, choose_language([merchant.language]))))


async def wording_page(request: web.Request, asked: MessagesQuery) -> web.Response:
    """Show the words that are sent, and let them be changed."""
    return await _editor(request, place_of(request), done=asked.done)


async def change_wording(request: web.Request, fields: Fields) -> web.Response:
    """Keep words, look at them first, or go back to ours."""
    place, do = place_of(request), fields.get("do", SAVE)
    draft = Draft(wording=read_wording(fields), revision=revision_of(fields))
    try:
        if do == PREVIEW:
            check_wording(place.event, place.medium, draft.wording)
            return await _editor(request, place, draft)
        await _carry_out(request, place, draft, do)
    except Invalid as mistake:
        return await _editor(request, place, _corrected(draft, mistake), status=400)
    except ChangedMeanwhile:
        return await _editor(request, place, draft, status=LATE_STATUS)
    return see_other(f"{address_of(place)}?done={Done.RESET if do == RESET else Done.SAVED}")


async def try_words(request: web.Request) -> web.Response:
    """Send what is kept to whoever is logged in."""
    place, principal = place_of(request), request[PRINCIPAL]
    if place.medium is not Medium.MAIL:
        raise NotFound
    units = request.app[RESOURCES].units
    limits = [(TEST_MAIL_PER_PERSON, principal.name)]
    await count_attempt(units, principal.merchant_id, limits)
    async with units(principal.merchant_id) as unit:
        await send_test(unit, place.event, place.language, author_of(request))
    return see_other(f"{address_of(place)}?done={Done.TESTED}")


async def _carry_out(request: web.Request, place: Place, draft: Draft, do: str) -> None:
    author = author_of(request)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        if do == RESET:
            await reset_wording(unit, place, author, revision=draft.revision)
        else:
            await write_wording(unit, place, draft.wording, author, revision=draft.revision)


def _corrected(draft: Draft, mistake: Invalid) -> Draft:
    found = mistake.detail.get("errors")
    return Draft(
        wording=draft.wording,
        revision=draft.revision,
        mistakes=found if isinstance(found, dict) else {},
    )


async def _editor(
    request: web.Request,
    place: Place,
    draft: Draft | None = None,
    *,
    status: int = 200,
    done: Done | None = None,
) -> web.Response:
    """Draw the editor with what was typed, or with what is kept.

    Who was late keeps what they typed, sees what the other wrote, and decides with both in view.
    """
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        merchant = await unit.merchants.me()
        kept, brand = await wording_at(unit, place), await brand_of(unit)
    is_late = status == LATE_STATUS
    shown = draft or Draft(wording=kept.wording, revision=kept.revision)
    return page(
        request,
        "merchant/wording.html",
        status=status,
        merchant=merchant,
        place=place,
        here=address_of(place),
        title=EVENT_TITLES[place.event],
        draft=shown,
        revision=kept.revision if is_late else shown.revision,
        kept=kept,
        is_own=kept.revision != UNWRITTEN,
        is_late=is_late,
        placeholders=placeholders(place.event, place.medium),
        media=_MEDIA_NAMES,
        languages={each: PAGE_PHRASES[each].name for each in Language},
        subject_characters_max=SUBJECT_CHARACTERS_MAX,
        body_characters_max=BODY_CHARACTERS_MAX[place.medium],
        brand=brand,
        look=look_at(place, _sendable(place, shown, kept), brand),
        done=done,
    )


def _sendable(place: Place, shown: Draft, kept: OwnWording) -> Wording:
    """Return what was typed, or while it cannot be sent, what is kept."""
    try:
        check_wording(place.event, place.medium, shown.wording)
    except Invalid:
        return kept.wording
    return shown.wording
