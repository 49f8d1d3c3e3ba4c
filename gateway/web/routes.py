"""The whole surface: method, path, handler and permission of every door, by who comes to it."""

from gateway.web import apple
from gateway.web.api.routes import API
from gateway.web.callbacks import sms
from gateway.web.callbacks.google import hear_google
from gateway.web.customer.google_pages import google_button
from gateway.web.customer.routes import CHOICES, CUSTOMER
from gateway.web.google_logos import google_logo
from gateway.web.health import Alive, Ready, livez, readyz
from gateway.web.identity.access import DEVICE, PUBLIC
from gateway.web.key_set import jwks
from gateway.web.merchant import logging_in
from gateway.web.merchant.campaigns.routes import MERCHANT_CAMPAIGNS
from gateway.web.merchant.reward_routes import MERCHANT_REWARDS
from gateway.web.merchant.routes import MERCHANT, MESSAGES
from gateway.web.merchant.upkeep_routes import MERCHANT_UPKEEP
from gateway.web.merchant.variant_routes import MERCHANT_VARIANTS
from gateway.web.merchant.webhook_routes import MERCHANT_WEBHOOKS
from gateway.web.pages.looks import look_icon, look_stylesheet
from gateway.web.pages.static_files import static_file
from gateway.web.reference.asyncapi import events_document
from gateway.web.reference.openapi import openapi
from gateway.web.reference.page import api_reference
from gateway.web.robots import robots
from gateway.web.routing import Route, Style
from gateway.web.staff.routes import STAFF
from passes.google.signed_message import BODY_BYTES_MAX as CALLBACK_BYTES_MAX

FOUNDATION = (
    Route("GET", "/livez", livez, PUBLIC, answers={200: Alive}),
    Route("GET", "/readyz", readyz, PUBLIC, answers={200: Ready, 503: Ready}),
    Route("GET", "/.well-known/jwks.json", jwks, PUBLIC),
    Route("GET", "/api", api_reference, PUBLIC, style=Style.PAGE),
    Route("GET", "/api/v1/openapi.json", openapi, PUBLIC),
    Route("GET", "/api/v1/asyncapi.json", events_document, PUBLIC),
    Route("GET", "/static/{digest}/{path:.+}", static_file, PUBLIC),
)

EVERYBODY = (
    Route("GET", "/", logging_in.front_door, PUBLIC, style=Style.PAGE),
    Route("GET", "/look/{look}.css", look_stylesheet, PUBLIC),
    Route("GET", "/look/{look}.svg", look_icon, PUBLIC),
)

_REGISTRATIONS = "/apple/v1/devices/{device}/registrations/{pass_type}"
_REGISTRATION = f"{_REGISTRATIONS}/{{serial}}"

APPLE = (
    Route(
        "POST",
        _REGISTRATION,
        apple.register_device,
        DEVICE,
        takes=dict,
        body_bytes_max=apple.REGISTRATION_BYTES_MAX,
    ),
    Route("DELETE", _REGISTRATION, apple.unregister_device, DEVICE),
    Route("GET", _REGISTRATIONS, apple.list_changed_passes, DEVICE),
    Route("GET", "/apple/v1/passes/{pass_type}/{serial}", apple.fetch_pass, DEVICE),
    Route(
        "POST",
        "/apple/v1/log",
        apple.log_complaints,
        DEVICE,
        takes=dict,
        body_bytes_max=apple.LOG_BYTES_MAX,
    ),
    Route(
        "GET",
        "/card/{merchant}/{card_id}/pass.pkpass",
        apple.download_pass,
        PUBLIC,
        style=Style.PAGE,
    ),
)

GOOGLE = (
    Route("GET", "/robots.txt", robots, PUBLIC),
    Route("GET", "/google/buttons/{language}.svg", google_button, PUBLIC),
    Route("GET", "/google/logos/{merchant}/{colours}.png", google_logo, PUBLIC),
    Route(
        "POST",
        "/callbacks/google/{merchant}",
        hear_google,
        PUBLIC,
        takes=bytes,
        body_bytes_max=CALLBACK_BYTES_MAX,
    ),
)

_SMS = "/callbacks/sms/{provider}/{merchant}"

SMS = (
    Route(
        "POST",
        f"{_SMS}/status",
        sms.hear_sms_status,
        PUBLIC,
        takes=bytes,
        body_bytes_max=sms.SMS_CALLBACK_BYTES_MAX,
    ),
    Route(
        "POST",
        f"{_SMS}/inbound",
        sms.hear_sms_answer,
        PUBLIC,
        takes=bytes,
        body_bytes_max=sms.SMS_CALLBACK_BYTES_MAX,
    ),
)

ROUTES: tuple[Route, ...] = (
    *FOUNDATION,
    *API,
    *EVERYBODY,
    *CUSTOMER,
    *CHOICES,
    *STAFF,
    *MERCHANT,
    *MERCHANT_CAMPAIGNS,
    *MERCHANT_REWARDS,
    *MERCHANT_UPKEEP,
    *MERCHANT_VARIANTS,
    *MERCHANT_WEBHOOKS,
    *MESSAGES,
    *APPLE,
    *GOOGLE,
    *SMS,
)
