"""Campaigns as customers will see them: on the lock screen, as a text message, as a mail."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from aiohttp import web

from gateway.domain.campaigns import Content
from gateway.domain.consents import Medium
from gateway.domain.errors import Invalid, NotFound
from gateway.domain.sms_segments import segments
from gateway.domain.wording import Language, MessageEvent, Wording, check_wording
from gateway.presenters.campaign_words import LANGUAGES
from gateway.presenters.message_previews import Brand, Preview, preview
from gateway.web.headers import MAIL_HEADERS
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.merchant.campaigns.desk import Desk, desk_of
from gateway.web.merchant.campaigns.forms import read_plan
from gateway.web.pages.render import page
from gateway.web.parsing.bodies import Fields
from gateway.web.parsing.queries import path_id


class LanguageQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """In which language."""

    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguagePreview:
    """What is said in a language; each text is empty where nothing is said, or not yet well."""

    language: Language
    name: str
    wallet: str
    sms: str
    segments: int
    subject: str


async def preview_campaign(request: web.Request, fields: Fields) -> web.Response:
    """Show how what was typed so far will look."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        desk = await desk_of(unit)
    shown = previews_of(desk, read_plan(fields).contents)
    return page(request, "merchant/_campaign_previews.html", previews=shown, desk=desk)


async def preview_mail(request: web.Request, fields: Fields) -> web.Response:
    """Show the mail as typed so far, for a frame in the page."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        desk = await desk_of(unit)
    plan, language = read_plan(fields), fields.get("show", "")
    if language not in tuple(Language):
        raise NotFound
    brand = Brand(name=desk.merchant.name, look=desk.look(plan.audience.program_id))
    return _mail(request, plan.contents.get(language, Content()), Language(language), brand)


async def campaign_mail(request: web.Request, asked: LanguageQuery) -> web.Response:
    """Show a campaign's mail as it is kept, for a frame in the page."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        campaign = await unit.campaigns.one(path_id(request, "campaign_id"))
        desk = await desk_of(unit)
    plan = campaign.plan
    brand = Brand(name=desk.merchant.name, look=desk.look(plan.audience.program_id))
    return _mail(request, plan.contents.get(asked.language, Content()), asked.language, brand)


def previews_of(desk: Desk, contents: Mapping[str, Content]) -> list[LanguagePreview]:
    """Return how a campaign looks in every language it is written in, the merchant's first."""
    brand = Brand(name=desk.merchant.name)
    return [
        _of_language(language, contents[language], brand)
        for language in desk.languages
        if language in contents
    ]


def _of_language(language: Language, content: Content, brand: Brand) -> LanguagePreview:
    sms = _said(Medium.SMS, language, Wording(content.sms), brand).text
    mail = _said(Medium.MAIL, language, Wording(content.body, content.subject), brand)
    return LanguagePreview(
        language=language,
        name=LANGUAGES[language],
        wallet=_said(Medium.WALLET, language, Wording(content.wallet), brand).text,
        sms=sms,
        segments=segments(sms),
        subject=mail.subject,
    )


def _mail(
    request: web.Request, content: Content, language: Language, brand: Brand
) -> web.Response:
    wording = Wording(content.body, content.subject)
    try:
        check_wording(MessageEvent.CAMPAIGN, Medium.MAIL, wording)
    except Invalid as mistake:
        found = mistake.detail["errors"]
        response = page(request, "merchant/mail_mistakes.html", mistakes=found, status=400)
    else:
        html = preview(MessageEvent.CAMPAIGN, Medium.MAIL, language, wording, brand).html
        response = web.Response(text=html, content_type="text/html")
    response.headers.update(MAIL_HEADERS)
    return response


def _said(medium: Medium, language: Language, wording: Wording, brand: Brand) -> Preview:
    """Return how words look; nothing, while they cannot be sent."""
    try:
        check_wording(MessageEvent.CAMPAIGN, medium, wording)
    except Invalid:
        return Preview("")
    return preview(MessageEvent.CAMPAIGN, medium, language, wording, brand)
