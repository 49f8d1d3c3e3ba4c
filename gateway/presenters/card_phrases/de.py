"""The phrases of cards in German."""

from gateway.domain.progress import Counts
from gateway.domain.rules.visits import Beat
from gateway.domain.rules.windows import Period
from gateway.presenters.card_phrases.card_phrases import (
    CardPhrases,
    Labels,
    Levels,
    Rules,
    Standing,
    Terms,
)
from gateway.presenters.phrases.plurals import Plural

_STAMPS_TO_GO = Plural("Noch {{ count }} Stempel.", "Noch {{ count }} Stempel.")

GERMAN = CardPhrases(
    labels=Labels(
        counted={
            Counts.STAMPS: "Stempel",
            Counts.PUNCHES: "Stempel",
            Counts.POINTS: "Punkte",
            Counts.MONEY: "Einkäufe",
            Counts.VISITS: "Besuche",
        },
        rewards="Prämien",
        reward="Prämie",
        next_reward="Nächste Prämie",
        ready="Bereit",
        level="Stufe",
        no_level="Noch keine",
        level_ends="{{ level }}, endet am {{ day }}",
        benefits="Ihre Vorteile: {{ level }}",
        news="So steht Ihre Karte",
        nothing_new="Im Moment nichts Neues.",
        how="So geht es",
        last_visit="Letzter Besuch",
        since="Mitglied seit",
        terms="Bedingungen",
        contact="Kontakt",
        also="Auch auf dieser Karte",
        held_back="Noch nicht einlösbar",
        handed_out="Wird ausgegeben",
        stamp_card="Stempelkarte: {{ merchant }}",
        loyalty_card="Kundenkarte: {{ merchant }}",
        logo="Logo: {{ merchant }}",
    ),
    standing=Standing(
        unusable="Diese Karte gilt nicht mehr. Bitte fragen Sie an der Kasse.",
        handed_out="Ihre Prämie wird gerade ausgegeben: {{ reward }}.",
        handed_out_any="Ihre Prämie wird gerade ausgegeben: Bitte zeigen Sie Ihre Karte.",
        full="Ihre Karte ist voll! Ihre Prämie ist bereit: {{ reward }}.",
        ready="Ihre Prämie ist bereit: {{ reward }}.",
        missing="Noch {{ missing }} bis zu Ihrer Prämie: {{ reward }}.",
        balance="Sie haben {{ balance }}.",
        spent="Bisher ausgegeben: {{ balance }}.",
        towards="Für die nächste: {{ balance }}.",
        prize="Noch {{ points }} bis zu: {{ prize }}.",
        enough="Genug für: {{ prize }}.",
        collect="Zeigen Sie Ihren Code, um Ihre Prämie zu bekommen.",
        to_go={
            Counts.STAMPS: _STAMPS_TO_GO,
            Counts.PUNCHES: _STAMPS_TO_GO,
            Counts.VISITS: Plural("Noch {{ count }} Besuch.", "Noch {{ count }} Besuche."),
        },
        to_go_money="Noch {{ amount }}.",
        beside={
            Counts.STAMPS: "von {{ target }} Stempeln",
            Counts.PUNCHES: "von {{ target }} Stempeln",
            Counts.POINTS: "Punkte",
            Counts.MONEY: "von {{ target }}",
            Counts.VISITS: "von {{ target }} Besuchen",
        },
    ),
    rules=Rules(
        show="Zeigen Sie diesen Code beim Bezahlen.",
        per_visit=Plural(
            "Jeder Besuch bringt einen Stempel", "Jeder Besuch bringt {{ count }} Stempel"
        ),
        per_item=Plural(
            "Jeder Artikel bringt einen Stempel", "Je {{ count }} Artikel bringen einen Stempel"
        ),
        per_amount="Für je {{ amount }} Einkauf gibt es einen Stempel",
        stamps="{{ earning }}; {{ count }} Stempel ergeben eine Prämie: {{ reward }}.",
        surplus="Stempel darüber hinaus zählen für die nächste.",
        punches=(
            "Jeder Einkauf bringt einen Stempel; {{ count }} Stempel ergeben eine Prämie: "
            "{{ reward }}."
        ),
        punches_from=(
            "Jeder Einkauf ab {{ amount }} bringt einen Stempel; {{ count }} Stempel ergeben eine "
            "Prämie: {{ reward }}."
        ),
        points="Für je {{ amount }} Einkauf gibt es {{ points }}.",
        spending={
            Period.MONTHLY: (
                "Für {{ amount }} Einkauf im Kalendermonat gibt es eine Prämie: {{ reward }}."
            ),
            Period.QUARTERLY: (
                "Für {{ amount }} Einkauf im Quartal gibt es eine Prämie: {{ reward }}."
            ),
            Period.YEARLY: (
                "Für {{ amount }} Einkauf im Kalenderjahr gibt es eine Prämie: {{ reward }}."
            ),
            Period.LIFETIME: "Für {{ amount }} Einkauf gibt es eine Prämie: {{ reward }}.",
        },
        visits=(
            "Für Besuche an {{ count }} Tagen innerhalb von {{ days }} Tagen gibt es eine Prämie: "
            "{{ reward }}."
        ),
        visits_in_a_row={
            Beat.DAY: (
                "Für Besuche an {{ count }} Tagen in Folge gibt es eine Prämie: {{ reward }}."
            ),
            Beat.WEEK: (
                "Für Besuche in {{ count }} Wochen in Folge gibt es eine Prämie: {{ reward }}."
            ),
            Beat.MONTH: (
                "Für Besuche in {{ count }} Monaten in Folge gibt es eine Prämie: {{ reward }}."
            ),
        },
        levels="Es gibt {{ count }} Stufen: {{ levels }}.",
    ),
    terms=Terms(
        minutes=Plural("{{ count }} Minute", "{{ count }} Minuten"),
        pause_stamps="Der nächste Stempel ist {{ minutes }} nach dem letzten möglich.",
        pause="Der nächste Besuch zählt {{ minutes }} nach dem letzten.",
        most_stamps="Höchstens {{ stamps }} am Tag.",
        most=Plural("Höchstens einmal am Tag.", "Höchstens {{ count }}-mal am Tag."),
        not_for_sale={
            counts: f"{what} können nicht verkauft, übertragen oder ausgezahlt werden."
            for counts, what in {
                Counts.STAMPS: "Stempel",
                Counts.PUNCHES: "Stempel",
                Counts.POINTS: "Punkte",
                Counts.MONEY: "Prämien",
                Counts.VISITS: "Besuche",
            }.items()
        },
    ),
    levels=Levels(
        missing="Noch {{ amount }}",
        missing_by="Noch {{ amount }} bis {{ day }}",
        keep="Noch {{ amount }}, um sie zu behalten",
        keep_by="Noch {{ amount }} bis {{ day }}, um sie zu behalten",
    ),
)
