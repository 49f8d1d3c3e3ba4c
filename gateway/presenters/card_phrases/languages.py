"""The phrases of cards by language."""

from collections.abc import Mapping

from gateway.domain.wording import Language
from gateway.presenters.card_phrases.card_phrases import CardPhrases
from gateway.presenters.card_phrases.de import GERMAN
from gateway.presenters.card_phrases.en import ENGLISH
from gateway.presenters.card_phrases.fr import FRENCH
from gateway.presenters.card_phrases.lb import LUXEMBOURGISH

CARD_PHRASES: Mapping[Language, CardPhrases] = {
    Language.EN: ENGLISH,
    Language.FR: FRENCH,
    Language.DE: GERMAN,
    Language.LB: LUXEMBOURGISH,
}
