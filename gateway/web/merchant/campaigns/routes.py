"""Campaigns on the merchant's pages: method, path, handler, permission."""

from gateway.domain.people import Permission
from gateway.web.identity.access import Access, Door
from gateway.web.merchant.campaigns import editing, events, listing, previews, sending
from gateway.web.parsing.bodies import Fields
from gateway.web.routing import Route, Style

FORM_BYTES_MAX = 256 * 1024
"""A mail of 4,000 characters in each language, each character written as up to nine."""

_PAGE = Style.PAGE
_READ = Access(Door.MERCHANT, Permission.CAMPAIGNS_READ)
_WRITE = Access(Door.MERCHANT, Permission.CAMPAIGNS_WRITE)
_LIST = "/merchant/campaigns"
_CAMPAIGN = "/merchant/campaigns/{campaign_id}"

MERCHANT_CAMPAIGNS = (
    Route(
        "GET",
        _LIST,
        listing.campaigns_page,
        _READ,
        takes=listing.CampaignsQuery,
        style=_PAGE,
    ),
    Route("GET", f"{_LIST}/new", editing.new_campaign, _WRITE, style=_PAGE),
    *(
        Route(
            "POST",
            path,
            handler,
            _WRITE,
            takes=Fields,
            style=_PAGE,
            body_bytes_max=FORM_BYTES_MAX,
        )
        for path, handler in (
            (f"{_LIST}/new", editing.add_campaign),
            (f"{_LIST}/preview", previews.preview_campaign),
            (f"{_LIST}/mail", previews.preview_mail),
            (f"{_LIST}/estimate", editing.estimate_draft),
            (_CAMPAIGN, editing.rewrite_campaign),
        )
    ),
    Route(
        "GET", _CAMPAIGN, editing.campaign_page, _READ, takes=editing.CampaignQuery, style=_PAGE
    ),
    Route(
        "GET",
        f"{_CAMPAIGN}/mail",
        previews.campaign_mail,
        _READ,
        takes=previews.LanguageQuery,
        style=_PAGE,
    ),
    Route(
        "GET",
        f"{_CAMPAIGN}/send",
        sending.confirm_sending,
        _WRITE,
        takes=sending.SendQuery,
        style=_PAGE,
    ),
    Route("POST", f"{_CAMPAIGN}/send", sending.send_campaign, _WRITE, takes=Fields, style=_PAGE),
    Route("POST", f"{_CAMPAIGN}/steer", sending.steer_campaign, _WRITE, takes=Fields, style=_PAGE),
    Route("GET", f"{_CAMPAIGN}/cancel", sending.confirm_cancelling, _WRITE, style=_PAGE),
    Route("POST", f"{_CAMPAIGN}/try", sending.try_campaign, _WRITE, takes=Fields, style=_PAGE),
    Route(
        "GET",
        f"{_CAMPAIGN}/recipients",
        listing.recipients_page,
        _READ,
        takes=listing.RecipientsQuery,
        style=_PAGE,
    ),
    Route("GET", f"{_CAMPAIGN}/events", events.campaign_events, _READ),
)
