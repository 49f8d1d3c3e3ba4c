"""Our phrases in German."""

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

GERMAN = Phrases(
    counting=Counting(
        decimal=",",
        thousands=".",
        progress="{{ stamps }} von {{ target }}",
        one_stamp="1 Stempel",
        stamps="{{ count }} Stempel",
        stamps_of=Plural(
            "{{ count }} von {{ target }} Stempeln", "{{ count }} von {{ target }} Stempeln"
        ),
        one_punch="1 Stempel",
        punches="{{ count }} Stempel",
        punches_of=Plural(
            "{{ count }} von {{ target }} Stempeln", "{{ count }} von {{ target }} Stempeln"
        ),
        one_point="1 Punkt",
        points="{{ count }} Punkte",
        one_visit="1 Besuch",
        visits="{{ count }} Besuche",
        visits_of=Plural(
            "{{ count }} von {{ target }} Besuchen", "{{ count }} von {{ target }} Besuchen"
        ),
        one_reward="1 Prämie",
        rewards="{{ count }} Prämien",
        first="1",
        day="{{ day }}. {{ month }} {{ year }}",
        short_day="{{ day }}.{{ number }}.{{ year }}",
        months=(
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ),
        moment="{{ weekday }} {{ day }}. {{ month }}, {{ time }}",
        weekdays=("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
        short_months=(
            "Jan.",
            "Feb.",
            "März",
            "Apr.",
            "Mai",
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
        reward="Noch {{ missing }} bis zu Ihrer Prämie: {{ reward }}.",
        points="Fragen Sie uns, was Sie für Ihre Punkte bekommen.",
        no_level="Mitglied",
    ),
    mails=Mails(
        show_card="Meine Karte zeigen",
        card="Ihre Karte: {{ progress }}. Ihre Prämie: {{ reward }}.",
        why_service="Sie bekommen diese Mail, weil Sie eine Karte bei {{ merchant }} haben.",
        why_marketing=(
            "Sie bekommen diese Mail, weil Sie Angeboten von {{ merchant }} zugestimmt haben."
        ),
        preferences="Auswählen, was ich bekomme",
        unsubscribe="Keine Angebote mehr per Mail",
    ),
    sms=Sms(
        stop_line="Abmelden: mit STOP antworten",
        stop_answer=(
            "{{ merchant }}: Sie bekommen keine SMS mehr von uns. Ihre Karte bleibt, wie sie ist."
        ),
        help_answer=(
            "{{ merchant }}: Nachrichten zu Ihrer Karte, und Angebote, wenn Sie zugestimmt "
            "haben. Ihre Wahl: {{ card_link }} Abmelden: mit STOP antworten"
        ),
    ),
    preferences=Preferences(
        title="Was dürfen wir Ihnen schreiben?",
        explanation=(
            "Sie entscheiden, und Sie können es sich jederzeit anders überlegen. Ihre Karte bei "
            "{{ merchant }} gilt genauso, was immer Sie wählen."
        ),
        offers="Angebote und Neuigkeiten von {{ merchant }}",
        offers_by_mail="Ja, {{ merchant }} darf mir Angebote per Mail schicken.",
        offers_by_sms="Ja, {{ merchant }} darf mir Angebote per SMS schicken.",
        offers_by_wallet="Ja, {{ merchant }} darf mir Angebote auf meiner Wallet-Karte zeigen.",
        news="Neues von meiner Karte",
        news_by_mail=(
            "Ja, ich möchte per Mail von meinen Stempeln und Prämien bei {{ merchant }} erfahren."
        ),
        news_by_sms=(
            "Ja, ich möchte per SMS von meinen Stempeln und Prämien bei {{ merchant }} erfahren."
        ),
        news_by_wallet=(
            "Ja, meine Wallet-Karte darf mir Neues von meinen Stempeln und Prämien bei {{ "
            "merchant }} zeigen."
        ),
        no_address="Dafür haben wir keine Adresse von Ihnen.",
        save="Auswahl speichern",
        saved="Gespeichert. Das gilt ab sofort.",
        stop_all="Schreiben Sie mir gar nichts mehr",
    ),
    unsubscribing=Unsubscribing(
        title="Keine Angebote mehr?",
        question="Möchten Sie keine Angebote von {{ merchant }} mehr bekommen?",
        button="Ja, keine Angebote mehr",
        keep="Nein, gerne weiter",
        done_title="Erledigt",
        no_more_mail="Sie bekommen von {{ merchant }} keine Angebote mehr per Mail.",
        no_more_sms="Sie bekommen von {{ merchant }} keine Angebote mehr per SMS.",
        no_more_wallet="Sie sehen von {{ merchant }} keine Angebote mehr auf Ihrer Wallet-Karte.",
        news_go_on="Ihre Karte bei {{ merchant }} bleibt, mit allen Stempeln.",
        undo="Das war ein Versehen, ich möchte die Angebote",
        undone="Schön! Sie bekommen wieder Angebote von {{ merchant }}.",
    ),
)
