"""Our words in English."""

from collections.abc import Mapping

from gateway.domain.wording import MessageEvent
from gateway.presenters.wordings.event_wordings import EventWordings

ENGLISH: Mapping[MessageEvent, EventWordings] = {
    MessageEvent.WELCOME: EventWordings(
        subject="Your card at {{ merchant }} is ready",
        mail="""
Welcome, and thank you for joining {{ program }}!

Show your card each time you visit {{ merchant }}. {{ outlook }}

See you soon,
{{ merchant }}
""",
        sms="{{ merchant }}: welcome! Here is your card: {{ card_link }}",
        wallet="Welcome to {{ program }}! Show this card each time you visit.",
    ),
    MessageEvent.STAMP: EventWordings(
        subject="{{ balance }} at {{ merchant }}",
        mail="""
Thank you for your visit!

You now have {{ balance }} on your card. {{ outlook }}

See you soon,
{{ merchant }}
""",
        sms="{{ merchant }}: thank you for your visit! You have {{ balance }}. {{ outlook }}",
        wallet="{{ balance }}. {{ outlook }}",
    ),
    MessageEvent.REWARD_EARNED: EventWordings(
        subject="Your reward is ready: {{ reward }}",
        mail="""
Congratulations, you have earned a reward!

It is waiting for you at {{ merchant }}: {{ reward }}. \
Just show your card at the counter the next time you visit.

Ready to collect: {{ rewards_ready }}.

See you soon,
{{ merchant }}
""",
        sms=(
            "{{ merchant }}: congratulations! Your reward is waiting: {{ reward }}. "
            "Just show your card at the counter."
        ),
        wallet="Congratulations! Your reward is ready: {{ reward }}.",
    ),
    MessageEvent.REDEEMED: EventWordings(
        subject="Enjoy your reward: {{ reward }}",
        mail="""
You have just collected your reward at {{ merchant }}: {{ reward }}. Enjoy it!

Your next one has already begun: you have {{ balance }} on your card.

Was this not you? Then please tell us at the counter.

See you soon,
{{ merchant }}
""",
        sms=(
            "{{ merchant }}: you have collected your reward: {{ reward }}. Enjoy it! "
            "Was this not you? Please tell us."
        ),
        wallet="Enjoy your reward: {{ reward }}. Your card now has {{ balance }}.",
    ),
    MessageEvent.EXPIRING: EventWordings(
        subject="{{ merchant }}: valid until {{ expires_on }}",
        mail="""
A small reminder: {{ expiring }} of what you have collected with {{ program }} can be used \
until {{ expires_on }}.

Come by before then, we look forward to seeing you.

See you soon,
{{ merchant }}
""",
        sms=(
            "{{ merchant }}: a small reminder. On your card, {{ expiring }} can be used until "
            "{{ expires_on }}. We look forward to seeing you!"
        ),
        wallet="To be used until {{ expires_on }}: {{ expiring }}.",
    ),
    MessageEvent.TIER_CHANGE: EventWordings(
        subject="Your status at {{ merchant }}: {{ tier }}",
        mail="""
Your status in {{ program }} has changed. It is now {{ tier }}.

Your card shows it already. Thank you for coming back to us!

See you soon,
{{ merchant }}
""",
        sms=(
            "{{ merchant }}: your status in {{ program }} is now {{ tier }}. "
            "Thank you for coming back to us!"
        ),
        wallet="Your status is now {{ tier }}.",
    ),
    MessageEvent.TIER_NOTICE: EventWordings(
        subject="{{ merchant }}: your status {{ tier }} ends on {{ moves_on }}",
        mail="""
Your status in {{ program }} is {{ tier }}. As things stand, it ends on {{ moves_on }}.

There is time to keep it: your card shows what is missing. Come by before then!

See you soon,
{{ merchant }}
""",
        sms=(
            "{{ merchant }}: as things stand, your status {{ tier }} ends on {{ moves_on }}. "
            "Come by and keep it!"
        ),
        wallet="As things stand, your status {{ tier }} ends on {{ moves_on }}.",
    ),
    MessageEvent.PROGRAM_ENDED: EventWordings(
        subject="{{ program }} has ended: use it until {{ until }}",
        mail="""
{{ program }} at {{ merchant }} has ended: nothing more is collected with it.

What you have is not lost, you can use it until {{ until }}. On your card: {{ balance }}. \
It also shows what you can still get for that.

Thank you for coming back to us,
{{ merchant }}
""",
        sms=(
            "{{ merchant }}: {{ program }} has ended. What is on your card can be used until "
            "{{ until }}: {{ balance }}."
        ),
        wallet="{{ program }} has ended. Your rewards can be used until {{ until }}.",
    ),
    MessageEvent.CAMPAIGN: EventWordings(
        subject="News from {{ merchant }}",
        mail="""
Hello,

There is something new at {{ merchant }}. Come by and see, we look forward to it!

See you soon,
{{ merchant }}
""",
        sms="{{ merchant }}: there is something new. Come by and see!",
        wallet="There is something new at {{ merchant }}. Come by and see!",
    ),
}
