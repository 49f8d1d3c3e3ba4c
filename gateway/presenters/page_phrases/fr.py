"""The phrases of customers' pages in French."""

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

FRENCH = PagePhrases(
    name="Français",
    skip="Aller au contenu",
    cards=Cards(
        joined="Cette carte a été réunie avec une autre.",
        joined_whole="Cette carte a été réunie avec une autre, qui contient désormais tout.",
        joined_show=(
            "Montrez l’autre carte à la caisse. Pour la voir ici, donnez l’adresse avec "
            "laquelle elle a été ouverte :"
        ),
        joined_link="Page des nouvelles cartes",
        ready="Votre récompense est prête",
        short_ready="Prêt",
        handed_out="Remise en cours : {{ reward }}",
        show="À montrer à la caisse",
        deadlines="À utiliser à temps",
        until="jusqu’au",
        prizes="Ce que vous pouvez obtenir",
        levels="Niveaux",
        own_level="Votre niveau",
        own_benefits="Votre niveau :",
        history="Ce qui s’est passé",
        events={
            TransactionKind.EARN: "Collecté",
            TransactionKind.RELEASE: "Utilisable dès maintenant",
            TransactionKind.REDEEM: "Récompense retirée",
            TransactionKind.EXPIRE: "Expiré",
            TransactionKind.REFUND: "Achat remboursé",
            TransactionKind.ADJUST: "Corrigé par le magasin",
            TransactionKind.TRANSFER: "Transféré entre cartes",
        },
        choices="Messages et adresses",
        keep=(
            "Gardez cette page : ajoutez-la à votre écran d’accueil, ou revenez-y avec "
            "l’adresse que vous avez donnée."
        ),
        apple=("Ajouter à", "Apple Wallet"),
        google_view="Afficher dans Google Wallet",
        on_android="Sur un téléphone Android ?",
        on_iphone="Sur un iPhone ?",
    ),
    waiting=Waiting(
        title="Votre carte se prépare…",
        explanation="Google Wallet s’ouvre tout seul dans un instant.",
        go_on="Continuer",
        late="Google Wallet prend plus de temps que d’habitude",
        safe="Votre carte et ses tampons sont en sécurité. Réessayez dans quelques minutes.",
    ),
    strangers=Strangers(
        title="Votre carte",
        question="Ce navigateur n’a pas cette carte",
        explanation=(
            "Donnez l’adresse avec laquelle vous participez, et votre carte revient aussitôt "
            "avec tous ses tampons."
        ),
        button="Retrouver ma carte",
    ),
    joining=Joining(
        with_every="tous les {{ count }} tampons",
        for_purchases="tous les {{ count }} achats",
        for_visits="pour {{ count }} visites",
        for_visits_in_a_row="pour {{ count }} visites de suite",
        for_spending="tous les {{ amount }} d’achats",
        points="des points à chaque achat",
        levels="plus vous venez, plus vous y gagnez",
        contact="Votre adresse e-mail ou numéro de mobile",
        news="{{ merchant }} peut m’écrire au sujet de ma carte : tampons et récompenses.",
        offers="{{ merchant }} peut m’envoyer des offres. Je peux y mettre fin à tout moment.",
        not_needed="Pas nécessaire pour la carte.",
        button="Obtenir ma carte",
        no_app=(
            "Ni application ni mot de passe. Votre adresse nous permet de retrouver votre carte."
        ),
    ),
    addresses=Addresses(
        title="Où nous vous écrivons",
        mail="E-mail",
        phone="Mobile",
        remove="Supprimer",
        last_stays="Votre dernière adresse reste : elle nous permet de retrouver votre carte.",
        add="Autre adresse e-mail ou numéro de mobile",
        add_hint="Elle remplace celle du même type.",
        add_button="Utiliser cette adresse",
        noted="Merci. Voici les adresses que nous utilisons désormais.",
        unreadable="Veuillez saisir une adresse e-mail ou un numéro de mobile.",
        mail_unreadable="Cela ne ressemble pas à une adresse e-mail.",
        number_unreadable="Cela ne ressemble pas à un numéro de téléphone.",
        not_mobile="Veuillez indiquer un numéro de mobile.",
        not_served="Nous ne pouvons pas envoyer de SMS aux numéros de ce pays.",
        locked=(
            "Une case grise ne peut pas être cochée : vous nous avez dit d’arrêter, ou nos "
            "messages sont revenus. Envoyez-nous START par SMS, utilisez le lien dans nos "
            "messages ou indiquez une autre adresse."
        ),
        language="Langue",
        language_button="M’écrire dans cette langue",
        back="Retour à ma carte",
    ),
    proving=Proving(
        title="Vos choix se trouvent derrière un lien",
        explanation=(
            "Pour que personne d’autre ne décide à votre place, vous les trouvez par le lien "
            "dans les messages de {{ merchant }}. Nous pouvons l’envoyer à l’adresse que nous "
            "avons pour cette carte."
        ),
        button="Envoyez-moi le lien",
        sent=(
            "Merci. Si nous pouvons écrire à l’adresse de cette carte, le lien y sera dans un "
            "instant."
        ),
    ),
    standings=Standings(
        streaks={
            Beat.DAY: "Jours de suite : {{ streak }}, record : {{ best }}.",
            Beat.WEEK: "Semaines de suite : {{ streak }}, record : {{ best }}.",
            Beat.MONTH: "Mois de suite : {{ streak }}, record : {{ best }}.",
        },
        held_back="Encore {{ amount }} à partir du {{ day }}.",
        ended="Terminé. Vos récompenses sont à utiliser jusqu’au {{ day }}.",
        over="Terminé. Cette carte ne peut plus être utilisée.",
        paused="En pause. Rien à collecter, mais vos récompenses restent utilisables.",
        more="En savoir plus",
    ),
    histories=Histories(
        title="Ce que nous vous avons envoyé",
        nothing="Rien pour le moment.",
        events={
            MessageEvent.WELCOME: "Bienvenue",
            MessageEvent.STAMP: "Tampon",
            MessageEvent.REWARD_EARNED: "Votre récompense est prête",
            MessageEvent.REDEEMED: "Récompense retirée",
            MessageEvent.EXPIRING: "Vos tampons expirent bientôt",
            MessageEvent.TIER_CHANGE: "Nouveau niveau",
            MessageEvent.TIER_NOTICE: "Votre niveau prend bientôt fin",
            MessageEvent.PROGRAM_ENDED: "Le programme est terminé",
            MessageEvent.CAMPAIGN: "Offre",
        },
        media={
            Medium.MAIL: "par e-mail",
            Medium.SMS: "par SMS",
            Medium.WALLET: "sur votre carte Wallet",
        },
        states={
            MessageState.QUEUED: "En route",
            MessageState.SENDING: "En route",
            MessageState.SENT: "Envoyé",
            MessageState.DELIVERED: "Arrivé",
            MessageState.FETCHED: "Arrivé",
            MessageState.BOUNCED: "Revenu : cette adresse n’existe pas",
            MessageState.FAILED: "L’envoi a échoué",
            MessageState.SKIPPED: "Non envoyé",
        },
        reasons={
            SkipReason.NO_CONSENT: "vous ne le souhaitiez pas",
            SkipReason.NO_ADDRESS: "nous n’avions pas d’adresse",
            SkipReason.NOT_IN_WALLET: "la carte n’était dans aucun Wallet",
            SkipReason.SUPPRESSED: "vous vous êtes désinscrit(e), ou un e-mail nous est revenu",
            SkipReason.CONTACT_BUDGET: "vous aviez déjà reçu assez de messages de notre part",
            SkipReason.CANCELLED: "l’envoi a été annulé",
            SkipReason.CARD_BLOCKED: "la carte était bloquée",
            SkipReason.ERASED: "vos données ont été effacées",
            SkipReason.SWITCHED_OFF: "nous n’envoyons plus ces messages",
            SkipReason.FLOOD: "trop de messages étaient demandés à la fois",
            SkipReason.OVERTAKEN: "un message plus récent en disait davantage",
        },
    ),
)
