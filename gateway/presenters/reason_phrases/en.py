"""The reasons in English, those about rewards as the API says them."""

from gateway.domain.rules.keys import POINT, STAMP
from gateway.presenters.phrases.plurals import Plural
from gateway.presenters.reason_phrases.reason_phrases import Earnings, Obstacles, ReasonPhrases

ENGLISH = ReasonPhrases(
    obstacles=Obstacles(
        blocked="This card is blocked.",
        over="The program ended, and so did the time to redeem what was collected.",
        ended="{{ reward }} is not on offer any more.",
        later="{{ reward }} is on offer later.",
        level="{{ reward }} is for {{ level }} members.",
        once="Each customer gets {{ reward }} once.",
        so_often="Each customer gets {{ reward }} {{ count }} times.",
        sold_out="{{ reward }} is sold out.",
        not_earned="{{ reward }} is not earned yet.",
        missing={
            POINT: Plural(
                "{{ count }} more point to go for {{ reward }}.",
                "{{ count }} more points to go for {{ reward }}.",
            ),
            STAMP: Plural(
                "{{ count }} more stamp to go for {{ reward }}.",
                "{{ count }} more stamps to go for {{ reward }}.",
            ),
        },
        missing_other="{{ count }} more to go for {{ reward }}.",
    ),
    earnings=Earnings(
        nothing="Nothing collected",
        counted="Counted",
        reasons={
            "amount_needed": "The amount of the purchase was not entered.",
            "nothing_counts": "Nothing in this purchase counts.",
            "outside_hours": "Nothing can be collected at this hour.",
            "too_little": "It was too little.",
            "carried": "It counts with the next purchase.",
            "capped": "The limit was reached.",
            "surplus_discarded": "The card is full.",
            "nothing_spent": "Nothing was spent that counts.",
            "period_over": "The period it belongs to is over.",
            "threshold_ahead": "It counts towards the next reward.",
            "visits_ahead": "It counts towards the next reward.",
            "visit_counted": "The visit of this day was counted before.",
            "counts_towards_tier": "It counts towards your level.",
            "nothing_for_tier": "It does not count towards your level.",
        },
        below_minimum="It counts from a purchase of {{ amount }} on.",
    ),
)
