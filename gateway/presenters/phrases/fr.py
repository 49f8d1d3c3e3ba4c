"""Our phrases in French."""

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

FRENCH = Phrases(
    counting=Counting(
        decimal=",",
        thousands="",
        progress="{{ stamps }} sur {{ target }}",
        one_stamp="1 tampon",
        stamps="{{ count }} tampons",
        stamps_of=Plural(
            "{{ count }} tampon sur {{ target }}", "{{ count }} tampons sur {{ target }}"
        ),
        one_punch="1 tampon",
        punches="{{ count }} tampons",
        punches_of=Plural(
            "{{ count }} tampon sur {{ target }}", "{{ count }} tampons sur {{ target }}"
        ),
        one_point="1 point",
        points="{{ count }} points",
        one_visit="1 visite",
        visits="{{ count }} visites",
        visits_of=Plural(
            "{{ count }} visite sur {{ target }}", "{{ count }} visites sur {{ target }}"
        ),
        one_reward="1 récompense",
        rewards="{{ count }} récompenses",
        first="1er",
        day="{{ day }} {{ month }} {{ year }}",
        short_day="{{ day }}/{{ number }}/{{ year }}",
        months=(
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ),
        moment="{{ weekday }} {{ day }} {{ month }}, {{ time }}",
        weekdays=("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."),
        short_months=(
            "janv.",
            "févr.",
            "mars",
            "avr.",
            "mai",
            "juin",
            "juil.",
            "août",
            "sept.",
            "oct.",
            "nov.",
            "déc.",
        ),
        is_none_one=True,
    ),
    outlooks=Outlooks(
        reward="Encore {{ missing }} avant votre récompense : {{ reward }}.",
        points="Demandez-nous ce que vos points vous offrent.",
        no_level="Membre",
    ),
    mails=Mails(
        show_card="Afficher ma carte",
        card="Votre carte : {{ progress }}. Votre récompense : {{ reward }}.",
        why_service="Vous recevez ce message parce que vous avez une carte chez {{ merchant }}.",
        why_marketing=(
            "Vous recevez ce message parce que vous avez accepté les offres de {{ merchant }}."
        ),
        preferences="Choisir ce que je reçois",
        unsubscribe="Ne plus recevoir d’offres par e-mail",
    ),
    sms=Sms(
        stop_line="Pour ne plus recevoir de SMS, répondez STOP",
        stop_answer=(
            "{{ merchant }} : vous ne recevrez plus de SMS de notre part. "
            "Votre carte reste valable."
        ),
        help_answer=(
            "{{ merchant }} : nouvelles de votre carte, et offres si vous les avez acceptées. "
            "Vos choix : {{ card_link }} Pour ne plus en recevoir, répondez STOP"
        ),
    ),
    preferences=Preferences(
        title="Que souhaitez-vous recevoir ?",
        explanation=(
            "C’est vous qui décidez, et vous pouvez changer d’avis à tout moment. Votre carte "
            "chez {{ merchant }} fonctionne de la même façon, quel que soit votre choix."
        ),
        offers="Offres et nouveautés de {{ merchant }}",
        offers_by_mail="Oui, {{ merchant }} peut m’envoyer des offres par e-mail.",
        offers_by_sms="Oui, {{ merchant }} peut m’envoyer des offres par SMS.",
        offers_by_wallet="Oui, {{ merchant }} peut afficher des offres sur ma carte Wallet.",
        news="Nouvelles de ma carte",
        news_by_mail=(
            "Oui, je souhaite être informé(e) par e-mail de mes tampons et récompenses chez "
            "{{ merchant }}."
        ),
        news_by_sms=(
            "Oui, je souhaite être informé(e) par SMS de mes tampons et récompenses chez "
            "{{ merchant }}."
        ),
        news_by_wallet=(
            "Oui, ma carte Wallet peut m’informer de mes tampons et récompenses chez {{ "
            "merchant }}."
        ),
        no_address="Nous n’avons pas votre adresse pour cela.",
        save="Enregistrer mes choix",
        saved="C’est enregistré, et valable dès maintenant.",
        stop_all="Ne plus rien m’écrire",
    ),
    unsubscribing=Unsubscribing(
        title="Plus d’offres ?",
        question="Ne souhaitez-vous plus recevoir les offres de {{ merchant }} ?",
        button="Oui, arrêter les offres",
        keep="Non, les garder",
        done_title="C’est fait",
        no_more_mail="Vous ne recevrez plus d’offres de {{ merchant }} par e-mail.",
        no_more_sms="Vous ne recevrez plus d’offres de {{ merchant }} par SMS.",
        no_more_wallet="Vous ne verrez plus d’offres de {{ merchant }} sur votre carte Wallet.",
        news_go_on="Votre carte chez {{ merchant }} reste valable, avec tous ses tampons.",
        undo="C’était une erreur, je veux les offres",
        undone="Merci ! Vous recevrez de nouveau les offres de {{ merchant }}.",
    ),
)
