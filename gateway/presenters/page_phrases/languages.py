"""The phrases of customers' pages by language."""

from collections.abc import Mapping

from gateway.domain.wording import Language
from gateway.presenters.page_phrases.de import GERMAN
from gateway.presenters.page_phrases.en import ENGLISH
from gateway.presenters.page_phrases.fr import FRENCH
from gateway.presenters.page_phrases.lb import LUXEMBOURGISH
from gateway.presenters.page_phrases.page_phrases import PagePhrases

PAGE_PHRASES: Mapping[Language, PagePhrases] = {
    Language.EN: ENGLISH,
    Language.FR: FRENCH,
    Language.DE: GERMAN,
    Language.LB: LUXEMBOURGISH,
}
