"""The phrases of cards in English."""

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

ENGLISH = CardPhrases(
    labels=Labels(
        counted={
            Counts.STAMPS: "Stamps",
            Counts.PUNCHES: "Punches",
            Counts.POINTS: "Points",
            Counts.MONEY: "Spent",
            Counts.VISITS: "Visits",
        },
        rewards="Rewards",
        reward="Reward",
        next_reward="Next reward",
        ready="Ready",
        level="Level",
        no_level="None yet",
        level_ends="{{ level }}, ends on {{ day }}",
        benefits="Your benefits: {{ level }}",
        news="How your card stands",
        nothing_new="Nothing new at the moment.",
        how="How it works",
        last_visit="Last visit",
        since="Member since",
        terms="Terms",
        contact="Contact",
        also="Also on this card",
        held_back="Not to be spent yet",
        handed_out="Being handed out",
        stamp_card="Stamp card of {{ merchant }}",
        loyalty_card="Loyalty card of {{ merchant }}",
        logo="Logo of {{ merchant }}",
    ),
    standing=Standing(
        unusable="This card can no longer be used. Please ask at the counter.",
        handed_out="Your reward is being handed out: {{ reward }}.",
        handed_out_any="Your reward is being handed out: please show your card.",
        full="Your card is full! Your reward is ready: {{ reward }}.",
        ready="Your reward is ready: {{ reward }}.",
        missing="{{ missing }} more for your reward: {{ reward }}.",
        balance="You have {{ balance }}.",
        spent="You have spent {{ balance }}.",
        towards="{{ balance }} towards the next.",
        prize="{{ points }} more for: {{ prize }}.",
        enough="Enough for: {{ prize }}.",
        collect="Show your code to collect your reward.",
        to_go={
            Counts.STAMPS: Plural(
                "{{ count }} more stamp to go.", "{{ count }} more stamps to go."
            ),
            Counts.PUNCHES: Plural(
                "{{ count }} more punch to go.", "{{ count }} more punches to go."
            ),
            Counts.VISITS: Plural(
                "{{ count }} more visit to go.", "{{ count }} more visits to go."
            ),
        },
        to_go_money="{{ amount }} more to go.",
        beside={
            Counts.STAMPS: "of {{ target }} stamps",
            Counts.PUNCHES: "of {{ target }} punches",
            Counts.POINTS: "points",
            Counts.MONEY: "of {{ target }}",
            Counts.VISITS: "of {{ target }} visits",
        },
    ),
    rules=Rules(
        show="Show this code when you pay.",
        per_visit=Plural("Each visit gives one stamp", "Each visit gives {{ count }} stamps"),
        per_item=Plural("Each item gives one stamp", "{{ count }} items give one stamp"),
        per_amount="Each {{ amount }} spent give one stamp",
        stamps="{{ earning }}; {{ count }} stamps make one reward: {{ reward }}.",
        surplus="Stamps beyond that count towards the next.",
        punches=(
            "Each purchase gives one punch; {{ count }} punches make one reward: {{ reward }}."
        ),
        punches_from=(
            "Each purchase of at least {{ amount }} gives one punch; {{ count }} punches make one "
            "reward: {{ reward }}."
        ),
        points="Each {{ amount }} spent gives {{ points }}.",
        spending={
            Period.MONTHLY: (
                "{{ amount }} spent in a calendar month make one reward: {{ reward }}."
            ),
            Period.QUARTERLY: "{{ amount }} spent in a quarter make one reward: {{ reward }}.",
            Period.YEARLY: "{{ amount }} spent in a calendar year make one reward: {{ reward }}.",
            Period.LIFETIME: "{{ amount }} spent make one reward: {{ reward }}.",
        },
        visits=(
            "Visits on {{ count }} days within {{ days }} days make one reward: {{ reward }}."
        ),
        visits_in_a_row={
            Beat.DAY: "Visits in {{ count }} days in a row make one reward: {{ reward }}.",
            Beat.WEEK: "Visits in {{ count }} weeks in a row make one reward: {{ reward }}.",
            Beat.MONTH: "Visits in {{ count }} months in a row make one reward: {{ reward }}.",
        },
        levels="There are {{ count }} levels: {{ levels }}.",
    ),
    terms=Terms(
        minutes=Plural("{{ count }} minute", "{{ count }} minutes"),
        pause_stamps="The next stamp is possible {{ minutes }} after the last.",
        pause="The next visit that counts is possible {{ minutes }} after the last.",
        most_stamps="At most {{ stamps }} a day.",
        most=Plural("At most once a day.", "At most {{ count }} times a day."),
        not_for_sale={
            Counts.STAMPS: "Stamps cannot be sold, transferred or paid out.",
            Counts.PUNCHES: "Punches cannot be sold, transferred or paid out.",
            Counts.POINTS: "Points cannot be sold, transferred or paid out.",
            Counts.MONEY: "Rewards cannot be sold, transferred or paid out.",
            Counts.VISITS: "Visits cannot be sold, transferred or paid out.",
        },
    ),
    levels=Levels(
        missing="{{ amount }} more",
        missing_by="{{ amount }} more by {{ day }}",
        keep="{{ amount }} more to keep it",
        keep_by="{{ amount }} more by {{ day }} to keep it",
    ),
)
