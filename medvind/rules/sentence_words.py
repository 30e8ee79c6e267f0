"""What whole sentences are made of: heads that say something, and tails that can't turn it. All of it is data.

`*` stands for a name, any word that stands in no phrase of ours; `#` for a number. Commas part the phrases.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from medvind.rules.own_words import ABOUT_A_LETTER, COMES_AFTER_ALL, POLITE_NO, TO_PAY, WAITS
from medvind.rules.own_words import all_of as _all
from medvind.rules.own_words import each as _each
from medvind.rules.vocabulary import WEEKDAYS, Word


@dataclass(frozen=True, slots=True)
class Sentences:
    """What is read as one word.

    `plain`: a head that answers whatever question takes the word. `about`: one that speaks of a meeting, or of anything where
    the word answers no question. `tails` change nothing; `meeting` are tails of a meeting alone. A person should read what is
    `told` or `asked`. `days` name a day, which may be another one than was meant.
    """

    plain: str = ""
    about: str = ""
    tails: str = ""
    meeting: str = ""
    told: str = ""
    asked: str = ""
    days: str = ""


_WEEKDAYS = WEEKDAYS.replace("oe", "ø").split(", ")
_DAYS = (
    *("i dag", "i morgen", "i overmorgen", "i aften", "i eftermiddag", "i formiddag", "today", "tomorrow", "tonight"),
    *_WEEKDAYS,
    *(f"{before} {day}" for before in ("på", "on", "nu på") for day in _WEEKDAYS),
)
_HOURS = (
    "kl #, kl # #, klokken #, efter kl #, efter kl # #, efter #, før kl #, før #, mellem # og #, at #, "
    "after #, before #, formiddag, "
    "eftermiddag, om formiddagen, om eftermiddagen, senere, senere i dag, snart, hurtigst muligt, i næste uge, næste uge, "
    "i denne uge, når du har tid, når i har tid, når du kan, når i kan, når det passer, når det passer dig, later, "
    "next week, when you can, when you have time, as soon as possible, soon"
)
_SUBJECT = ("", "jeg")
_UNABLE = ("kan ikke", "kan desværre ikke", "kan alligevel ikke", "kan desværre alligevel ikke", "kan ik", "kan desværre ik")
_COMING = ("", "komme", "deltage", "være med", "nå det", "komme mere", "nå det mere", "komme længere")
_SICK = (
    *("jeg er", "er", "jeg er blevet", "er blevet", "mit barn er", "barnet er", "min søn er", "min datter er", "jeg ligger"),
    *("barn", "mit barn", "barn er", "hele familien er"),
)
_AWAY = ("på arbejde", "på job", "på ferie", "ude at rejse", "bortrejst", "optaget", "forhindret")
_FROM = (
    *("kommunen", "skat", "skattestyrelsen", "gældsstyrelsen", "inkasso", "et inkassofirma", "udbetaling danmark", "banken"),
    *("en advokat", "fogeden", "fogedretten", "erhvervsstyrelsen", "jobcenteret", "jobcentret", "a kassen", "min a kasse"),
    *("forsikringen", "toldstyrelsen", "staten", "det offentlige", "jer", "et firma", "told og skat"),
)
_DONE = ("indberettet", "sendt", "betalt", "klaret", "ordnet", "gjort", "sendt ind", "indsendt")
_VAT = ("momsen", "moms", "min moms", "skemaet", "oplysningsskemaet", "mit oplysningsskema", "det hele")
_HELP = (
    "hjælp",
    "jeg har brug for hjælp",
    "har brug for hjælp",
    "brug for hjælp",
    "jeg mangler hjælp",
    "i need help",
    "need help",
)
_TALK = (
    *(
        "jeg vil gerne",
        "vil gerne",
        "jeg vil",
        "kan jeg",
        "kan jeg få lov at",
        "må jeg",
        "kunne jeg",
        "jeg kunne godt tænke mig at",
    ),
    *("jeg har brug for at", "har brug for at", "jeg trænger til at"),
)
_HUMAN = (
    *("et menneske", "et rigtigt menneske", "en rigtig person", "nogen", "dig", "jer", "min coach", "coachen", "min vejleder"),
    *("min sagsbehandler", "min konsulent", "*"),
)
_LETTERS = ("brev", "rykker", "rykkerbrev", "inkasso", "inkassobrev", "inkassovarsel", "opkrævning")
_GOT = (
    *("jeg har fået", "har fået", "fået", "jeg har lige fået", "har lige fået", "jeg fik", "fik", "jeg fik lige"),
    *("der er kommet", "jeg har modtaget", "har modtaget", "modtaget"),
)

OPENERS = "hej *, hi *, kære *, hej, undskyld, beklager, desværre, sorry, ups, hov, øv, godmorgen, goddag, godaften"
CLOSERS = (
    "mvh *, hilsen *, kh *, vh *, venlig hilsen *, med venlig hilsen *, hilsen, kh, vh, venlig hilsen, best regards *, "
    "bedste hilsner *, de bedste hilsner *"
)
NO_NAMES = frozenset(
    {
        *("man", "ingen", "aldrig", "naar", "fordi", "naeppe", "knap", "slet", "ikk", "ik", "ej", "alle", "kunden", "kunder"),
        *("banken", "laegen", "revisoren", "bogholderen", "advokaten", "naboen", "manden", "konen", "chefen"),
    }
)
"""Words that are no name where a name may stand."""

SENTENCES: Mapping[Word, Sentences] = {
    Word.NO: Sentences(
        plain="nej, næ, nope, no, nah, nej desværre, desværre nej, nej tak",
        about=_all(
            _each(_SUBJECT, _UNABLE, _COMING),
            _each(("det kan jeg",), ("", "desværre", "alligevel"), ("ikke", "ik")),
            _each(_SUBJECT, ("kommer", "deltager"), ("", "desværre", "alligevel"), ("ikke", "ik")),
            _each((*_SUBJECT, "må", "jeg må"), ("melder", "melde"), ("", "desværre"), ("afbud",)),
            POLITE_NO,
            "afbud, jeg når det ikke, når det ikke, jeg når det desværre ikke, desværre ikke, ikke denne gang, "
            "can t make it, i can t make it, can t come, i can t come, cannot make it, i cannot make it, cant make it, "
            "i cant make it, i cant come, i won t be there, i am not coming, i m not coming, won t make it, i won t make it, "
            "cant come, jeg når det ikke mere, når det ikke mere",
        ),
        tails=(
            "desværre, alligevel, ellers tak, ellers, beklager, undskyld, sorry, det vil jeg ikke, det ønsker jeg ikke, "
            "det er jeg ikke interesseret i, jeg vil helst ikke"
        ),
        meeting="komme, deltage, være med, til møde, til mødet, denne gang, anymore, any more",
        told=_all(
            _each(_SICK, ("syg", "sygt", "syge")),
            _each(("jeg er", "er", "jeg skal", "skal"), _AWAY),
            "syg, børnene er syge, jeg skal arbejde, skal arbejde, jeg arbejder, jeg har feber, har feber, jeg har influenza, "
            "har influenza, jeg har en anden aftale, har en anden aftale, i am sick, i m sick, i am ill, i m ill, "
            "my child is sick, my son is sick, my daughter is sick, i have to work, i am at work, i am on holiday",
        ),
        days=_each(_DAYS),
    ),
    Word.YES: Sentences(
        plain="ja, jaja, jep, jeps, jo, joda, ok, okay, oki, yes, yep, sure, klart, selvfølgelig, ja da, ja gerne, ja tak",
        about=_all(
            _each(("vi ses", "see you"), _DAYS),
            COMES_AFTER_ALL,
            "jeg kommer meget gerne, jeg deltager, jeg deltager gerne, deltager, deltager gerne, jeg er der, "
            "i ll be there, i will be there",
        ),
        tails=(
            "tak for sidst, og tak for sidst, det lyder godt, det lyder fint, det lyder rigtig godt, lyder godt, lyder fint, "
            "perfekt, super, dejligt, fint, godt, det er fint, det er helt fint, det er i orden, det er ok, "
            "det er okay, meget gerne, gerne, selvfølgelig, "
            "det vil jeg gerne, det ville være dejligt, det vil være dejligt, det må i gerne, det må du gerne, "
            "sounds good, that is fine, that s fine, great, perfect"
        ),
        meeting=_all(
            _each(("vi ses", "ses", "see you", "jeg kommer", "kommer"), ("", *_DAYS)),
            COMES_AFTER_ALL,
            "alligevel, vi ses der, see you there, see you then, jeg kommer gerne, jeg kommer til mødet, kommer gerne, "
            "til mødet, jeg er der, "
            "det gør jeg, det kan jeg, det kan jeg godt, det passer fint, det passer mig fint, jeg glæder mig, glæder mig, "
            "jeg glæder mig til det, glæder mig til det, glæder mig til at se dig, glæder mig til at se jer, "
            "jeg glæder mig til at se dig, jeg deltager, jeg deltager gerne, deltager gerne, i ll be there, i will be there, "
            "i can come, i am coming, i m coming",
        ),
        asked=(
            "hvor er det, hvor er det henne, hvor er det nu, hvor er mødet, hvor skal vi mødes, hvor mødes vi, hvor henne, "
            "hvornår er det, hvad tid, hvad tid er det, hvad skal jeg have med, hvad skal jeg tage med, "
            "skal jeg have noget med, "
            "skal jeg tage noget med, hvor lang tid tager det, hvor længe varer det, hvem kommer, "
            "where is it, when is it, what time, what should i bring, should i bring anything"
        ),
    ),
    Word.CALL: Sentences(
        about=_all(
            _each(("ring", "ring gerne", "ring lige"), ("", "til mig", "mig op", "mig")),
            _each(("kan", "vil", "gider", "kunne"), ("du", "i", "nogen", "min coach"), ("ringe",), ("", "til mig", "mig op")),
            _each(("kan * ringe", "vil * ringe", "kunne * ringe", "bed * ringe", "bed * om at ringe"), ("til mig", "mig op")),
            _each(("må jeg", "kan jeg", "jeg vil gerne", "vil gerne"), ("blive ringet op", "ringes op")),
            _each(_TALK, ("tale med", "snakke med"), _HUMAN),
            "kan vi tale sammen, kan vi snakke sammen, call me, call me back, please call, can you call me, "
            "can someone call me, can * call me, could you call me, i want to talk to a human, "
            "i want to talk to somebody, i want to speak to a human, can i talk to a human, can i talk to somebody",
            _each(_HELP[1:]),
            _each(("hjælp mig", "kan du hjælpe mig", "kan i hjælpe mig"), ("med",), ("moms", "momsen", "skat", "skemaet")),
            _each(_HELP, ("til", "med"), ("moms", "momsen", "min moms", "skat", "regnskab", "regnskabet", "bilag", "skemaet")),
            _each(("i need help with", "need help with", "help with"), ("vat", "my vat", "tax", "my tax")),
        ),
        tails=f"til mig, mig op, på, på mit nummer, mit nummer er, {_each(_DAYS)}, {_HOURS}",
    ),
    Word.LETTER: Sentences(
        about=_all(
            _each(("", *_GOT), ("", "et", "en", "endnu en", "et nyt"), _LETTERS),
            _each(("jeg forstår ikke", "forstår ikke"), ("brevet", "rykkeren", "det her brev")),
            TO_PAY,
            "i got a letter, i have got a letter, got a letter, i received a letter",
        ),
        tails=_all(
            _each(("fra",), _FROM),
            ABOUT_A_LETTER,
            "jeg ikke forstår, som jeg ikke forstår, jeg ikke forstår noget af, som jeg ikke forstår noget af, "
            "jeg forstår det ikke, jeg forstår den ikke, forstår det ikke, forstår den ikke, på # kr, på # # kr, på # kroner, "
            "på # # kroner, på #, i dag, i går, i e boks, i digital post, hvad gør jeg, hvad gør jeg nu, hvad skal jeg gøre, "
            "hvad skal jeg gøre nu, hvad betyder det, igen, i do not understand, i don t understand, "
            "from the tax agency, from the municipality, from the bank, what do i do, what should i do",
        ),
    ),
    Word.DONE: Sentences(
        plain="gjort, ja det er gjort, ja det er ordnet, ja det er sendt, ja det er betalt, ja det har jeg gjort",
        about=_all(
            _each(("så er", "nu er"), ("momsen", "skemaet", "oplysningsskemaet", "det", "den"), _DONE),
            _each(("moms", "momsen", "skemaet", "oplysningsskemaet", "det", "den", "det hele"), ("er",), _DONE),
            _each(("", "jeg", "så", "nu"), ("har",), _DONE, (*_VAT, "det", "den")),
            _each(("så har jeg", "nu har jeg"), _DONE, (*_VAT, "det", "den")),
            _each(("det har jeg",), ("gjort", "ordnet", "klaret", "sendt", "betalt")),
            _each(("i have", "i ve", "have"), ("filed", "paid", "sent", "done"), ("the vat", "my vat", "vat", "it")),
            "vat is done, vat is filed, vat is paid, the vat is done, the vat is filed, the vat is paid",
        ),
        tails=(
            "ja, i går, i dag, i morges, i aftes, i weekenden, allerede, for længst, og betalt, og sendt, "
            "og indberettet, til skat, "
            "det hele, yesterday, today, already"
        ),
    ),
    Word.STATUS: Sentences(
        about=_all(
            _each(("hvornår",), ("kommer",), ("pengene", "mine penge", "udbetalingen", "min udbetaling")),
            _each(("hvornår får jeg", "hvornår kan jeg få"), ("pengene", "mine penge", "penge", "udbetalingen", "svar")),
            _each(("hvad sker der",), ("med", "i"), ("min sag", "sagen", "pengene")),
            _each(
                ("er der nyt", "er der noget nyt", "noget nyt", "nyt"),
                ("i", "om", "fra", "med"),
                ("min sag", "sagen", "pengene"),
            ),
            _each(("hvor langt er i", "hvor langt er du", "hvordan går det"), ("med",), ("min sag", "sagen", "pengene")),
            _each(("er der sket", "hvad er der sket"), ("", "noget", "noget nyt"), ("i", "med"), ("min sag", "sagen")),
            WAITS,
            "has anything happened in my case, has anything happened with my case, "
            "hvor bliver pengene af, hvor er mine penge, hvor er pengene, when do i get my money, when do i get the money, "
            "when do i get paid, where is my money, what is happening with my case, any news about my case",
        ),
    ),
    Word.NEXT: Sentences(
        about=_all(
            _each(("hvornår", "hvad tid"), ("mødes vi", "skal vi mødes", "skal jeg til møde", "er mødet", "er vores møde")),
            "when do we meet, when is our meeting, what time is the meeting, what time do we meet",
        ),
    ),
    Word.ROBOT: Sentences(
        about=_all(
            _each(
                ("er du", "er det", "er i", "er medvind", "skriver jeg med", "taler jeg med", "er det bare"),
                ("en robot", "en maskine", "en computer", "et menneske", "et rigtigt menneske", "en rigtig person"),
                ("", "der skriver", "jeg skriver med"),
            ),
            "hvem skriver jeg med, hvem taler jeg med, who am i talking to",
            _each(("er der et menneske",), ("", "der", "der læser det her", "der læser med")),
            _each(("are you", "is this", "am i talking to"), ("a robot", "a bot", "human", "a human", "a real person")),
        ),
    ),
    Word.WHY: Sentences(
        about=_all(
            _each(("hvorfor skriver",), ("i", "du"), ("til mig",)),
            _each(
                ("hvorfor får jeg", "hvorfor sender i"),
                ("de her", "disse", "alle de her", ""),
                ("beskeder", "sms er", "smser"),
            ),
            "why do you write to me, why are you writing to me, why do i get these messages, why do you text me",
        ),
        tails="fra jer, hele tiden",
    ),
    Word.ABOUT: Sentences(
        about=(
            "hvem er i, hvem er det, hvem er det her, hvem skriver i for, hvem skriver du for, hvem er medvind, "
            "hvad er medvind, "
            "hvad er det her, hvem skriver, who are you, who is this, what is this, what is medvind"
        ),
    ),
    Word.ENGLISH: Sentences(
        about=(
            "do you speak english, can we speak english, can you speak english, can i write in english, i don t speak danish, "
            "i do not speak danish, i don t understand danish, i do not understand danish, only english, english only, "
            "taler du engelsk, taler i engelsk, kan vi tale engelsk"
        ),
    ),
    Word.DANISH: Sentences(about="taler du dansk, taler i dansk, kan vi tale dansk, kan vi skrive dansk, do you speak danish"),
}
