"""Campaigns are written and changed on one page, until somebody sends them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.campaigns import Campaign, CampaignStatus, check_plan
from gateway.domain.consents import Medium
from gateway.domain.errors import Invalid, NotFound, Refusal
from gateway.domain.wording import MessageEvent, placeholders
from gateway.presenters.campaign_reach import Reached, reached_by
from gateway.presenters.campaign_words import CHANNELS, LANGUAGES
from gateway.services.campaigns.drafting import change_draft, write_draft
from gateway.services.campaigns.preparing import Estimate
from gateway.web.authors import author_of
from gateway.web.campaigns.estimates import estimate_for
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.merchant.campaigns.desk import FIRST_CHANNELS, desk_of
from gateway.web.merchant.campaigns.forms import (
    CampaignForm,
    corrected,
    form_of,
    read_moment,
    read_plan,
)
from gateway.web.merchant.campaigns.previews import previews_of
from gateway.web.merchant.campaigns.progress import progress_page
from gateway.web.pages.redirects import see_other
from gateway.web.pages.render import page
from gateway.web.parsing.bodies import Fields
from gateway.web.parsing.queries import path_id
from gateway.web.parsing.revisions import revision_of
from gateway.web.problems import status_of

PREVIEW, ESTIMATE, REVIEW = "preview", "estimate", "review"
LIST = "/merchant/campaigns"
_WORDS = frozenset({"name", "contents", "per_minute_max"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What lies on the page: the form, the draft it is of, what was counted, done or refused."""

    form: CampaignForm
    campaign: Campaign | None = None
    reached: Sequence[Reached] = ()
    estimate: Estimate | None = None
    done: str = ""
    refused: str = ""


class CampaignQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What has just been done."""

    done: str = ""


async def new_campaign(request: web.Request) -> web.Response:
    """Begin a campaign."""
    return await _editor(request, Sheet(form=form_of(None, FIRST_CHANNELS)))


async def add_campaign(request: web.Request, fields: Fields) -> web.Response:
    """Keep a new campaign as a draft."""
    return await _keep(request, fields, None)


async def campaign_page(request: web.Request, asked: CampaignQuery) -> web.Response:
    """Show a campaign: a draft to go on writing, any other to follow."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        campaign = await unit.campaigns.one(path_id(request, "campaign_id"))
    if campaign.status is not CampaignStatus.DRAFT:
        return await progress_page(request, campaign)
    sheet = Sheet(form=form_of(campaign, ()), campaign=campaign, done=asked.done)
    return await _editor(request, sheet)


async def rewrite_campaign(request: web.Request, fields: Fields) -> web.Response:
    """Write a draft anew."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        campaign = await unit.campaigns.one(path_id(request, "campaign_id"))
    return await _keep(request, fields, campaign)


async def not_tried(request: web.Request, refusal: Refusal) -> web.Response:
    """Show a draft again, and why it could not be tried; another campaign's refusal is raised."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        campaign = await unit.campaigns.one(path_id(request, "campaign_id"))
    if campaign.status is not CampaignStatus.DRAFT:
        raise refusal
    sheet = Sheet(form=form_of(campaign, ()), campaign=campaign, refused=refusal.sentence)
    return await _editor(request, sheet, status=status_of(refusal))


async def estimate_draft(request: web.Request, fields: Fields) -> web.Response:
    """Count whom what was typed so far would reach."""
    reached, counted = await _estimate(request, fields)
    return page(request, "merchant/_campaign_estimate.html", estimate=counted, reached=reached)


async def _keep(request: web.Request, fields: Fields, campaign: Campaign | None) -> web.Response:
    """Keep what was typed, or only show it as it would be."""
    do = fields.get("do", "")
    sheet = Sheet(form=CampaignForm(fields=fields), campaign=campaign)
    try:
        if do == PREVIEW:
            return await _editor(request, sheet)
        if do == ESTIMATE:
            reached, counted = await _estimate(request, fields)
            return await _editor(request, replace(sheet, reached=reached, estimate=counted))
        at = await _checked_time(request, fields) if do == REVIEW else ""
        kept = await _write(request, fields, campaign)
    except Invalid as mistake:
        return await _editor(request, replace(sheet, form=corrected(fields, mistake)), status=400)
    except NotFound as gone:
        # Only a segment is asked for; somebody may have deleted it while this was typed.
        missing = Invalid(gone.sentence, errors={"segment_id": gone.sentence})
        return await _editor(request, replace(sheet, form=corrected(fields, missing)), status=404)
    return see_other(_after(kept.id, do, at))


async def _write(
    request: web.Request, fields: Mapping[str, str], campaign: Campaign | None
) -> Campaign:
    plan, author = read_plan(fields), author_of(request)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        if campaign is None:
            return await write_draft(unit, plan, author)
        return await change_draft(unit, campaign.id, plan, author, revision=revision_of(fields))


async def _checked_time(request: web.Request, fields: Mapping[str, str]) -> str:
    """Return the time as it was typed, when it was to be sent later and is a time."""
    if fields.get("when") != "later":
        return ""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        zone = await unit.merchants.time_zone()
    typed = fields.get("at", "").strip()
    if read_moment(typed, zone) is None:
        errors = {"scheduled_at": "Please choose a day and a time."}
        raise Invalid("Please check the campaign.", errors=errors)
    return typed


async def _estimate(
    request: web.Request, fields: Mapping[str, str]
) -> tuple[list[Reached], Estimate]:
    """Estimate the audience as typed; the words may still be missing."""
    plan = read_plan(fields)
    try:
        check_plan(plan, "")
    except Invalid as mistake:
        errors = mistake.detail["errors"]
        assert isinstance(errors, dict), "one sentence per field"
        found = {name: sentence for name, sentence in errors.items() if name not in _WORDS}
        if found:
            raise Invalid(next(iter(found.values())), errors=found) from None
    counted = await estimate_for(request, plan)
    return reached_by(plan.channels, counted.messages), counted


async def _editor(request: web.Request, sheet: Sheet, *, status: int = 200) -> web.Response:
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        desk = await desk_of(unit)
    return page(
        request,
        "merchant/campaign.html",
        status=status,
        merchant=desk.merchant,
        desk=desk,
        sheet=sheet,
        form=sheet.form,
        campaign=sheet.campaign,
        channels=CHANNELS,
        languages={language: LANGUAGES[language] for language in desk.languages},
        gaps=placeholders(MessageEvent.CAMPAIGN, Medium.MAIL),
        previews=previews_of(desk, read_plan(sheet.form.fields).contents),
        estimate=sheet.estimate,
        reached=sheet.reached,
    )


def _after(campaign_id: UUID, do: str, at: str) -> str:
    if do != REVIEW:
        return f"{LIST}/{campaign_id}?done=saved"
    query = f"?{urlencode({'at': at})}" if at else ""
    return f"{LIST}/{campaign_id}/send{query}"
