"""The phrases of cards in Luxembourgish; no word that could lose its n stands before a gap."""

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

_STAMPS_TO_GO = Plural("Nach {{ count }} Stempel.", "Nach {{ count }} Stempelen.")

LUXEMBOURGISH = CardPhrases(
    labels=Labels(
        counted={
            Counts.STAMPS: "Stempelen",
            Counts.PUNCHES: "Stempelen",
            Counts.POINTS: "Punkten",
            Counts.MONEY: "Akeef",
            Counts.VISITS: "Visitten",
        },
        rewards="Kaddoen",
        reward="Belounung",
        next_reward="Nächst Belounung",
        ready="Prett",
        level="Niveau",
        no_level="Nach keen",
        level_ends="{{ level }}, hält um {{ day }} op",
        benefits="Är Virdeeler: {{ level }}",
        news="Sou steet Är Kaart",
        nothing_new="Am Moment näischt Neies.",
        how="Sou geet et",
        last_visit="Lescht Visitt",
        since="Member zënter",
        terms="Konditiounen",
        contact="Kontakt",
        also="Och op dëser Kaart",
        held_back="Nach net ze benotzen",
        handed_out="Gëtt erausginn",
        stamp_card="Stempelkaart: {{ merchant }}",
        loyalty_card="Clientskaart: {{ merchant }}",
        logo="Logo: {{ merchant }}",
    ),
    standing=Standing(
        unusable="Dës Kaart gëllt net méi. Frot w.e.g. un der Keess.",
        handed_out="Är Belounung gëtt grad erausginn: {{ reward }}.",
        handed_out_any="Är Belounung gëtt grad erausginn: weist w.e.g. Är Kaart.",
        full="Är Kaart ass voll! Är Belounung ass prett: {{ reward }}.",
        ready="Är Belounung ass prett: {{ reward }}.",
        missing="Nach {{ missing }} bis zu Ärer Belounung: {{ reward }}.",
        balance="Dir hutt {{ balance }}.",
        spent="Bis elo ausginn: {{ balance }}.",
        towards="Fir déi nächst: {{ balance }}.",
        prize="Nach {{ points }} bis: {{ prize }}.",
        enough="Genuch fir: {{ prize }}.",
        collect="Weist Äre Code, fir Är Belounung ze kréien.",
        to_go={
            Counts.STAMPS: _STAMPS_TO_GO,
            Counts.PUNCHES: _STAMPS_TO_GO,
            Counts.VISITS: Plural("Nach {{ count }} Visitt.", "Nach {{ count }} Visitten."),
        },
        to_go_money="Nach {{ amount }}.",
        beside={
            Counts.STAMPS: "/ {{ target }} Stempelen",
            Counts.PUNCHES: "/ {{ target }} Stempelen",
            Counts.POINTS: "Punkten",
            Counts.MONEY: "/ {{ target }}",
            Counts.VISITS: "/ {{ target }} Visitten",
        },
    ),
    rules=Rules(
        show="Weist dëse Code beim Bezuelen.",
        per_visit=Plural(
            "All Visitt bréngt ee Stempel", "All Visitt bréngt {{ count }} Stempelen"
        ),
        per_item=Plural(
            "All Artikel bréngt ee Stempel", "{{ count }} Artikele bréngen ee Stempel"
        ),
        per_amount="Fir all {{ amount }} Akaf gëtt et ee Stempel",
        stamps="{{ earning }}; {{ count }} Stempele ginn eng Belounung: {{ reward }}.",
        surplus="Wat méi ass, zielt fir déi nächst.",
        punches=(
            "All Akaf bréngt ee Stempel; {{ count }} Stempele ginn eng Belounung: {{ reward }}."
        ),
        punches_from=(
            "All Akaf ab {{ amount }} bréngt ee Stempel; {{ count }} Stempele ginn eng "
            "Belounung: {{ reward }}."
        ),
        points="Fir all {{ amount }} Akaf gëtt et {{ points }}.",
        spending={
            Period.MONTHLY: (
                "Fir {{ amount }} Akaf an engem Kalennermount gëtt et eng Belounung: {{ reward }}."
            ),
            Period.QUARTERLY: (
                "Fir {{ amount }} Akaf an engem Trimester gëtt et eng Belounung: {{ reward }}."
            ),
            Period.YEARLY: (
                "Fir {{ amount }} Akaf an engem Kalennerjoer gëtt et eng Belounung: {{ reward }}."
            ),
            Period.LIFETIME: "Fir {{ amount }} Akaf gëtt et eng Belounung: {{ reward }}.",
        },
        visits=(
            "Fir Visitten op {{ count }} Deeg bannent {{ days }} Deeg gëtt et eng Belounung: "
            "{{ reward }}."
        ),
        visits_in_a_row={
            Beat.DAY: (
                "Eng Visitt den Dag, {{ count }} Deeg hannerteneen, an Dir kritt eng Belounung: "
                "{{ reward }}."
            ),
            Beat.WEEK: (
                "Eng Visitt d’Woch, {{ count }} Wochen hannerteneen, an Dir kritt eng Belounung: "
                "{{ reward }}."
            ),
            Beat.MONTH: (
                "Eng Visitt de Mount, {{ count }} Méint hannerteneen, an Dir kritt eng Belounung: "
                "{{ reward }}."
            ),
        },
        levels="Et gëtt {{ count }} Niveauen: {{ levels }}.",
    ),
    terms=Terms(
        minutes=Plural("{{ count }} Minutt", "{{ count }} Minutten"),
        pause_stamps="Den nächste Stempel gëtt et {{ minutes }} nom leschten.",
        pause="Déi nächst Visitt zielt {{ minutes }} no der leschter.",
        most_stamps="Héchstens {{ stamps }} den Dag.",
        most=Plural("Héchstens eemol den Dag.", "Héchstens {{ count }} Mol den Dag."),
        not_for_sale={
            counts: f"{what} däerfen net verkaaft, weiderginn oder ausbezuelt ginn."
            for counts, what in {
                Counts.STAMPS: "Stempelen",
                Counts.PUNCHES: "Stempelen",
                Counts.POINTS: "Punkten",
                Counts.MONEY: "Belounungen",
                Counts.VISITS: "Visitten",
            }.items()
        },
    ),
    levels=Levels(
        missing="Nach {{ amount }}",
        missing_by="Nach {{ amount }} bis {{ day }}",
        keep="Nach {{ amount }}, fir en ze halen",
        keep_by="Nach {{ amount }} bis {{ day }}, fir en ze halen",
    ),
)
