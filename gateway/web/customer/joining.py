"""Joining: the page a poster leads to, with one field between a customer and their card."""

from dataclasses import replace

from aiohttp import web

from gateway.domain.attempts import ENROL_PER_ADDRESS, guesser
from gateway.domain.consents import Purpose
from gateway.domain.wording import Language, choose_language, fill
from gateway.presenters.page_phrases.languages import PAGE_PHRASES
from gateway.presenters.page_phrases.offers import condition, headline
from gateway.presenters.web_card import draw_new
from gateway.resources import new_code, new_id
from gateway.services.cards.addresses import ADDRESS_CHARACTERS_MAX, ContactInvalid, parse_contact
from gateway.services.cards.enrolling import Enrolled, Enrolment, Makers, enrol
from gateway.services.people.guarding import count_attempt
from gateway.services.people.inviting import Invitation, find_invitation
from gateway.web.customer.holding import hold
from gateway.web.customer.typed_addresses import fault_words
from gateway.web.keys import CLIENT_ADDRESS, RESOURCES
from gateway.web.origins import origin
from gateway.web.pages.redirects import see_other
from gateway.web.pages.render import page
from gateway.web.parsing.bodies import Fields
from gateway.web.parsing.languages import wanted_languages
from gateway.web.parsing.names import path_name

TICKED = "yes"


async def join(request: web.Request) -> web.Response:
    """Invite a customer who scanned a location's poster."""
    return _form(request, await _invitation(request, path_name(request, "location")))


async def join_again(request: web.Request) -> web.Response:
    """Invite a customer who lost their card, or knows the shop's name only."""
    return _form(request, await _invitation(request))


async def take_card(request: web.Request, fields: Fields) -> web.Response:
    """Give the customer at a poster their card, and send them to it."""
    return await _give(request, fields, path_name(request, "location"))


async def take_card_again(request: web.Request, fields: Fields) -> web.Response:
    """Give a customer their card back, and send them to it."""
    return await _give(request, fields)


async def _give(request: web.Request, fields: Fields, code: str | None = None) -> web.Response:
    invitation = await _invitation(request, code)
    merchant = invitation.merchant
    resources = request.app[RESOURCES]
    who = guesser(request[CLIENT_ADDRESS])
    await count_attempt(resources.units, merchant.id, [(ENROL_PER_ADDRESS, who)])
    try:
        enrolled = await _enrol(request, invitation, fields)
    except ContactInvalid as mistake:
        sentence = fault_words(mistake, _language(request, invitation))
        return _form(request, invitation, fields.get("contact", ""), sentence)
    response = see_other(f"/card/{merchant.slug}/{enrolled.card.id}")
    # Whoever knows the address of a customer gets the card so far, and nothing but its look.
    hold(
        request,
        response,
        merchant.slug,
        enrolled.card.id,
        may_choose=enrolled.is_new_customer,
    )
    return response


async def _invitation(request: web.Request, code: str | None = None) -> Invitation:
    database = request.app[RESOURCES].database
    return await find_invitation(database, path_name(request, "merchant"), code)


async def _enrol(request: web.Request, invitation: Invitation, fields: Fields) -> Enrolled:
    merchant, settings = invitation.merchant, request.app[RESOURCES].settings
    enrolment = Enrolment(
        program_id=invitation.program.id,
        contact=parse_contact(fields.get("contact", ""), merchant.country, settings.sms_countries),
        language=_language(request, invitation),
        time_zone=invitation.time_zone,
        agreed={
            purpose: wording
            for purpose, wording in _wordings(request, invitation).items()
            if fields.get(purpose) == TICKED
        },
        origin=origin(request),
    )
    async with request.app[RESOURCES].units(merchant.id) as unit:
        return await enrol(
            unit,
            enrolment,
            Makers(
                new_id=new_id,
                new_code=new_code,
                experiment_key=request.app[RESOURCES].keys.experiments,
            ),
        )


def _wordings(request: web.Request, invitation: Invitation) -> dict[Purpose, str]:
    """Return the words beside each box, which are kept with the consent."""
    phrases = PAGE_PHRASES[_language(request, invitation)].joining
    name = {"merchant": invitation.merchant.name}
    return {
        Purpose.SERVICE: fill(phrases.news, name),
        Purpose.MARKETING: fill(phrases.offers, name),
    }


def _language(request: web.Request, invitation: Invitation) -> Language:
    """Return the language the browser asks for, if we have it, and otherwise the merchant's."""
    return choose_language([*wanted_languages(request), invitation.merchant.language])


def _form(
    request: web.Request, invitation: Invitation, contact: str = "", mistake: str | None = None
) -> web.Response:
    language, version = _language(request, invitation), invitation.program.version
    return page(
        request,
        "customer/join.html",
        status=400 if mistake else 200,
        language=language,
        skip=PAGE_PHRASES[language].skip,
        phrases=PAGE_PHRASES[language].joining,
        headline=headline(version),
        condition=condition(language, version),
        merchant=invitation.merchant,
        card=replace(draw_new(invitation.merchant.name, version), language=language),
        wordings=_wordings(request, invitation),
        contact=contact[:ADDRESS_CHARACTERS_MAX],
        contact_characters_max=ADDRESS_CHARACTERS_MAX,
        mistake=mistake,
    )
