"""Our own words for every event, way and language: what is sent where a merchant wrote nothing."""

from collections.abc import Mapping

from gateway.domain.consents import Medium
from gateway.domain.wording import Language, MessageEvent, Wording
from gateway.presenters.wordings.de import GERMAN
from gateway.presenters.wordings.en import ENGLISH
from gateway.presenters.wordings.event_wordings import EventWordings
from gateway.presenters.wordings.fr import FRENCH
from gateway.presenters.wordings.lb import LUXEMBOURGISH

_WORDINGS: Mapping[Language, Mapping[MessageEvent, EventWordings]] = {
    Language.EN: ENGLISH,
    Language.FR: FRENCH,
    Language.DE: GERMAN,
    Language.LB: LUXEMBOURGISH,
}


def default_wording(event: MessageEvent, medium: Medium, language: Language) -> Wording:
    """Return our words; for a campaign, something to begin with."""
    return _WORDINGS[language][event].by(medium)
