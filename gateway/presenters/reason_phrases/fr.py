"""The reasons in French."""

from gateway.domain.rules.keys import POINT, STAMP
from gateway.presenters.phrases.plurals import Plural
from gateway.presenters.reason_phrases.reason_phrases import Earnings, Obstacles, ReasonPhrases

FRENCH = ReasonPhrases(
    obstacles=Obstacles(
        blocked="Cette carte est bloquée.",
        over="Le programme est terminé, et le délai pour utiliser la carte aussi.",
        ended="N’est plus proposé : {{ reward }}.",
        later="Bientôt proposé : {{ reward }}.",
        level="{{ reward }} : à partir du niveau {{ level }}.",
        once="Une fois par personne : {{ reward }}.",
        so_often="{{ count }} fois par personne : {{ reward }}.",
        sold_out="Épuisé : {{ reward }}.",
        not_earned="Pas encore obtenu : {{ reward }}.",
        missing={
            POINT: Plural(
                "Encore {{ count }} point pour : {{ reward }}.",
                "Encore {{ count }} points pour : {{ reward }}.",
            ),
            STAMP: Plural(
                "Encore {{ count }} tampon pour : {{ reward }}.",
                "Encore {{ count }} tampons pour : {{ reward }}.",
            ),
        },
        missing_other="Encore {{ count }} pour : {{ reward }}.",
    ),
    earnings=Earnings(
        nothing="Rien collecté",
        counted="Pris en compte",
        reasons={
            "amount_needed": "Le montant de l’achat n’a pas été saisi.",
            "nothing_counts": "Rien dans cet achat ne compte.",
            "outside_hours": "Rien n’est à collecter à cette heure.",
            "too_little": "Ce n’était pas assez.",
            "carried": "Cela compte avec le prochain achat.",
            "capped": "Le maximum était atteint.",
            "surplus_discarded": "La carte est complète.",
            "nothing_spent": "Aucune dépense qui compte.",
            "period_over": "La période concernée est terminée.",
            "threshold_ahead": "Cela compte pour la prochaine récompense.",
            "visits_ahead": "Cela compte pour la prochaine récompense.",
            "visit_counted": "La visite de ce jour a déjà été comptée.",
            "counts_towards_tier": "Cela compte pour votre niveau.",
            "nothing_for_tier": "Cela ne compte pas pour votre niveau.",
        },
        below_minimum="Compte à partir d’un achat de {{ amount }}.",
    ),
)
