"""Our phrases by language."""

from collections.abc import Mapping

from gateway.domain.wording import Language
from gateway.presenters.phrases.de import GERMAN
from gateway.presenters.phrases.en import ENGLISH
from gateway.presenters.phrases.fr import FRENCH
from gateway.presenters.phrases.lb import LUXEMBOURGISH
from gateway.presenters.phrases.phrases import Phrases

PHRASES: Mapping[Language, Phrases] = {
    Language.EN: ENGLISH,
    Language.FR: FRENCH,
    Language.DE: GERMAN,
    Language.LB: LUXEMBOURGISH,
}
