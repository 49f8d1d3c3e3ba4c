"""Our words in French."""

from collections.abc import Mapping

from gateway.domain.wording import MessageEvent
from gateway.presenters.wordings.event_wordings import EventWordings

FRENCH: Mapping[MessageEvent, EventWordings] = {
    MessageEvent.WELCOME: EventWordings(
        subject="Votre carte chez {{ merchant }} est prête",
        mail="""
Bienvenue, et merci d’avoir rejoint {{ program }} !

Présentez votre carte à chaque visite chez {{ merchant }}. {{ outlook }}

À bientôt,
{{ merchant }}
""",
        sms="{{ merchant }} : bienvenue ! Voici votre carte : {{ card_link }}",
        wallet="Bienvenue ! Présentez cette carte à chaque visite.",
    ),
    MessageEvent.STAMP: EventWordings(
        subject="Votre carte chez {{ merchant }} : {{ balance }}",
        mail="""
Merci de votre visite !

Votre carte en est à {{ balance }}. {{ outlook }}

À bientôt,
{{ merchant }}
""",
        sms="{{ merchant }} : merci de votre visite ! Votre carte : {{ balance }}. {{ outlook }}",
        wallet="Votre carte : {{ balance }}. {{ outlook }}",
    ),
    MessageEvent.REWARD_EARNED: EventWordings(
        subject="Votre récompense vous attend : {{ reward }}",
        mail="""
Bravo, vous avez gagné une récompense !

Elle vous attend chez {{ merchant }} : {{ reward }}. \
Il suffit de présenter votre carte au comptoir lors de votre prochaine visite.

À retirer : {{ rewards_ready }}.

À bientôt,
{{ merchant }}
""",
        sms=(
            "{{ merchant }} : votre récompense vous attend : {{ reward }}. "
            "Il suffit de présenter votre carte au comptoir."
        ),
        wallet="Bravo ! Votre récompense vous attend : {{ reward }}.",
    ),
    MessageEvent.REDEEMED: EventWordings(
        subject="Profitez bien de votre récompense : {{ reward }}",
        mail="""
Vous venez de retirer votre récompense chez {{ merchant }} : {{ reward }}. Profitez-en bien !

La prochaine est déjà en route : votre carte en est à {{ balance }}.

Ce n’était pas vous ? Merci de nous le dire au comptoir.

À bientôt,
{{ merchant }}
""",
        sms=(
            "{{ merchant }} : vous avez retiré votre récompense : {{ reward }}. "
            "Profitez-en bien ! Si ce n'était pas vous, dites-le-nous."
        ),
        wallet="Profitez bien de votre récompense : {{ reward }}. Votre carte : {{ balance }}.",
    ),
    MessageEvent.EXPIRING: EventWordings(
        subject="{{ merchant }} : valable jusqu’au {{ expires_on }}",
        mail="""
Petit rappel : de ce que vous avez collecté avec {{ program }}, {{ expiring }} à utiliser \
jusqu’au {{ expires_on }}.

Passez nous voir d’ici là, nous serons ravis de vous accueillir.

À bientôt,
{{ merchant }}
""",
        sms=(
            "{{ merchant }} : petit rappel. Sur votre carte, {{ expiring }} à utiliser jusqu'au "
            "{{ expires_on }}. Au plaisir de vous revoir !"
        ),
        wallet="À utiliser jusqu’au {{ expires_on }} : {{ expiring }}.",
    ),
    MessageEvent.TIER_CHANGE: EventWordings(
        subject="Votre statut chez {{ merchant }} : {{ tier }}",
        mail="""
Votre statut dans {{ program }} a changé. Le voici désormais : {{ tier }}.

Votre carte l’affiche déjà. Merci de votre fidélité !

À bientôt,
{{ merchant }}
""",
        sms=(
            "{{ merchant }} : votre nouveau statut dans {{ program }} : {{ tier }}. "
            "Merci de votre fidélité !"
        ),
        wallet="Votre nouveau statut : {{ tier }}.",
    ),
    MessageEvent.TIER_NOTICE: EventWordings(
        subject="{{ merchant }} : votre statut {{ tier }} prend fin le {{ moves_on }}",
        mail="""
Votre statut dans {{ program }} : {{ tier }}. À ce jour, il prend fin le {{ moves_on }}.

Il est encore temps de le garder : votre carte indique ce qu’il manque. Passez nous voir d’ici là !

À bientôt,
{{ merchant }}
""",
        sms=(
            "{{ merchant }} : votre statut {{ tier }} prend fin le {{ moves_on }}. "
            "Passez nous voir pour le garder !"
        ),
        wallet="À ce jour, votre statut {{ tier }} prend fin le {{ moves_on }}.",
    ),
    MessageEvent.PROGRAM_ENDED: EventWordings(
        subject="Fin du programme {{ program }} : à utiliser jusqu’au {{ until }}",
        mail="""
Le programme {{ program }} chez {{ merchant }} est terminé : il n’y a plus rien à collecter.

Rien n’est perdu : ce que vous avez reste à utiliser jusqu’au {{ until }}. Sur votre carte : \
{{ balance }}. Elle indique aussi ce que vous pouvez encore obtenir.

Merci de votre fidélité,
{{ merchant }}
""",
        sms=(
            "{{ merchant }} : le programme {{ program }} est terminé. Sur votre carte, à utiliser "
            "jusqu'au {{ until }} : {{ balance }}."
        ),
        wallet="{{ program }} : programme terminé. Récompenses à utiliser jusqu’au {{ until }}.",
    ),
    MessageEvent.CAMPAIGN: EventWordings(
        subject="Des nouvelles de {{ merchant }}",
        mail="""
Bonjour,

Il y a du nouveau chez {{ merchant }}. Passez nous voir, nous serons ravis de vous accueillir !

À bientôt,
{{ merchant }}
""",
        sms="{{ merchant }} : il y a du nouveau. Passez nous voir !",
        wallet="Il y a du nouveau chez {{ merchant }}. Passez nous voir !",
    ),
}
