"""The phrases of customers' pages in German."""

from gateway.domain.consents import Medium
from gateway.domain.ledger import TransactionKind
from gateway.domain.messages import MessageState, SkipReason
from gateway.domain.rules.visits import Beat
from gateway.domain.wording import MessageEvent
from gateway.presenters.page_phrases.page_phrases import (
    Addresses,
    Cards,
    Histories,
    Joining,
    PagePhrases,
    Proving,
    Standings,
    Strangers,
    Waiting,
)

GERMAN = PagePhrases(
    name="Deutsch",
    skip="Zum Inhalt springen",
    cards=Cards(
        joined="Diese Karte wurde mit einer anderen zusammengelegt.",
        joined_whole=(
            "Diese Karte wurde mit einer anderen zusammengelegt, auf der jetzt alles steht."
        ),
        joined_show=(
            "Zeigen Sie an der Kasse die andere Karte. Um sie hier zu sehen, geben Sie die "
            "Adresse an, mit der sie eröffnet wurde:"
        ),
        joined_link="Seite für neue Karten",
        ready="Ihre Prämie ist bereit",
        short_ready="Bereit",
        handed_out="Wird gerade ausgegeben: {{ reward }}",
        show="An der Kasse zeigen",
        deadlines="Rechtzeitig einlösen",
        until="bis",
        prizes="Was Sie bekommen können",
        levels="Stufen",
        own_level="Ihre Stufe",
        own_benefits="Ihre Stufe:",
        history="Was zuletzt geschah",
        events={
            TransactionKind.EARN: "Gesammelt",
            TransactionKind.RELEASE: "Jetzt einlösbar",
            TransactionKind.REDEEM: "Prämie abgeholt",
            TransactionKind.EXPIRE: "Verfallen",
            TransactionKind.REFUND: "Einkauf erstattet",
            TransactionKind.ADJUST: "Vom Geschäft berichtigt",
            TransactionKind.TRANSFER: "Zwischen Karten übertragen",
        },
        choices="Nachrichten und Adressen",
        keep=(
            "Behalten Sie diese Seite: Legen Sie sie auf Ihren Startbildschirm, oder kommen "
            "Sie mit Ihrer Adresse zurück."
        ),
        apple=("Hinzufügen zu", "Apple Wallet"),
        google_view="In Google Wallet ansehen",
        on_android="Auf einem Android-Telefon?",
        on_iphone="Auf einem iPhone?",
    ),
    waiting=Waiting(
        title="Ihre Karte wird vorbereitet…",
        explanation="Google Wallet öffnet sich gleich von selbst.",
        go_on="Weiter",
        late="Google Wallet braucht länger als sonst",
        safe=(
            "Ihre Karte und ihre Stempel sind sicher. Bitte versuchen Sie es in ein paar "
            "Minuten wieder."
        ),
    ),
    strangers=Strangers(
        title="Ihre Karte",
        question="Dieser Browser hat diese Karte nicht",
        explanation=(
            "Geben Sie die Adresse an, mit der Sie mitmachen, und Ihre Karte ist gleich "
            "wieder da, mit allen Stempeln."
        ),
        button="Meine Karte zurückholen",
    ),
    joining=Joining(
        with_every="für je {{ count }} Stempel",
        for_purchases="nach je {{ count }} Einkäufen",
        for_visits="für {{ count }} Besuche",
        for_visits_in_a_row="für {{ count }} Besuche in Folge",
        for_spending="für je {{ amount }} Einkauf",
        points="Punkte bei jedem Einkauf",
        levels="je öfter Sie kommen, desto mehr haben Sie davon",
        contact="Ihre Mailadresse oder Handynummer",
        news="{{ merchant }} darf mir zu meiner Karte schreiben: jeden Stempel, jede Prämie.",
        offers="{{ merchant }} darf mir Angebote schicken. Ich kann das jederzeit beenden.",
        not_needed="Für die Karte nicht nötig.",
        button="Meine Karte bekommen",
        no_app=("Keine App, kein Passwort. An Ihrer Adresse erkennen wir Ihre Karte wieder."),
    ),
    addresses=Addresses(
        title="Wohin wir schreiben",
        mail="Mail",
        phone="Handy",
        remove="Entfernen",
        last_stays="Ihre letzte Adresse bleibt: An ihr erkennen wir Ihre Karte wieder.",
        add="Andere Mailadresse oder Handynummer",
        add_hint="Sie tritt an die Stelle der bisherigen gleichen Art.",
        add_button="Diese Adresse verwenden",
        noted="Danke. Diese Adressen verwenden wir ab jetzt.",
        unreadable="Bitte geben Sie eine Mailadresse oder eine Handynummer ein.",
        mail_unreadable="Das sieht nicht nach einer Mailadresse aus.",
        number_unreadable="Das sieht nicht nach einer Telefonnummer aus.",
        not_mobile="Bitte geben Sie eine Handynummer an.",
        not_served="An Nummern dieses Landes können wir keine SMS schicken.",
        locked=(
            "Ein graues Kästchen lässt sich nicht ankreuzen: Sie haben uns Stopp gesagt, oder "
            "unsere Nachrichten kamen zurück. Schicken Sie uns START per SMS, nutzen Sie den "
            "Link in unseren Nachrichten oder nennen Sie uns eine andere Adresse."
        ),
        language="Sprache",
        language_button="In dieser Sprache schreiben",
        back="Zurück zu meiner Karte",
    ),
    proving=Proving(
        title="Zu Ihren Einstellungen führt ein Link",
        explanation=(
            "Damit niemand anderes für Sie entscheidet, finden Sie sie über den Link in den "
            "Nachrichten von {{ merchant }}. Wir können ihn an die Adresse schicken, die wir zu "
            "dieser Karte haben."
        ),
        button="Link an mich schicken",
        sent=(
            "Danke. Wenn wir an die Adresse dieser Karte schreiben dürfen, ist der Link gleich "
            "dort."
        ),
    ),
    standings=Standings(
        streaks={
            Beat.DAY: "Tage hintereinander: {{ streak }}, bisher am meisten: {{ best }}.",
            Beat.WEEK: "Wochen hintereinander: {{ streak }}, bisher am meisten: {{ best }}.",
            Beat.MONTH: "Monate hintereinander: {{ streak }}, bisher am meisten: {{ best }}.",
        },
        held_back="Weitere {{ amount }} ab {{ day }}.",
        ended="Beendet. Ihre Prämien können Sie noch bis {{ day }} einlösen.",
        over="Beendet. Diese Karte kann nicht mehr eingelöst werden.",
        paused="Pause. Gesammelt wird gerade nichts, Ihre Prämien können Sie aber einlösen.",
        more="Mehr dazu",
    ),
    histories=Histories(
        title="Was wir Ihnen geschickt haben",
        nothing="Bisher nichts.",
        events={
            MessageEvent.WELCOME: "Willkommen",
            MessageEvent.STAMP: "Stempel",
            MessageEvent.REWARD_EARNED: "Ihre Prämie ist bereit",
            MessageEvent.REDEEMED: "Prämie abgeholt",
            MessageEvent.EXPIRING: "Stempel laufen bald ab",
            MessageEvent.TIER_CHANGE: "Neue Stufe",
            MessageEvent.TIER_NOTICE: "Stufe endet bald",
            MessageEvent.PROGRAM_ENDED: "Programm beendet",
            MessageEvent.CAMPAIGN: "Angebot",
        },
        media={
            Medium.MAIL: "per Mail",
            Medium.SMS: "per SMS",
            Medium.WALLET: "auf Ihrer Wallet-Karte",
        },
        states={
            MessageState.QUEUED: "Unterwegs",
            MessageState.SENDING: "Unterwegs",
            MessageState.SENT: "Verschickt",
            MessageState.DELIVERED: "Angekommen",
            MessageState.FETCHED: "Angekommen",
            MessageState.BOUNCED: "Zurückgekommen: Diese Adresse gibt es nicht",
            MessageState.FAILED: "Konnte nicht verschickt werden",
            MessageState.SKIPPED: "Nicht verschickt",
        },
        reasons={
            SkipReason.NO_CONSENT: "Sie wollten es nicht",
            SkipReason.NO_ADDRESS: "wir hatten keine Adresse",
            SkipReason.NOT_IN_WALLET: "die Karte war in keiner Wallet",
            SkipReason.SUPPRESSED: "Sie haben sich abgemeldet, oder eine Mail kam zurück",
            SkipReason.CONTACT_BUDGET: "Sie hatten schon genug Nachrichten von uns",
            SkipReason.CANCELLED: "es wurde abgesagt",
            SkipReason.CARD_BLOCKED: "die Karte war gesperrt",
            SkipReason.ERASED: "Ihre Daten wurden gelöscht",
            SkipReason.SWITCHED_OFF: "so etwas verschicken wir nicht mehr",
            SkipReason.FLOOD: "es wurden zu viele auf einmal verlangt",
            SkipReason.OVERTAKEN: "eine neuere Nachricht sagte mehr",
        },
    ),
)
