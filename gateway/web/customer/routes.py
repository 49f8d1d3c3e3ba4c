"""The customer's pages: method, path, handler; nobody logs in to any of them."""

from gateway.web.customer import card_pages, google_pages, joining, preferences, unsubscribing
from gateway.web.customer.opening import open_card_by_link
from gateway.web.customer.pictures import reward_picture
from gateway.web.identity.access import PUBLIC
from gateway.web.parsing.bodies import Fields
from gateway.web.routing import Route, Style

PAGE = Style.PAGE
_CARD = "/card/{merchant}/{card_id}"

CUSTOMER = (
    Route("GET", "/pictures/{merchant}/{digest}.webp", reward_picture, PUBLIC),
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
