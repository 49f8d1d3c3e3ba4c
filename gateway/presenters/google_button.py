"""Google's own buttons: what is written on the picture of each language.

Google draws them, and nobody may draw them anew: the operator fetches them from its page.
Source: https://developers.google.com/wallet/retail/loyalty-cards/resources/brand-guidelines
"""

from collections.abc import Mapping

from gateway.domain.wording import Language

# Google draws none in Luxembourgish.
WORDS_ON_BUTTON: Mapping[Language, str] = {
    Language.EN: "Add to Google Wallet",
    Language.FR: "Ajouter à Google Wallet",
    Language.DE: "Zu Google Wallet hinzufügen",
}
