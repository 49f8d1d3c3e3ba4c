"""Our phrases in Luxembourgish.

Whether a final n is written depends on the sound that follows (the Eifel rule), and nobody knows
what follows from a gap: so no word that could lose its n stands before one.
"""

from gateway.presenters.phrases.phrases import (
    Counting,
    Mails,
    Outlooks,
    Phrases,
    Preferences,
    Sms,
    Unsubscribing,
)
from gateway.presenters.phrases.plurals import Plural

LUXEMBOURGISH = Phrases(
    counting=Counting(
        decimal=",",
        thousands=".",
        progress="{{ stamps }}/{{ target }}",
        one_stamp="1 Stempel",
        stamps="{{ count }} Stempelen",
        stamps_of=Plural(
            "{{ count }}/{{ target }} Stempelen", "{{ count }}/{{ target }} Stempelen"
        ),
        one_punch="1 Stempel",
        punches="{{ count }} Stempelen",
        punches_of=Plural(
            "{{ count }}/{{ target }} Stempelen", "{{ count }}/{{ target }} Stempelen"
        ),
        one_point="1 Punkt",
        points="{{ count }} Punkten",
        one_visit="1 Visitt",
        visits="{{ count }} Visitten",
        visits_of=Plural("{{ count }}/{{ target }} Visitten", "{{ count }}/{{ target }} Visitten"),
        one_reward="1 Belounung",
        rewards="{{ count }} Belounungen",
        first="1",
        day="{{ day }}. {{ month }} {{ year }}",
        short_day="{{ day }}.{{ number }}.{{ year }}",
        months=(
            "Januar",
            "Februar",
            "Mäerz",
            "Abrëll",
            "Mee",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ),
        moment="{{ weekday }} {{ day }}. {{ month }}, {{ time }}",
        weekdays=("Mé", "Dë", "Më", "Do", "Fr", "Sa", "So"),
        short_months=(
            "Jan.",
            "Feb.",
            "Mäerz",
            "Abr.",
            "Mee",
            "Juni",
            "Juli",
            "Aug.",
            "Sept.",
            "Okt.",
            "Nov.",
            "Dez.",
        ),
        is_none_one=False,
    ),
    outlooks=Outlooks(
        reward="Nach {{ missing }} bis zu Ärer Belounung: {{ reward }}.",
        points="Frot eis, wat Dir fir Är Punkten kritt.",
        no_level="Member",
    ),
    mails=Mails(
        show_card="Meng Kaart weisen",
        card="Är Kaart: {{ progress }}. Är Belounung: {{ reward }}.",
        why_service="Dir kritt dës Mail, well Dir eng Kaart bei {{ merchant }} hutt.",
        why_marketing=(
            "Dir kritt dës Mail, well Dir mat Offere vu folgendem Geschäft averstane sidd: "
            "{{ merchant }}."
        ),
        preferences="Wielen, wat ech kréien",
        unsubscribe="Keng Offere méi per Mail",
    ),
    sms=Sms(
        stop_line="Ofmellen: mat STOP äntweren",
        stop_answer=(
            "{{ merchant }}: Dir kritt keng SMS méi vun eis. Är Kaart bleift, wéi se ass."
        ),
        help_answer=(
            "{{ merchant }}: Neies iwwer Är Kaart, an Offeren, wann Dir averstane sidd. "
            "Wielt hei: {{ card_link }} Ofmellen: mat STOP äntweren"
        ),
    ),
    preferences=Preferences(
        title="Wat däerfe mir Iech schreiwen?",
        explanation=(
            "Dir decidéiert, an Dir kënnt Är Meenung ëmmer änneren. Är Kaart bei {{ merchant }} "
            "gëllt genee sou, egal wat Dir wielt."
        ),
        offers="Offeren an Neiegkeeten: {{ merchant }}",
        offers_by_mail="Jo, {{ merchant }} däerf mir Offere per Mail schécken.",
        offers_by_sms="Jo, {{ merchant }} däerf mir Offere per SMS schécken.",
        offers_by_wallet="Jo, {{ merchant }} däerf mir Offeren op menger Wallet-Kaart weisen.",
        news="Neies iwwer meng Kaart",
        news_by_mail=(
            "Jo, ech wëll per Mail iwwer meng Stempelen a Beloununge bei {{ merchant }} "
            "informéiert ginn."
        ),
        news_by_sms=(
            "Jo, ech wëll per SMS iwwer meng Stempelen a Beloununge bei {{ merchant }} "
            "informéiert ginn."
        ),
        news_by_wallet=(
            "Jo, meng Wallet-Kaart däerf mir Neies vu menge Stempelen a Beloununge bei {{ "
            "merchant }} weisen."
        ),
        no_address="Dofir hu mir keng Adress vun Iech.",
        save="Meng Wiel späicheren",
        saved="Gespäichert. Dat gëllt vun elo un.",
        stop_all="Schreift mir guer näischt méi",
    ),
    unsubscribing=Unsubscribing(
        title="Keng Offere méi?",
        question="Wëllt Dir keng Offere méi? Et geet ëm {{ merchant }}.",
        button="Jo, keng Offere méi",
        keep="Nee, gäre weider",
        done_title="Fäerdeg",
        no_more_mail="{{ merchant }} schéckt Iech keng Offere méi per Mail.",
        no_more_sms="{{ merchant }} schéckt Iech keng Offere méi per SMS.",
        no_more_wallet="{{ merchant }} weist Iech keng Offere méi op Ärer Wallet-Kaart.",
        news_go_on="Är Kaart bei {{ merchant }} bleift, mat alle Stempelen.",
        undo="Dat war e Feeler, ech wëll d’Offeren",
        undone="Flott! {{ merchant }} schéckt Iech erëm Offeren.",
    ),
)
