"""The reasons by language."""

from collections.abc import Mapping

from gateway.domain.wording import Language
from gateway.presenters.reason_phrases.de import GERMAN
from gateway.presenters.reason_phrases.en import ENGLISH
from gateway.presenters.reason_phrases.fr import FRENCH
from gateway.presenters.reason_phrases.lb import LUXEMBOURGISH
from gateway.presenters.reason_phrases.reason_phrases import ReasonPhrases

REASON_PHRASES: Mapping[Language, ReasonPhrases] = {
    Language.EN: ENGLISH,
    Language.FR: FRENCH,
    Language.DE: GERMAN,
    Language.LB: LUXEMBOURGISH,
}
