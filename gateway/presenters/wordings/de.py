"""Our words in German."""

from collections.abc import Mapping

from gateway.domain.wording import MessageEvent
from gateway.presenters.wordings.event_wordings import EventWordings

GERMAN: Mapping[MessageEvent, EventWordings] = {
    MessageEvent.WELCOME: EventWordings(
        subject="Ihre Karte bei {{ merchant }} ist da",
        mail="""
Willkommen, und danke, dass Sie bei {{ program }} dabei sind!

Zeigen Sie Ihre Karte bei jedem Besuch: {{ merchant }} freut sich auf Sie. \
{{ outlook }}

Bis bald
{{ merchant }}
""",
        sms="{{ merchant }}: Willkommen! Hier ist Ihre Karte: {{ card_link }}",
        wallet="Willkommen! Zeigen Sie diese Karte bei jedem Besuch.",
    ),
    MessageEvent.STAMP: EventWordings(
        subject="{{ balance }} bei {{ merchant }}",
        mail="""
Danke für Ihren Besuch!

Stand Ihrer Karte: {{ balance }}. {{ outlook }}

Bis bald
{{ merchant }}
""",
        sms="{{ merchant }}: Danke für Ihren Besuch! Ihre Karte: {{ balance }}. {{ outlook }}",
        wallet="Ihre Karte: {{ balance }}. {{ outlook }}",
    ),
    MessageEvent.REWARD_EARNED: EventWordings(
        subject="Ihre Prämie wartet: {{ reward }}",
        mail="""
Glückwunsch, Sie haben eine Prämie!

Sie wartet bei {{ merchant }} auf Sie: {{ reward }}. \
Zeigen Sie beim nächsten Besuch einfach Ihre Karte an der Theke.

Zum Abholen bereit: {{ rewards_ready }}.

Bis bald
{{ merchant }}
""",
        sms=(
            "{{ merchant }}: Glückwunsch! Ihre Prämie wartet auf Sie: {{ reward }}. "
            "Zeigen Sie einfach Ihre Karte an der Theke."
        ),
        wallet="Glückwunsch! Ihre Prämie wartet auf Sie: {{ reward }}.",
    ),
    MessageEvent.REDEEMED: EventWordings(
        subject="Viel Freude mit Ihrer Prämie: {{ reward }}",
        mail="""
Sie haben gerade bei {{ merchant }} Ihre Prämie eingelöst: {{ reward }}. Viel Freude damit!

Und es geht schon weiter. Stand Ihrer Karte: {{ balance }}.

Das waren nicht Sie? Dann sagen Sie uns bitte an der Theke Bescheid.

Bis bald
{{ merchant }}
""",
        sms=(
            "{{ merchant }}: Sie haben Ihre Prämie eingelöst: {{ reward }}. Viel Freude damit! "
            "Das waren nicht Sie? Bitte sagen Sie es uns."
        ),
        wallet="Viel Freude mit Ihrer Prämie: {{ reward }}. Ihre Karte: {{ balance }}.",
    ),
    MessageEvent.EXPIRING: EventWordings(
        subject="{{ merchant }}: gültig bis {{ expires_on }}",
        mail="""
Eine kleine Erinnerung: Von dem, was Sie mit {{ program }} gesammelt haben, gilt noch bis \
{{ expires_on }}: {{ expiring }}.

Kommen Sie bis dahin vorbei, wir freuen uns auf Sie.

Bis bald
{{ merchant }}
""",
        sms=(
            "{{ merchant }}: Eine kleine Erinnerung. Auf Ihrer Karte gilt bis {{ expires_on }}: "
            "{{ expiring }}. Wir freuen uns auf Sie!"
        ),
        wallet="Gültig bis {{ expires_on }}: {{ expiring }}.",
    ),
    MessageEvent.TIER_CHANGE: EventWordings(
        subject="Ihr Status bei {{ merchant }}: {{ tier }}",
        mail="""
Ihr Status bei {{ program }} hat sich geändert. Er ist jetzt {{ tier }}.

Auf Ihrer Karte steht er schon. Danke für Ihre Treue!

Bis bald
{{ merchant }}
""",
        sms=(
            "{{ merchant }}: Ihr Status bei {{ program }} ist jetzt {{ tier }}. "
            "Danke für Ihre Treue!"
        ),
        wallet="Ihr Status ist jetzt {{ tier }}.",
    ),
    MessageEvent.TIER_NOTICE: EventWordings(
        subject="{{ merchant }}: Ihr Status {{ tier }} endet am {{ moves_on }}",
        mail="""
Ihr Status bei {{ program }} ist {{ tier }}. Nach heutigem Stand endet er am {{ moves_on }}.

Noch können Sie ihn behalten: Auf Ihrer Karte steht, was fehlt. Kommen Sie bis dahin vorbei!

Bis bald
{{ merchant }}
""",
        sms=(
            "{{ merchant }}: Nach heutigem Stand endet Ihr Status {{ tier }} am {{ moves_on }}. "
            "Kommen Sie vorbei und behalten Sie ihn!"
        ),
        wallet="Nach heutigem Stand endet Ihr Status {{ tier }} am {{ moves_on }}.",
    ),
    MessageEvent.PROGRAM_ENDED: EventWordings(
        subject="{{ program }} ist beendet: einlösbar bis {{ until }}",
        mail="""
{{ program }} bei {{ merchant }} ist beendet: Damit wird nichts mehr gesammelt.

Was Sie haben, ist nicht verloren. Sie können es bis {{ until }} einlösen. Auf Ihrer Karte: \
{{ balance }}. Dort steht auch, was Sie dafür noch bekommen.

Danke für Ihre Treue
{{ merchant }}
""",
        sms=(
            "{{ merchant }}: {{ program }} ist beendet. Was auf Ihrer Karte ist, gilt noch bis "
            "{{ until }}: {{ balance }}."
        ),
        wallet="{{ program }} ist beendet. Ihre Prämien gelten noch bis {{ until }}.",
    ),
    MessageEvent.CAMPAIGN: EventWordings(
        subject="Neues von {{ merchant }}",
        mail="""
Guten Tag,

es gibt Neues bei {{ merchant }}. Kommen Sie vorbei, wir freuen uns auf Sie!

Bis bald
{{ merchant }}
""",
        sms="{{ merchant }}: Es gibt Neues. Kommen Sie vorbei, wir freuen uns auf Sie!",
        wallet="Es gibt Neues bei {{ merchant }}. Wir freuen uns auf Sie!",
    ),
}
