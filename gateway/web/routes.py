"""The whole surface on one page: method, path, handler, permission."""

from gateway.domain.people import Permission
from gateway.web import apple
from gateway.web.api.routes import API
from gateway.web.callbacks import sms
from gateway.web.callbacks.google import hear_google
from gateway.web.customer import card_pages, google_pages, joining, preferences, unsubscribing
from gateway.web.customer.opening import open_card_by_link
from gateway.web.customer.pictures import reward_picture
from gateway.web.google_logos import google_logo
from gateway.web.health import Alive, Ready, livez, readyz
from gateway.web.identity.access import DEVICE, PUBLIC, Access, Door
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
from gateway.web.parsing.bodies import Fields
from gateway.web.reference.asyncapi import events_document
from gateway.web.reference.openapi import openapi
from gateway.web.reference.page import api_reference
from gateway.web.robots import robots
from gateway.web.routing import Route, Style
from gateway.web.staff import commands, pairing, scanning, signing_in
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
    Route("GET", "/google/buttons/{language}.svg", google_pages.google_button, PUBLIC),
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

PAGE = Style.PAGE
_CARD = "/card/{merchant}/{card_id}"

CUSTOMER = (
    Route("GET", "/", logging_in.front_door, PUBLIC, style=PAGE),
    Route("GET", "/pictures/{merchant}/{digest}.webp", reward_picture, PUBLIC),
    Route("GET", "/look/{look}.css", look_stylesheet, PUBLIC),
    Route("GET", "/look/{look}.svg", look_icon, PUBLIC),
    Route("GET", "/join/{merchant}", joining.join_again, PUBLIC, style=PAGE),
    Route("POST", "/join/{merchant}", joining.take_card_again, PUBLIC, takes=Fields, style=PAGE),
    Route("GET", "/join/{merchant}/{location}", joining.join, PUBLIC, style=PAGE),
    Route(
        "POST", "/join/{merchant}/{location}", joining.take_card, PUBLIC, takes=Fields, style=PAGE
    ),
    Route("GET", _CARD, card_pages.card, PUBLIC, style=PAGE),
    Route("GET", f"{_CARD}/open", open_card_by_link, PUBLIC, style=PAGE),
    Route("GET", f"{_CARD}/now", card_pages.card_now, PUBLIC, style=PAGE),
    Route("GET", f"{_CARD}/apple-wallet", card_pages.to_apple_wallet, PUBLIC, style=PAGE),
    Route("POST", f"{_CARD}/google-wallet", google_pages.ask_for_google_card, PUBLIC, style=PAGE),
    Route(
        "GET",
        f"{_CARD}/google-wallet",
        google_pages.to_google_wallet,
        PUBLIC,
        takes=google_pages.Waiting,
        style=PAGE,
    ),
    Route("GET", f"{_CARD}/sandbox-phone", card_pages.to_sandbox_phone, PUBLIC, style=PAGE),
    Route("GET", f"{_CARD}/manifest.webmanifest", card_pages.card_manifest, PUBLIC, style=PAGE),
)

_PREFERENCES, _CHOICES = f"{_CARD}/preferences", "/choices/{token}"
_UNSUBSCRIBE = "/unsubscribe/{token}"

CHOICES = (
    Route(
        "GET",
        _PREFERENCES,
        preferences.preferences,
        PUBLIC,
        takes=preferences.PreferencesQuery,
        style=PAGE,
    ),
    Route("POST", _PREFERENCES, preferences.change_preferences, PUBLIC, takes=Fields, style=PAGE),
    Route(
        "GET",
        _CHOICES,
        preferences.linked_preferences,
        PUBLIC,
        takes=preferences.PreferencesQuery,
        style=PAGE,
    ),
    Route(
        "POST", _CHOICES, preferences.change_linked_preferences, PUBLIC, takes=Fields, style=PAGE
    ),
    Route("GET", _UNSUBSCRIBE, unsubscribing.unsubscribe_page, PUBLIC, style=PAGE),
    *(
        Route(
            "POST",
            path,
            handler,
            PUBLIC,
            is_proved_by_address=True,
            style=PAGE,
            body_bytes_max=unsubscribing.BODY_BYTES_MAX,
        )
        for path, handler in (
            (_UNSUBSCRIBE, unsubscribing.unsubscribe),
            (f"{_UNSUBSCRIBE}/undo", unsubscribing.take_unsubscribing_back),
        )
    ),
)

_AT_TILL = Access(Door.STAFF, Permission.CARDS_READ)
_STAMPS = Access(Door.STAFF, Permission.STAMPS_WRITE)
_REWARDS = Access(Door.STAFF, Permission.REWARDS_WRITE)

STAFF = (
    Route("GET", "/till/pair/{merchant}", pairing.pairing_page, PUBLIC, style=PAGE),
    Route("POST", "/till/pair/{merchant}", pairing.pair, PUBLIC, takes=Fields, style=PAGE),
    Route("GET", "/till", signing_in.till, PUBLIC, style=PAGE),
    Route("POST", "/till/sign-in", signing_in.enter_pin, PUBLIC, takes=Fields, style=PAGE),
    Route("POST", "/till/sign-out", signing_in.leave_till, _AT_TILL, style=PAGE),
    Route("GET", "/till/scan", scanning.scan_page, _AT_TILL, style=PAGE, uses_camera=True),
    Route("POST", "/till/api/look-ups", scanning.look_up, _AT_TILL, takes=scanning.Code),
    Route(
        "POST",
        "/till/api/stamps",
        commands.stamp_at_till,
        _STAMPS,
        takes=commands.Stamp,
        is_idempotent=True,
    ),
    Route(
        "POST",
        "/till/api/sales",
        commands.sell_at_till,
        _STAMPS,
        takes=commands.Purchase,
        is_idempotent=True,
    ),
    Route(
        "POST",
        "/till/api/undos",
        commands.undo_at_till,
        _STAMPS,
        takes=commands.Undo,
        is_idempotent=True,
    ),
    Route(
        "POST",
        "/till/api/redemptions",
        commands.reserve_at_till,
        _REWARDS,
        takes=commands.Reserve,
        is_idempotent=True,
    ),
    Route(
        "POST",
        "/till/api/redemptions/hand-out",
        commands.hand_out_at_till,
        _REWARDS,
        takes=commands.End,
        is_idempotent=True,
    ),
    Route(
        "POST",
        "/till/api/redemptions/cancel",
        commands.cancel_at_till,
        _REWARDS,
        takes=commands.End,
        is_idempotent=True,
    ),
    Route(
        "POST",
        "/till/api/redemptions/take-back",
        commands.take_back_at_till,
        _REWARDS,
        takes=commands.End,
        is_idempotent=True,
    ),
)

ROUTES: tuple[Route, ...] = (
    *FOUNDATION,
    *API,
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
