"""What is wrong with an address that a customer typed, in their language."""

from gateway.domain.wording import Language
from gateway.presenters.page_phrases.languages import PAGE_PHRASES
from gateway.services.cards.addresses import (
    ContactInvalid,
    MailUnreadable,
    NumberNotMobile,
    NumberNotServed,
    NumberUnreadable,
)


def fault_words(mistake: ContactInvalid, language: Language) -> str:
    """Return what to tell who typed it."""
    phrases = PAGE_PHRASES[language].addresses
    match mistake:
        case MailUnreadable():
            return phrases.mail_unreadable
        case NumberUnreadable():
            return phrases.number_unreadable
        case NumberNotMobile():
            return phrases.not_mobile
        case NumberNotServed():
            return phrases.not_served
        case _:
            return phrases.unreadable
