"""Our words in Luxembourgish.

An ë costs an SMS more than half of its letters, so ours do without.
"""

from collections.abc import Mapping

from gateway.domain.wording import MessageEvent
from gateway.presenters.wordings.event_wordings import EventWordings

LUXEMBOURGISH: Mapping[MessageEvent, EventWordings] = {
    MessageEvent.WELCOME: EventWordings(
        subject="Är Kaart bei {{ merchant }} ass prett",
        mail="""
Wëllkomm, a merci datt Dir bei {{ program }} matmaacht!

Weist Är Kaart bei all Besuch vir: {{ merchant }} freet sech op Iech. \
{{ outlook }}

Bis geschwënn
{{ merchant }}
""",
        sms="{{ merchant }}: Moien! Hei ass Är Kaart: {{ card_link }}",
        wallet="Wëllkomm! Weist dës Kaart bei all Besuch vir.",
    ),
    MessageEvent.STAMP: EventWordings(
        subject="{{ balance }} bei {{ merchant }}",
        mail="""
Merci fir Äre Besuch!

Stand vun Ärer Kaart: {{ balance }}. {{ outlook }}

Bis geschwënn
{{ merchant }}
""",
        sms="{{ merchant }}: Merci fir Äre Besuch! Är Kaart: {{ balance }}. {{ outlook }}",
        wallet="Är Kaart: {{ balance }}. {{ outlook }}",
    ),
    MessageEvent.REWARD_EARNED: EventWordings(
        subject="Är Belounung ass prett: {{ reward }}",
        mail="""
Bravo, Dir hutt eng Belounung!

Si waart bei {{ merchant }} op Iech: {{ reward }}. \
Weist beim nächste Besuch einfach Är Kaart un der Keess vir.

Prett fir ofzehuelen: {{ rewards_ready }}.

Bis geschwënn
{{ merchant }}
""",
        sms=(
            "{{ merchant }}: Bravo! Är Belounung waart op Iech: {{ reward }}. "
            "Weist einfach Är Kaart un der Keess vir."
        ),
        wallet="Bravo! Är Belounung waart op Iech: {{ reward }}.",
    ),
    MessageEvent.REDEEMED: EventWordings(
        subject="Vill Freed mat Ärer Belounung: {{ reward }}",
        mail="""
Dir hutt grad bei {{ merchant }} Är Belounung ageléist: {{ reward }}. Vill Freed domat!

An et geet scho weider. Stand vun Ärer Kaart: {{ balance }}.

Waart Dir dat net? Da sot eis w.e.g. un der Keess Bescheed.

Bis geschwënn
{{ merchant }}
""",
        sms=(
            "{{ merchant }}: Dir hutt Är Belounung ageléist: {{ reward }}. Vill Freed domat! "
            "Waart Dir dat net? Sot eis w.e.g. Bescheed."
        ),
        wallet="Vill Freed mat Ärer Belounung: {{ reward }}. Är Kaart: {{ balance }}.",
    ),
    MessageEvent.EXPIRING: EventWordings(
        subject="{{ merchant }}: valabel bis {{ expires_on }}",
        mail="""
Eng kleng Erënnerung: Vun deem, wat Dir mat {{ program }} gesammelt hutt, ass nach valabel bis \
{{ expires_on }}: {{ expiring }}.

Kommt bis dohi laanscht, mir freeën eis op Iech.

Bis geschwënn
{{ merchant }}
""",
        sms=(
            "{{ merchant }}: Denkt un Är Kaart! Valabel bis {{ expires_on }}: {{ expiring }}. "
            "Bis dohin!"
        ),
        wallet="Valabel bis {{ expires_on }}: {{ expiring }}.",
    ),
    MessageEvent.TIER_CHANGE: EventWordings(
        subject="Äre Statut bei {{ merchant }}: {{ tier }}",
        mail="""
Äre Statut bei {{ program }} huet sech geännert. En ass elo {{ tier }}.

Op Ärer Kaart steet e schonn. Merci fir Är Trei!

Bis geschwënn
{{ merchant }}
""",
        sms="{{ merchant }}: Äre Statut bei {{ program }} ass elo {{ tier }}. Merci fir Är Trei!",
        wallet="Äre Statut ass elo {{ tier }}.",
    ),
    MessageEvent.TIER_NOTICE: EventWordings(
        subject="{{ merchant }}: Äre Statut {{ tier }} hält um {{ moves_on }} op",
        mail="""
Äre Statut bei {{ program }} ass {{ tier }}. Wéi et elo steet, hält en um {{ moves_on }} op.

Nach kënnt Dir e behalen: Op Ärer Kaart steet, wat feelt. Kommt bis dohi laanscht!

Bis geschwënn
{{ merchant }}
""",
        sms=(
            "{{ merchant }}: Äre Statut {{ tier }} hält um {{ moves_on }} op. "
            "Kommt laanscht, da behaalt Dir en!"
        ),
        wallet="Wéi et elo steet, hält Äre Statut {{ tier }} um {{ moves_on }} op.",
    ),
    MessageEvent.PROGRAM_ENDED: EventWordings(
        subject="{{ program }} ass eriwwer: nach valabel bis {{ until }}",
        mail="""
{{ program }} bei {{ merchant }} ass eriwwer: domat gëtt näischt méi gesammelt.

Wat Dir hutt, ass net verluer. Dir kënnt et bis {{ until }} aléisen. Op Ärer Kaart: \
{{ balance }}. Do steet och, wat Dir nach dofir kritt.

Merci fir Är Trei
{{ merchant }}
""",
        sms=(
            "{{ merchant }}: {{ program }} ass eriwwer. Op Ärer Kaart, nach valabel bis "
            "{{ until }}: {{ balance }}."
        ),
        wallet="{{ program }} ass eriwwer. Är Beloununge gëllen nach bis {{ until }}.",
    ),
    MessageEvent.CAMPAIGN: EventWordings(
        subject="Neies bei {{ merchant }}",
        mail="""
Moien,

bei {{ merchant }} gëtt et eppes Neies. Kommt laanscht, mir freeën eis op Iech!

Bis geschwënn
{{ merchant }}
""",
        sms="{{ merchant }}: Mir hunn Neies fir Iech. Kommt laanscht!",
        wallet="Bei {{ merchant }} gëtt et eppes Neies. Kommt laanscht!",
    ),
}
