"""The phrases of cards in French."""

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

_STAMPS_TO_GO = Plural("Encore {{ count }} tampon.", "Encore {{ count }} tampons.")

FRENCH = CardPhrases(
    labels=Labels(
        counted={
            Counts.STAMPS: "Tampons",
            Counts.PUNCHES: "Tampons",
            Counts.POINTS: "Points",
            Counts.MONEY: "Dépensé",
            Counts.VISITS: "Visites",
        },
        rewards="Cadeaux",
        reward="Récompense",
        next_reward="Prochaine récompense",
        ready="Prêt",
        level="Niveau",
        no_level="Aucun encore",
        level_ends="{{ level }}, prend fin le {{ day }}",
        benefits="Vos avantages : {{ level }}",
        news="Où en est votre carte",
        nothing_new="Rien de nouveau pour le moment.",
        how="Comment ça marche",
        last_visit="Dernière visite",
        since="Membre depuis",
        terms="Conditions",
        contact="Nous contacter",
        also="Aussi sur cette carte",
        held_back="Pas encore utilisable",
        handed_out="Remise en cours",
        stamp_card="Carte à tampons : {{ merchant }}",
        loyalty_card="Carte de fidélité : {{ merchant }}",
        logo="Logo : {{ merchant }}",
    ),
    standing=Standing(
        unusable="Cette carte n’est plus utilisable. Adressez-vous à la caisse.",
        handed_out="Votre récompense vous est remise : {{ reward }}.",
        handed_out_any="Votre récompense vous est remise : montrez votre carte.",
        full="Votre carte est complète ! Votre récompense est prête : {{ reward }}.",
        ready="Votre récompense est prête : {{ reward }}.",
        missing="Encore {{ missing }} avant votre récompense : {{ reward }}.",
        balance="Vous avez {{ balance }}.",
        spent="Vous avez dépensé {{ balance }}.",
        towards="Pour la suivante : {{ balance }}.",
        prize="Encore {{ points }} pour : {{ prize }}.",
        enough="Assez pour : {{ prize }}.",
        collect="Montrez votre code pour recevoir votre récompense.",
        to_go={
            Counts.STAMPS: _STAMPS_TO_GO,
            Counts.PUNCHES: _STAMPS_TO_GO,
            Counts.VISITS: Plural("Encore {{ count }} visite.", "Encore {{ count }} visites."),
        },
        to_go_money="Encore {{ amount }}.",
        beside={
            Counts.STAMPS: "tampons sur {{ target }}",
            Counts.PUNCHES: "tampons sur {{ target }}",
            Counts.POINTS: "points",
            Counts.MONEY: "sur {{ target }}",
            Counts.VISITS: "sur {{ target }} visites",
        },
    ),
    rules=Rules(
        show="Montrez ce code au moment de payer.",
        per_visit=Plural(
            "Chaque visite donne un tampon", "Chaque visite donne {{ count }} tampons"
        ),
        per_item=Plural(
            "Chaque article donne un tampon", "{{ count }} articles donnent un tampon"
        ),
        per_amount="Chaque tranche de {{ amount }} dépensée donne un tampon",
        stamps="{{ earning }} ; {{ count }} tampons donnent une récompense : {{ reward }}.",
        surplus="Les tampons en plus comptent pour la suivante.",
        punches=(
            "Chaque achat donne un tampon ; {{ count }} tampons donnent une récompense : "
            "{{ reward }}."
        ),
        punches_from=(
            "Chaque achat d’au moins {{ amount }} donne un tampon ; {{ count }} tampons donnent "
            "une récompense : {{ reward }}."
        ),
        points="Chaque tranche de {{ amount }} dépensée donne {{ points }}.",
        spending={
            Period.MONTHLY: (
                "{{ amount }} dépensés en un mois civil donnent une récompense : {{ reward }}."
            ),
            Period.QUARTERLY: (
                "{{ amount }} dépensés en un trimestre donnent une récompense : {{ reward }}."
            ),
            Period.YEARLY: (
                "{{ amount }} dépensés en une année civile donnent une récompense : {{ reward }}."
            ),
            Period.LIFETIME: "{{ amount }} dépensés donnent une récompense : {{ reward }}.",
        },
        visits=(
            "Des visites sur {{ count }} jours, en l’espace de {{ days }} jours, donnent une "
            "récompense : {{ reward }}."
        ),
        visits_in_a_row={
            Beat.DAY: (
                "Une visite par jour, {{ count }} jours de suite, donne une récompense : "
                "{{ reward }}."
            ),
            Beat.WEEK: (
                "Une visite par semaine, {{ count }} semaines de suite, donne une récompense : "
                "{{ reward }}."
            ),
            Beat.MONTH: (
                "Une visite par mois, {{ count }} mois de suite, donne une récompense : "
                "{{ reward }}."
            ),
        },
        levels="Il y a {{ count }} niveaux : {{ levels }}.",
    ),
    terms=Terms(
        minutes=Plural("{{ count }} minute", "{{ count }} minutes"),
        pause_stamps="Le prochain tampon est possible {{ minutes }} après le dernier.",
        pause="La prochaine visite compte {{ minutes }} après la dernière.",
        most_stamps="Au plus {{ stamps }} par jour.",
        most=Plural("Au plus une fois par jour.", "Au plus {{ count }} fois par jour."),
        not_for_sale={
            counts: f"{what} ne peuvent être ni vendus, ni cédés, ni payés en argent."
            for counts, what in {
                Counts.STAMPS: "Les tampons",
                Counts.PUNCHES: "Les tampons",
                Counts.POINTS: "Les points",
                Counts.MONEY: "Les cadeaux",
                Counts.VISITS: "Les avantages",
            }.items()
        },
    ),
    levels=Levels(
        missing="Encore {{ amount }}",
        missing_by="Encore {{ amount }} d’ici le {{ day }}",
        keep="Encore {{ amount }} pour le garder",
        keep_by="Encore {{ amount }} d’ici le {{ day }} pour le garder",
    ),
)
