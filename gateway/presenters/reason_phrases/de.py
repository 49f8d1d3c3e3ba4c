"""The reasons in German."""

from gateway.domain.rules.keys import POINT, STAMP
from gateway.presenters.phrases.plurals import Plural
from gateway.presenters.reason_phrases.reason_phrases import Earnings, Obstacles, ReasonPhrases

GERMAN = ReasonPhrases(
    obstacles=Obstacles(
        blocked="Diese Karte ist gesperrt.",
        over="Das Programm ist beendet, und die Zeit zum Einlösen ist vorbei.",
        ended="Nicht mehr im Angebot: {{ reward }}.",
        later="Erst später im Angebot: {{ reward }}.",
        level="{{ reward }}: ab der Stufe {{ level }}.",
        once="Einmal für jeden: {{ reward }}.",
        so_often="{{ count }}-mal für jeden: {{ reward }}.",
        sold_out="Ausverkauft: {{ reward }}.",
        not_earned="Noch nicht verdient: {{ reward }}.",
        missing={
            POINT: Plural(
                "Noch {{ count }} Punkt bis zu: {{ reward }}.",
                "Noch {{ count }} Punkte bis zu: {{ reward }}.",
            ),
            STAMP: Plural(
                "Noch {{ count }} Stempel bis zu: {{ reward }}.",
                "Noch {{ count }} Stempel bis zu: {{ reward }}.",
            ),
        },
        missing_other="Noch {{ count }} bis zu: {{ reward }}.",
    ),
    earnings=Earnings(
        nothing="Nichts gesammelt",
        counted="Mitgezählt",
        reasons={
            "amount_needed": "Der Betrag des Einkaufs wurde nicht eingegeben.",
            "nothing_counts": "Nichts an diesem Einkauf zählt.",
            "outside_hours": "Um diese Zeit wird nicht gesammelt.",
            "too_little": "Es war zu wenig.",
            "carried": "Es zählt beim nächsten Einkauf mit.",
            "capped": "Die Obergrenze war erreicht.",
            "surplus_discarded": "Die Karte ist voll.",
            "nothing_spent": "Es wurde nichts ausgegeben, das zählt.",
            "period_over": "Der Zeitraum dafür ist vorbei.",
            "threshold_ahead": "Es zählt für die nächste Prämie.",
            "visits_ahead": "Es zählt für die nächste Prämie.",
            "visit_counted": "Der Besuch dieses Tages ist schon gezählt.",
            "counts_towards_tier": "Es zählt für Ihre Stufe.",
            "nothing_for_tier": "Es zählt nicht für Ihre Stufe.",
        },
        below_minimum="Es zählt ab einem Einkauf von {{ amount }}.",
    ),
)
