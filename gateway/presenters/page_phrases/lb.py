"""The phrases of customers' pages in Luxembourgish."""

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

LUXEMBOURGISH = PagePhrases(
    name="Lëtzebuergesch",
    skip="Bei den Inhalt sprangen",
    cards=Cards(
        joined="Dës Kaart gouf mat enger anerer zesummegeluecht.",
        joined_whole="Dës Kaart gouf mat enger anerer zesummegeluecht, op där elo alles steet.",
        joined_show=(
            "Weist un der Keess déi aner Kaart. Fir se hei ze gesinn, gitt d’Adress un, mat "
            "där se opgemaach gouf:"
        ),
        joined_link="Säit fir nei Kaarten",
        ready="Är Belounung ass prett",
        short_ready="Prett",
        handed_out="Gëtt grad erausginn: {{ reward }}",
        show="Weist dat un der Keess",
        deadlines="Benotzt et zu Zäit",
        until="bis",
        prizes="Wat Dir kréie kënnt",
        levels="Niveauen",
        own_level="Ären Niveau",
        own_benefits="Ären Niveau:",
        history="Wat zulescht geschitt ass",
        events={
            TransactionKind.EARN: "Gesammelt",
            TransactionKind.RELEASE: "Elo ze benotzen",
            TransactionKind.REDEEM: "Belounung ofgeholl",
            TransactionKind.EXPIRE: "Ofgelaf",
            TransactionKind.REFUND: "Akaf rembourséiert",
            TransactionKind.ADJUST: "Vum Geschäft korrigéiert",
            TransactionKind.TRANSFER: "Tëscht Kaarten iwwerdroen",
        },
        choices="Messagen an Adressen",
        keep="Haalt dës Säit: leet se op Äre Startbildschierm, oder kommt mat Ärer Adress zréck.",
        apple=("Derbäisetzen an", "Apple Wallet"),
        google_view="A Google Wallet kucken",
        on_android="Op engem Android-Telefon?",
        on_iphone="Op engem iPhone?",
    ),
    waiting=Waiting(
        title="Är Kaart gëtt preparéiert…",
        explanation="Google Wallet geet gläich vum selwen op.",
        go_on="Weider",
        late="Google Wallet brauch méi laang wéi soss",
        safe=(
            "Är Kaart an hir Stempele si sécher. Probéiert w.e.g. an e puer Minutten nach eng "
            "Kéier."
        ),
    ),
    strangers=Strangers(
        title="Är Kaart",
        question="Dëse Browser huet déi Kaart net",
        explanation=(
            "Gitt d’Adress un, mat där Dir matmaacht, an Är Kaart ass gläich erëm do, mat "
            "alle Stempelen."
        ),
        button="Meng Kaart erëmkréien",
    ),
    joining=Joining(
        with_every="fir all {{ count }} Stempelen",
        for_purchases="no all {{ count }} Akeef",
        for_visits="fir {{ count }} Visitten",
        for_visits_in_a_row="fir {{ count }} Visitten hannerteneen",
        for_spending="fir all {{ amount }} Akaf",
        points="Punkte bei all Akaf",
        levels="wat Dir méi dacks kommt, wat Dir méi dovun hutt",
        contact="Är Mailadress oder Handysnummer",
        news="{{ merchant }} däerf mir iwwer meng Kaart schreiwen: all Stempel, all Belounung.",
        offers="{{ merchant }} däerf mir Offere schécken. Ech kann dat ëmmer ophalen.",
        not_needed="Fir d’Kaart net néideg.",
        button="Meng Kaart kréien",
        no_app="Keng App, kee Passwuert. Un Ärer Adress erkenne mir Är Kaart erëm.",
    ),
    addresses=Addresses(
        title="Wouhi mir Iech schreiwen",
        mail="Mail",
        phone="Handy",
        remove="Ewechhuelen",
        last_stays="Är lescht Adress bleift: un hir erkenne mir Är Kaart erëm.",
        add="Aner Mailadress oder Handysnummer",
        add_hint="Si kënnt op d’Plaz vun där, déi Dir vun där Zort schonn hutt.",
        add_button="Dës Adress benotzen",
        noted="Merci. Dës Adresse benotze mir vun elo un.",
        unreadable="Gitt w.e.g. eng Mailadress oder eng Handysnummer un.",
        mail_unreadable="Dat gesäit net no enger Mailadress aus.",
        number_unreadable="Dat gesäit net no enger Telefonsnummer aus.",
        not_mobile="Gitt w.e.g. eng Handysnummer un.",
        not_served="Op Nummere vun dësem Land kënne mir keng SMS schécken.",
        locked=(
            "Eng gro Këscht kann net ugekräizt ginn: Dir hutt eis Stopp gesot, oder eis Messagë "
            "koumen zréck. Schéckt eis START per SMS, benotzt de Link an eise Messagen oder gitt "
            "eis eng aner Adress."
        ),
        language="Sprooch",
        language_button="Mir an dëser Sprooch schreiwen",
        back="Zréck op meng Kaart",
    ),
    proving=Proving(
        title="Op Är Astellunge kommt Dir mat engem Link",
        explanation=(
            "Fir datt keen anere fir Iech decidéiert, fannt Dir se iwwer de Link an de Messagë "
            "vun {{ merchant }}. Mir kënnen en op d’Adress schécken, déi mir fir dës Kaart hunn."
        ),
        button="Schéckt mir de Link",
        sent="Merci. Wa mir op d’Adress vun dëser Kaart schreiwen däerfen, ass de Link gläich do.",
    ),
    standings=Standings(
        streaks={
            Beat.DAY: "Deeg hannerteneen: {{ streak }}, bis elo am meeschten: {{ best }}.",
            Beat.WEEK: "Wochen hannerteneen: {{ streak }}, bis elo am meeschten: {{ best }}.",
            Beat.MONTH: "Méint hannerteneen: {{ streak }}, bis elo am meeschten: {{ best }}.",
        },
        held_back="Nach {{ amount }} vum {{ day }} un.",
        ended="Eriwwer. Är Beloununge kënnt Dir nach bis {{ day }} aléisen.",
        over="Eriwwer. Dës Kaart gëllt net méi.",
        paused="Paus. Am Moment gëtt näischt gesammelt, mee Är Beloununge kënnt Dir aléisen.",
        more="Méi doriwwer",
    ),
    histories=Histories(
        title="Wat mir Iech geschéckt hunn",
        nothing="Bis elo näischt.",
        events={
            MessageEvent.WELCOME: "Wëllkomm",
            MessageEvent.STAMP: "Stempel",
            MessageEvent.REWARD_EARNED: "Är Belounung ass prett",
            MessageEvent.REDEEMED: "Belounung ofgeholl",
            MessageEvent.EXPIRING: "Stempele lafe geschwënn of",
            MessageEvent.TIER_CHANGE: "Neie Niveau",
            MessageEvent.TIER_NOTICE: "Niveau hält geschwënn op",
            MessageEvent.PROGRAM_ENDED: "Programm eriwwer",
            MessageEvent.CAMPAIGN: "Offer",
        },
        media={
            Medium.MAIL: "per Mail",
            Medium.SMS: "per SMS",
            Medium.WALLET: "op Ärer Wallet-Kaart",
        },
        states={
            MessageState.QUEUED: "Ënnerwee",
            MessageState.SENDING: "Ënnerwee",
            MessageState.SENT: "Geschéckt",
            MessageState.DELIVERED: "Ukomm",
            MessageState.FETCHED: "Ukomm",
            MessageState.BOUNCED: "Zréckkomm: dës Adress gëtt et net",
            MessageState.FAILED: "Konnt net geschéckt ginn",
            MessageState.SKIPPED: "Net geschéckt",
        },
        reasons={
            SkipReason.NO_CONSENT: "Dir wollt et net",
            SkipReason.NO_ADDRESS: "mir hate keng Adress",
            SkipReason.NOT_IN_WALLET: "d’Kaart war a kengem Wallet",
            SkipReason.SUPPRESSED: "Dir hutt Iech ofgemellt, oder eng Mail koum zréck",
            SkipReason.CONTACT_BUDGET: "Dir hat scho genuch Messagë vun eis",
            SkipReason.CANCELLED: "et gouf ofgesot",
            SkipReason.CARD_BLOCKED: "d’Kaart war gespaart",
            SkipReason.ERASED: "Är Donnéeë goufe geläscht",
            SkipReason.SWITCHED_OFF: "sou eppes schécke mir net méi",
            SkipReason.FLOOD: "et goufen der ze vill op eemol gefrot",
            SkipReason.OVERTAKEN: "e méi neie Message huet méi gesot",
        },
    ),
)
