"""The phrases of customers' pages in English."""

from gateway.domain.consents import Medium
from gateway.domain.ledger import TransactionKind
from gateway.domain.messages import MessageState, SkipReason
from gateway.domain.rules.visits import Beat
from gateway.domain.wording import MessageEvent
from gateway.presenters.page_phrases.page_phrases import (
    Addresses,
    Cards,
    Histories,
    Joining,
    PagePhrases,
    Proving,
    Standings,
    Strangers,
    Waiting,
)

ENGLISH = PagePhrases(
    name="English",
    skip="Skip to the content",
    cards=Cards(
        joined="This card was joined with another card.",
        joined_whole="This card was joined with another card, which holds everything now.",
        joined_show=(
            "Show the other card at the till. To see it here, give the address it was opened with:"
        ),
        joined_link="Page for new cards",
        ready="Your reward is ready",
        short_ready="Ready",
        handed_out="{{ reward }} is being handed out",
        show="Show this at the till",
        deadlines="Use it in time",
        until="until",
        prizes="What you can get",
        levels="Levels",
        own_level="Your level",
        own_benefits="Your level:",
        history="What happened last",
        events={
            TransactionKind.EARN: "Collected",
            TransactionKind.RELEASE: "Can be used now",
            TransactionKind.REDEEM: "Reward collected",
            TransactionKind.EXPIRE: "Expired",
            TransactionKind.REFUND: "Refund of a purchase",
            TransactionKind.ADJUST: "Corrected by the shop",
            TransactionKind.TRANSFER: "Moved between cards",
        },
        choices="Messages and addresses",
        keep=(
            "Keep this page: add it to your home screen, or come back to it with the address "
            "you gave."
        ),
        apple=("Add to", "Apple Wallet"),
        google_view="View in Google Wallet",
        on_android="On an Android phone?",
        on_iphone="On an iPhone?",
    ),
    waiting=Waiting(
        title="Your card is being prepared…",
        explanation="Google Wallet opens by itself in a moment.",
        go_on="Go on",
        late="Google Wallet takes longer than usual",
        safe="Your card and its stamps are safe. Please try again in a few minutes.",
    ),
    strangers=Strangers(
        title="Your card",
        question="This browser does not hold that card",
        explanation=(
            "Give the address you joined with, and it is back in a moment with all its stamps."
        ),
        button="Get my card back",
    ),
    joining=Joining(
        with_every="with every {{ count }} stamps",
        for_purchases="for every {{ count }} purchases",
        for_visits="for {{ count }} visits",
        for_visits_in_a_row="for {{ count }} visits in a row",
        for_spending="for every {{ amount }} you spend",
        points="points with every purchase",
        levels="the more often you come, the more you get",
        contact="Your mail address or mobile number",
        news="{{ merchant }} may write to me about my card: each stamp and each reward.",
        offers="{{ merchant }} may send me offers. I can stop this at any time.",
        not_needed="Not needed for the card.",
        button="Get my card",
        no_app="No app and no password. Your address is how we find your card again.",
    ),
    addresses=Addresses(
        title="Where we write to",
        mail="Mail",
        phone="Mobile",
        remove="Remove",
        last_stays="Your last address stays: by it we find your card again.",
        add="Another mail address or mobile number",
        add_hint="It takes the place of the one you have of its kind.",
        add_button="Use this address",
        noted="Thank you. These are the addresses we use from now on.",
        unreadable="Please enter a mail address or a mobile number.",
        mail_unreadable="This does not look like a mail address.",
        number_unreadable="This does not look like a phone number.",
        not_mobile="Please give a mobile number.",
        not_served="We cannot send text messages to numbers of this country.",
        locked=(
            "You cannot tick a grey box: you told us to stop, or our messages came back. Send us "
            "START by SMS, use the link in our messages, or give us another address."
        ),
        language="Language",
        language_button="Write to me in this language",
        back="Back to my card",
    ),
    proving=Proving(
        title="Your choices are behind a link",
        explanation=(
            "So that nobody else decides for you, you find them by the link in the messages from "
            "{{ merchant }}. We can send it to the address that we have for this card."
        ),
        button="Send me the link",
        sent=(
            "Thank you. If we may write to the address of this card, the link will be there in a "
            "moment."
        ),
    ),
    standings=Standings(
        streaks={
            Beat.DAY: "Days in a row: {{ streak }}, best so far: {{ best }}.",
            Beat.WEEK: "Weeks in a row: {{ streak }}, best so far: {{ best }}.",
            Beat.MONTH: "Months in a row: {{ streak }}, best so far: {{ best }}.",
        },
        held_back="{{ amount }} more from {{ day }}.",
        ended="Ended. Your rewards can be used until {{ day }}.",
        over="Ended. What was on this card can no longer be used.",
        paused="Paused. Nothing can be collected at the moment, but your rewards can be used.",
        more="More about it",
    ),
    histories=Histories(
        title="What we sent you",
        nothing="Nothing so far.",
        events={
            MessageEvent.WELCOME: "Welcome",
            MessageEvent.STAMP: "Stamp",
            MessageEvent.REWARD_EARNED: "Your reward is ready",
            MessageEvent.REDEEMED: "Reward collected",
            MessageEvent.EXPIRING: "Stamps run out soon",
            MessageEvent.TIER_CHANGE: "New level",
            MessageEvent.TIER_NOTICE: "Your level ends soon",
            MessageEvent.PROGRAM_ENDED: "The program has ended",
            MessageEvent.CAMPAIGN: "Offer",
        },
        media={
            Medium.MAIL: "by mail",
            Medium.SMS: "by SMS",
            Medium.WALLET: "on your wallet card",
        },
        states={
            MessageState.QUEUED: "On its way",
            MessageState.SENDING: "On its way",
            MessageState.SENT: "Sent",
            MessageState.DELIVERED: "Arrived",
            MessageState.FETCHED: "Arrived",
            MessageState.BOUNCED: "Came back: nobody has this address",
            MessageState.FAILED: "Could not be sent",
            MessageState.SKIPPED: "Not sent",
        },
        reasons={
            SkipReason.NO_CONSENT: "you did not want it",
            SkipReason.NO_ADDRESS: "we had no address",
            SkipReason.NOT_IN_WALLET: "the card was in no wallet",
            SkipReason.SUPPRESSED: "you asked us to stop, or mail to you came back",
            SkipReason.CONTACT_BUDGET: "you had enough messages from us already",
            SkipReason.CANCELLED: "it was called off",
            SkipReason.CARD_BLOCKED: "the card was blocked",
            SkipReason.ERASED: "your data was erased",
            SkipReason.SWITCHED_OFF: "we no longer send these",
            SkipReason.FLOOD: "too many were asked for at once",
            SkipReason.OVERTAKEN: "a newer message told you more",
        },
    ),
)
