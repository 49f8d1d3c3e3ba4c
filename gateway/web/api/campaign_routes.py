"""The API of campaigns on one page: method, path, handler, scope, answers and refusals."""

from gateway.domain.campaigns import CampaignCannot
from gateway.domain.errors import NotFound, TooManyAttempts
from gateway.domain.people import Permission
from gateway.services.campaigns.trying import NoOwnAddress, NotOnThisChannel, NumberStopped
from gateway.services.cards.addresses import ContactInvalid, NumberNotServed
from gateway.web.api import campaign_reports, campaign_shapes, campaigns
from gateway.web.campaigns.estimates import EstimateTooSlow
from gateway.web.identity.access import Access, Door
from gateway.web.refusals import BodyTooLarge, CursorInvalid
from gateway.web.routing import Route

PLAN_BYTES_MAX = 128 * 1024
"""A mail of 4,000 characters in each language, at three bytes a character, and the rest."""

_READ = Access(Door.API, Permission.CAMPAIGNS_READ)
_WRITE = Access(Door.API, Permission.CAMPAIGNS_WRITE)

_LIST = "/api/v1/campaigns"
_CAMPAIGN = "/api/v1/campaigns/{campaign_id}"
_ANSWER = {200: campaign_shapes.Campaign}

CAMPAIGNS = (
    Route(
        "GET",
        _LIST,
        campaigns.list_campaigns,
        _READ,
        takes=campaigns.CampaignsPage,
        answers={200: campaign_shapes.Campaigns},
        refuses=(CursorInvalid,),
    ),
    Route(
        "POST",
        _LIST,
        campaigns.write_campaign,
        _WRITE,
        takes=campaign_shapes.CampaignPlan,
        answers={201: campaign_shapes.Campaign},
        refuses=(NotFound, BodyTooLarge),
        body_bytes_max=PLAN_BYTES_MAX,
    ),
    Route("GET", _CAMPAIGN, campaigns.show_campaign, _READ, answers=_ANSWER, refuses=(NotFound,)),
    Route(
        "PUT",
        _CAMPAIGN,
        campaigns.change_campaign,
        _WRITE,
        takes=campaign_shapes.CampaignPlan,
        answers=_ANSWER,
        refuses=(NotFound, CampaignCannot, BodyTooLarge),
        is_conditional=True,
        body_bytes_max=PLAN_BYTES_MAX,
    ),
    Route(
        "GET",
        f"{_CAMPAIGN}/estimate",
        campaign_reports.estimate_campaign,
        _READ,
        answers={200: campaign_reports.CampaignEstimate},
        refuses=(NotFound, EstimateTooSlow),
    ),
    Route(
        "POST",
        f"{_CAMPAIGN}/schedule",
        campaigns.schedule_campaign,
        _WRITE,
        takes=campaign_shapes.CampaignTime,
        answers=_ANSWER,
        refuses=(NotFound, CampaignCannot),
        is_conditional=True,
    ),
    Route(
        "POST",
        f"{_CAMPAIGN}/unschedule",
        campaigns.unschedule_campaign,
        _WRITE,
        answers=_ANSWER,
        refuses=(NotFound, CampaignCannot),
        is_conditional=True,
    ),
    # Without a condition: the worker moves a campaign on as well, and a stop must not come late
    # because somebody had to read it once more.
    *(
        Route(
            "POST",
            f"{_CAMPAIGN}/{verb}",
            handler,
            _WRITE,
            answers=_ANSWER,
            refuses=(NotFound, CampaignCannot),
        )
        for verb, handler in (
            ("pause", campaigns.pause_campaign),
            ("resume", campaigns.resume_campaign),
            ("cancel", campaigns.cancel_campaign),
        )
    ),
    Route(
        "POST",
        f"{_CAMPAIGN}/test-send",
        campaigns.send_campaign_test,
        _WRITE,
        takes=campaigns.CampaignTest,
        answers={202: campaigns.CampaignTestSent},
        refuses=(
            NotFound,
            NotOnThisChannel,
            NoOwnAddress,
            ContactInvalid,
            NumberNotServed,
            NumberStopped,
            TooManyAttempts,
        ),
    ),
    Route(
        "GET",
        f"{_CAMPAIGN}/progress",
        campaign_reports.show_campaign_progress,
        _READ,
        answers={200: campaign_reports.CampaignProgress},
        refuses=(NotFound,),
    ),
    Route(
        "GET",
        f"{_CAMPAIGN}/recipients",
        campaign_reports.list_campaign_recipients,
        _READ,
        takes=campaign_reports.RecipientsPage,
        answers={200: campaign_reports.CampaignRecipients},
        refuses=(NotFound, CursorInvalid),
    ),
)
