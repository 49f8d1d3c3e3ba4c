"""Our phrases in English."""

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

ENGLISH = Phrases(
    counting=Counting(
        decimal=".",
        thousands=",",
        progress="{{ stamps }} of {{ target }}",
        one_stamp="1 stamp",
        stamps="{{ count }} stamps",
        stamps_of=Plural(
            "{{ count }} of {{ target }} stamps", "{{ count }} of {{ target }} stamps"
        ),
        one_punch="1 punch",
        punches="{{ count }} punches",
        punches_of=Plural(
            "{{ count }} of {{ target }} punches", "{{ count }} of {{ target }} punches"
        ),
        one_point="1 point",
        points="{{ count }} points",
        one_visit="1 visit",
        visits="{{ count }} visits",
        visits_of=Plural(
            "{{ count }} of {{ target }} visits", "{{ count }} of {{ target }} visits"
        ),
        one_reward="1 reward",
        rewards="{{ count }} rewards",
        first="1",
        day="{{ day }} {{ month }} {{ year }}",
        short_day="{{ day }} {{ month }} {{ year }}",
        months=(
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ),
        moment="{{ weekday }} {{ day }} {{ month }}, {{ time }}",
        weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        short_months=(
            "Jan",
            "Feb",
            "Mar",
            "Apr",
            "May",
            "Jun",
            "Jul",
            "Aug",
            "Sep",
            "Oct",
            "Nov",
            "Dec",
        ),
        is_none_one=False,
    ),
    outlooks=Outlooks(
        reward="{{ missing }} to go until your reward: {{ reward }}.",
        points="Ask us what your points can get you.",
        no_level="Member",
    ),
    mails=Mails(
        show_card="Show my card",
        card="Your card: {{ progress }}. Your reward: {{ reward }}.",
        why_service="You get this mail because you have a card at {{ merchant }}.",
        why_marketing="You get this mail because you agreed to offers from {{ merchant }}.",
        preferences="What I want to hear about",
        unsubscribe="No more offers by mail",
    ),
    sms=Sms(
        stop_line="Reply STOP to opt out",
        stop_answer="{{ merchant }}: you will get no more SMS from us. Your card stays as it is.",
        help_answer=(
            "{{ merchant }}: news about your card, and offers if you agreed. "
            "Your choices: {{ card_link }} Reply STOP to opt out"
        ),
    ),
    preferences=Preferences(
        title="What may we write to you about?",
        explanation=(
            "You decide, and you can change your mind at any time. Your card at {{ merchant }} "
            "works just the same, whatever you choose."
        ),
        offers="Offers and news from {{ merchant }}",
        offers_by_mail="Yes, {{ merchant }} may send me offers by mail.",
        offers_by_sms="Yes, {{ merchant }} may send me offers by SMS.",
        offers_by_wallet="Yes, {{ merchant }} may show me offers on my wallet card.",
        news="News about my card",
        news_by_mail="Yes, tell me by mail about my stamps and rewards at {{ merchant }}.",
        news_by_sms="Yes, tell me by SMS about my stamps and rewards at {{ merchant }}.",
        news_by_wallet=(
            "Yes, show me news about my stamps and rewards at {{ merchant }} on my wallet card."
        ),
        no_address="We have no address of yours for this.",
        save="Save my choices",
        saved="Saved. This holds from now on.",
        stop_all="Write me nothing at all",
    ),
    unsubscribing=Unsubscribing(
        title="No more offers?",
        question="Do you want no more offers from {{ merchant }}?",
        button="Yes, no more offers",
        keep="No, keep them",
        done_title="Done",
        no_more_mail="You will get no more offers from {{ merchant }} by mail.",
        no_more_sms="You will get no more offers from {{ merchant }} by SMS.",
        no_more_wallet="You will see no more offers from {{ merchant }} on your wallet card.",
        news_go_on="Your card at {{ merchant }} stays, with all its stamps.",
        undo="That was a mistake, I want the offers",
        undone="Nice! You will get offers from {{ merchant }} again.",
    ),
)
