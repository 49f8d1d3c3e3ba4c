"""The reasons in Luxembourgish; no word that could lose its n stands before a gap."""

from gateway.domain.rules.keys import POINT, STAMP
from gateway.presenters.phrases.plurals import Plural
from gateway.presenters.reason_phrases.reason_phrases import Earnings, Obstacles, ReasonPhrases

LUXEMBOURGISH = ReasonPhrases(
    obstacles=Obstacles(
        blocked="Dës Kaart ass gespaart.",
        over="De Programm ass eriwwer, an d’Zäit fir anzeléisen och.",
        ended="Net méi am Offer: {{ reward }}.",
        later="Eréischt méi spéit am Offer: {{ reward }}.",
        level="{{ reward }}: ab dem Niveau {{ level }}.",
        once="Eemol fir jiddereen: {{ reward }}.",
        so_often="{{ count }} Mol fir jiddereen: {{ reward }}.",
        sold_out="Ausverkaaft: {{ reward }}.",
        not_earned="Nach net verdéngt: {{ reward }}.",
        missing={
            POINT: Plural(
                "Nach {{ count }} Punkt bis: {{ reward }}.",
                "Nach {{ count }} Punkte bis: {{ reward }}.",
            ),
            STAMP: Plural(
                "Nach {{ count }} Stempel bis: {{ reward }}.",
                "Nach {{ count }} Stempele bis: {{ reward }}.",
            ),
        },
        missing_other="Nach {{ count }} bis: {{ reward }}.",
    ),
    earnings=Earnings(
        nothing="Näischt gesammelt",
        counted="Matgezielt",
        reasons={
            "amount_needed": "De Montant vum Akaf gouf net aginn.",
            "nothing_counts": "Näischt un dësem Akaf zielt.",
            "outside_hours": "Ëm dës Zäit gëtt net gesammelt.",
            "too_little": "Et war ze wéineg.",
            "carried": "Et zielt beim nächsten Akaf mat.",
            "capped": "De Maximum war erreecht.",
            "surplus_discarded": "D’Kaart ass voll.",
            "nothing_spent": "Et gouf näischt ausginn, wat zielt.",
            "period_over": "Den Zäitraum dofir ass eriwwer.",
            "threshold_ahead": "Et zielt fir déi nächst Belounung.",
            "visits_ahead": "Et zielt fir déi nächst Belounung.",
            "visit_counted": "D’Visitt vun dësem Dag ass scho gezielt.",
            "counts_towards_tier": "Et zielt fir Ären Niveau.",
            "nothing_for_tier": "Et zielt net fir Ären Niveau.",
        },
        below_minimum="Et zielt ab {{ amount }} Akaf.",
    ),
)
