"""The API: method, path, handler, scope, and what each door takes, answers and refuses."""

from gateway.domain.errors import (
    AlreadyRecorded,
    AlreadyReversed,
    Busy,
    CardBlocked,
    CooldownActive,
    DailyLimitReached,
    KeyReused,
    NotAllowed,
    NotFound,
    NotReversible,
    ProgramNotActive,
)
from gateway.domain.people import Permission
from gateway.domain.references import ReferenceInvalid
from gateway.presenters.answers import Stamped, Undone
from gateway.services.cards.addresses import ContactInvalid
from gateway.web.api import (
    cards,
    locations,
    messages,
    stamps,
    tokens,
    transactions,
)
from gateway.web.api.campaign_routes import CAMPAIGNS
from gateway.web.api.experiment_routes import EXPERIMENTS, SEGMENTS
from gateway.web.api.ledger_routes import LEDGER
from gateway.web.api.message_routes import MESSAGES
from gateway.web.api.pos_routes import POS
from gateway.web.api.program_routes import PROGRAMS
from gateway.web.api.reward_routes import CATALOGUE, REDEMPTIONS
from gateway.web.api.upkeep_routes import UPKEEP
from gateway.web.api.webhook_routes import WEBHOOKS
from gateway.web.identity.access import Access, Door
from gateway.web.refusals import CursorInvalid
from gateway.web.routing import Route

_ANY_KEY = Access(Door.API)
_CARDS_READ = Access(Door.API, Permission.CARDS_READ)
_CARDS_OPEN = Access(Door.API, Permission.CARDS_OPEN)
_STAMPS = Access(Door.API, Permission.STAMPS_WRITE)

_CARD = "/api/v1/cards/{card_id}"

_COMMAND_REFUSALS = (NotFound, KeyReused, Busy)

CARDS = (
    Route(
        "POST",
        "/api/v1/cards",
        cards.open_card,
        _CARDS_OPEN,
        takes=cards.NewCard,
        answers={201: cards.Card, 200: cards.Card},
        refuses=(NotFound, ContactInvalid, ProgramNotActive),
    ),
    Route(
        "GET",
        "/api/v1/cards",
        cards.find_cards,
        _CARDS_READ,
        takes=cards.CardSearch,
        answers={200: cards.Cards},
        refuses=(NotFound, NotAllowed, CursorInvalid),
    ),
    Route(
        "GET", _CARD, cards.show_card, _CARDS_READ, answers={200: cards.Card}, refuses=(NotFound,)
    ),
    Route(
        "GET",
        f"{_CARD}/transactions",
        transactions.list_transactions,
        _CARDS_READ,
        takes=transactions.HistoryPage,
        answers={200: transactions.Transactions},
        refuses=(NotFound, CursorInvalid),
    ),
    Route(
        "GET",
        f"{_CARD}/messages",
        messages.list_messages,
        _CARDS_READ,
        takes=messages.MessagePage,
        answers={200: messages.Messages},
        refuses=(NotFound, CursorInvalid),
    ),
)

COMMANDS = (
    Route(
        "POST",
        f"{_CARD}/stamps",
        stamps.stamp_card,
        _STAMPS,
        takes=stamps.Visit,
        answers={200: Stamped},
        refuses=(
            *_COMMAND_REFUSALS,
            CooldownActive,
            DailyLimitReached,
            ProgramNotActive,
            CardBlocked,
            AlreadyRecorded,
            ReferenceInvalid,
        ),
        is_idempotent=True,
    ),
    Route(
        "POST",
        f"{_CARD}/transactions/{{transaction_id}}/reversal",
        stamps.reverse_stamp,
        _STAMPS,
        answers={200: Undone},
        refuses=(*_COMMAND_REFUSALS, AlreadyReversed, NotReversible),
        is_idempotent=True,
    ),
)

API = (
    Route(
        "POST",
        "/api/v1/tokens",
        tokens.exchange_key,
        _ANY_KEY,
        takes=tokens.TokenRequest,
        answers={201: tokens.Token},
        refuses=(NotAllowed,),
    ),
    *CARDS,
    *COMMANDS,
    *POS,
    *UPKEEP,
    *LEDGER,
    *PROGRAMS,
    *EXPERIMENTS,
    *SEGMENTS,
    *CATALOGUE,
    *REDEMPTIONS,
    *WEBHOOKS,
    *MESSAGES,
    *CAMPAIGNS,
    Route(
        "GET",
        "/api/v1/locations",
        locations.list_locations,
        _CARDS_READ,
        answers={200: locations.Locations},
    ),
)
