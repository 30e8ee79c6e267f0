"""The words people answer with. All of it is data: a word more is an entry more."""

from enum import StrEnum


class Word(StrEnum):
    """What a known word asks for or answers; the answers are also what a button carries."""

    STOP = "stop"
    OPT_IN = "opt in"
    HELP = "help"
    CALL = "call"
    DONE = "done"
    YES = "yes"
    NO = "no"
    MAYBE = "maybe"
    NEXT = "next"
    STATUS = "status"
    WHY = "why"
    PAUSE = "pause"
    LETTER = "letter"
    MY_DATA = "my data"
    MY_CARD = "my card"
    ASK = "ask"
    ERASE = "erase"
    KEEP = "keep"
    DANISH = "danish"
    ENGLISH = "english"
    TELEGRAM = "telegram"
    WRONG_NUMBER = "wrong number"
    STOP_MEETINGS = "stop meetings"
    STOP_DEADLINES = "stop deadlines"
    STOP_CHECK_INS = "stop check-ins"
    STOP_ENCOURAGEMENT = "stop encouragement"
    HELP_MORE = "help more"
    ABOUT = "about"
    ROBOT = "robot"


SAID = {
    Word.STOP: (
        "stop, stopp, stopall, stop all, stop alt, stop alle, stop det hele, afmeld, afmeld mig, afmelding, frameld, "
        "frameld mig, framelding, unsubscribe, unsubscribe me, cancel, end, quit, nej stop, stop medvind, "
        "stop alle beskeder, "
        "stop sms, stop sms er, stop sms erne, stop smser, stop smserne, stop alle sms, stop alle sms er, stop pls, stop plz, "
        "pls stop, plz stop, stop besked, stop beskeder, stop beskederne, stop alle beskederne, stop de beskeder, "
        "stop flere beskeder, stop messages, stop all messages, stop the messages, stop text, stop texts, stop all texts, "
        "afmeld sms, afmeld sms er, afmeld alt, afmeld alle, afmeld besked, afmeld beskeder, afmeld beskederne, "
        "afmeld alle beskeder, frameld sms, frameld beskeder, ja stop, ja tak stop, ok stop, okay stop, ja afmeld, "
        "ja afmeld mig, nej afmeld, nej afmeld mig, stop alligevel, stop mig, s t o p, 🛑"
    ),
    Word.OPT_IN: ("start, start igen, start again, tilmeld, tilmeld mig, tilmeld mig igen, unstop"),
    Word.HELP: (
        "hjælp, hjelp, hjælb, jælp, help, info, hjælp mig, help me, hvad kan jeg skrive, hvad kan jeg svare, "
        "hvad skal jeg skrive, hvad skal jeg svare, what can i write, what can i answer, ?"
    ),
    Word.CALL: (
        "ring, ring til mig, ring mig op, ring op, ring gerne, ring gerne til mig, du må gerne ringe, "
        "i må gerne ringe, du må gerne ringe til mig, i må gerne ringe til mig, vil gerne ringes op, "
        "jeg vil gerne ringes op, kan du ringe, kan du ringe til mig, kan i ringe til mig, gider du ringe, "
        "gider du ringe til mig, vil du ringe til mig, ja ring, call, call me, please call me, can you call me, "
        "can you call me pls, could you call me, i would like a call"
    ),
    Word.DONE: (
        "klar, færdig, jeg er færdig, er færdig, helt færdig, done, i am done, finished, sendt, det er sendt, "
        "klaret, det er klaret, ja det er klaret, indberettet, indberettet og betalt, sendt og betalt, betalt, "
        "det er betalt, har betalt, jeg har betalt, ordnet, det er ordnet, så er den sendt, den er sendt, "
        "så er den klaret, momsen er sendt, momsen er betalt, momsen er klaret, all done, it is done, i m done"
    ),
    Word.YES: (
        "ja, jatak, jada, ja da, jep, jeps, jo, joda, javel, j, y, yes, yep, yeah, sure, ok, okay, okey, oki, k, "
        "gerne, ja gerne, meget gerne, ja meget gerne, selvfølgelig, ja selvfølgelig, naturligvis, klart, ja klart, "
        "helt sikkert, ja helt sikkert, det kan jeg, ja det kan jeg, ja det kan jeg godt, det kan jeg godt, "
        "jeg kommer, ja jeg kommer, jeg kommer gerne, ja jeg kommer gerne, jeg er med, ja jeg er med, det må i, "
        "ja det må i, ja det må i gerne, det må i gerne, ja det må du gerne, fint med mig, det passer fint, "
        "ja det passer fint, det passer mig fint, ja det passer mig fint, ja det er fint, ja det er helt fint, "
        "det er helt fint, ja ok, ok ja, jo da, ja det gør jeg, det gør jeg, ja vi ses, vi ses, ja jeg glæder mig, "
        "jeg glæder mig, ja det vil jeg gerne, jaa, yes i can, i am coming, yes i am coming, i m coming, "
        "yes i m coming, yes i will, yes i will come, i will be there, yes i will be there, of course, 👍, 👌, ✅, "
        "ja det er mig, det er mig, ja alligevel, jo alligevel, ja tak alligevel, ok så ja, så ja, ja så"
    ),
    Word.NO: (
        "nej, nejtak, nope, næ, næh, nah, niks, n, no, no way, desværre, desværre nej, nej desværre, "
        "desværre ikke, nej ikke, helst ikke, nej helst ikke, kan ikke, jeg kan ikke, nej jeg kan ikke, nej kan ikke, "
        "kan desværre ikke, jeg kan desværre ikke, nej jeg kan desværre ikke, nej desværre jeg kan ikke, "
        "desværre jeg kan ikke, det kan jeg ikke, nej det kan jeg ikke, nej det kan jeg desværre ikke, "
        "det kan jeg desværre ikke, jeg kommer ikke, nej jeg kommer ikke, kommer ikke, det må i ikke, "
        "nej det må i ikke, ikke interesseret, jeg er ikke interesseret, can t, i can t, cannot, i cannot, "
        "jeg kan ikke komme, jeg kan desværre ikke komme, kan ikke komme, nej jeg kan ikke komme, kommer desværre ikke, "
        "jeg kommer desværre ikke, nej slet ikke, slet ikke, det passer mig ikke, nej det passer mig ikke, "
        "nej det passer ikke, nej det behøver du ikke, det behøver du ikke, nej det er ikke nødvendigt, neej, "
        "nej tak det er ikke nødvendigt, det er ikke nødvendigt, no i can t, i can t come, i cant, i cant come, "
        "i cannot come, no i cannot, i am not coming, i m not coming, not interested, no thank you, sorry no, 👎, "
        "ikke lige nu, nej ikke lige nu"
    ),
    Word.MAYBE: (
        "måske, måske ikke, muligvis, ved ikke, ved det ikke, jeg ved det ikke, ved ikke endnu, ved det ikke endnu, "
        "det ved jeg ikke, jeg ved det ikke endnu, det ved jeg ikke endnu, ikke sikker, jeg er ikke sikker, "
        "måske det ved jeg ikke, måske måske ikke, ved det ik endnu, ved det ik, det ved jeg ik, maybe, maybe not, perhaps, "
        "not sure, not sure yet, i am not sure, i m not sure, don t know, i don t know, i don t know yet"
    ),
    Word.NEXT: (
        "næste, næst, nest, næste møde, mit næste møde, hvornår er næste møde, hvornår er mit næste møde, "
        "hvornår er det næste møde, hvornår er mødet, hvad er det næste, hvad er næste, next, next meeting, my next meeting, "
        "when is my next meeting, when is the next meeting, what is next"
    ),
    Word.STATUS: (
        "status, statu, min status, hvad er status, hvad er status på min sag, hvor langt er min sag, hvor er min sag, "
        "hvordan går det med min sag, status på min sag, my status, what is my status, how far is my case"
    ),
    Word.WHY: (
        "hvorfor, hvorfor skriver du, hvorfor skriver i, hvorfor spørger du, hvorfor spørger i, "
        "hvorfor får jeg den her besked, hvorfor får jeg denne besked, hvorfor får jeg det her, why, "
        "why are you asking, why do i get this, why are you writing"
    ),
    Word.LETTER: (
        "brev, rykker, rykkerbrev, et brev, en rykker, fået brev, fået et brev, fået rykker, fået en rykker, "
        "har fået et brev, har fået en rykker, jeg har fået et brev, jeg har fået en rykker, jeg har fået et rykkerbrev, "
        "jeg har fået et brev jeg ikke forstår, har fået et brev jeg ikke forstår, et brev jeg ikke forstår, "
        "jeg forstår ikke brevet, letter, a letter, i got a letter, i have got a letter, "
        "i got a letter i do not understand, i got a letter i don t understand, "
        "i got a letter i dont understand"
    ),
    Word.MY_DATA: (
        "mine data, minedata, mine oplysninger, se mine data, jeg vil gerne se mine data, jeg vil se mine data, "
        "send mig mine data, send mine data, må jeg se mine data, kan jeg se mine data, hvad ved i om mig, "
        "hvad ved du om mig, my data, mydata, send me my data, i want to see my data"
    ),
    Word.MY_CARD: ("mit, mit kort, vis mit kort, vis mig mit kort, se mit kort, my card, show my card, show me my card"),
    Word.ASK: (
        "spørg, spørg min coach, spørg coachen, spørg coach, spørg min vejleder, spørg min konsulent, spørg om noget, "
        "spørg min coach om noget, jeg vil spørge min coach, jeg vil gerne spørge min coach, "
        "jeg vil spørge min coach om noget, jeg vil gerne spørge min coach om noget, kan du spørge min coach, "
        "kan du spørge min coach om noget, må jeg spørge min coach om noget, kan jeg spørge min coach om noget, "
        "jeg har et spørgsmål til min coach, spørgsmål til min coach, ask, ask my coach, ask the coach, "
        "ask my coach something, i want to ask my coach, i want to ask my coach something, "
        "i would like to ask my coach something, can i ask my coach something, can you ask my coach, "
        "can you ask my coach something, i have a question for my coach"
    ),
    Word.ERASE: (
        "slet mig, sletmig, slet mine data, slet mine oplysninger, slet alt om mig, slet alt, slet mig helt, "
        "jeg vil gerne slettes, jeg vil slettes, ja slet mig, erase me, delete me, delete my data, erase my data, "
        "delete everything"
    ),
    Word.KEEP: (
        "behold, behold mig, behold mine data, behold mine oplysninger, keep, keep me, keep my data, ja behold mig, "
        "nej behold mig, slet mig ikke, nej slet mig ikke, slet mig alligevel ikke, slet mig ikke alligevel, "
        "nej slet mig ikke alligevel, ikke slet mig, slet ikke mig, slet ikke mine data, no keep me, don t delete me, "
        "dont delete me, do not delete me, no don t delete me, no dont delete me"
    ),
    Word.DANISH: ("dansk, på dansk, skriv dansk, skriv på dansk, kan du skrive på dansk, danish, in danish"),
    Word.ENGLISH: (
        "english, engelsk, på engelsk, skriv engelsk, skriv på engelsk, kan du skrive på engelsk, in english, "
        "write in english, can you write in english"
    ),
    Word.TELEGRAM: (
        "telegram, hellere telegram, jeg vil hellere bruge telegram, jeg vil gerne bruge telegram, kan jeg få telegram, "
        "kan vi bruge telegram, i would rather use telegram, can we use telegram"
    ),
    Word.WRONG_NUMBER: (
        "forkert nummer, det er forkert nummer, det er et forkert nummer, du har forkert nummer, i har forkert nummer, "
        "du har fået forkert nummer, i har fået forkert nummer, wrong number, "
        "you have the wrong number, this is the wrong number"
    ),
    Word.STOP_MEETINGS: ("stop møder, stop møde, stop møderne, stop meetings, stop meeting"),
    Word.STOP_DEADLINES: ("stop frister, stop fristerne, stop frist, stop moms, stop skat, stop deadlines, stop vat, stop tax"),
    Word.STOP_CHECK_INS: (
        "stop spørgsmål, stop spørgsmålene, stop spørgsmålet, stop check in, stop check ins, stop questions, stop question"
    ),
    Word.STOP_ENCOURAGEMENT: (
        "stop opmuntring, stop opmuntringer, stop opmuntringen, stop hilsner, stop hilsen, stop hilsnerne, "
        "stop encouragement, stop encouragements, stop greetings, stop greeting"
    ),
    Word.PAUSE: (
        "pause, puase, en pause, hold pause, jeg vil gerne have en pause, jeg vil have en pause, jeg vil gerne holde pause, "
        "må jeg få en pause, kan jeg få en pause, jeg har brug for en pause, i need a break, can i have a break, a break"
    ),
    Word.ABOUT: ("hvem er i, hvem er medvind, hvad er medvind, who are you, what is medvind"),
    Word.ROBOT: ("er du en robot, er det en robot, are you a robot, is this a robot"),
    Word.HELP_MORE: ("hjælp mere, mere hjælp, help more, more help, flere ord, more words"),
}
REGRETS = (
    "jeg fortryder, fortryder, ja jeg fortryder, nej jeg fortryder, jeg fortryder det, jeg har fortrudt, ja jeg har fortrudt, "
    "nej jeg har fortrudt, har fortrudt, fortrudt, i changed my mind, i regret it"
)
"""What takes a wish back where that was the last thing that was asked."""
COURTESY = frozenset(
    {"venligst", "tak", "please", "thanks", "thank", "you", "nu", "now", "hej", "hi", "hello", "lige", "saa", "mvh"}
)
MOODS = (
    "ok, okay, godt, fint, fint nok, meget godt, rigtig godt, det går godt, det går fint, det går ok, går godt, "
    "går fint, det går meget godt, det går rigtig godt, super, skidt, dårligt, det går skidt, "
    "det går dårligt, ikke så godt, ikke godt, "
    "tungt, det er tungt, "
    "sådan da, nogenlunde, det går nogenlunde, nul, ingen, good, fine, bad, not good, so so"
)
COUNTED = (
    ("nul", "zero", "halv", "halvanden", "half"),
    ("en", "et", "one"),
    ("to", "two"),
    ("tre", "three"),
    ("fire", "four"),
    ("fem", "five"),
    ("seks", "six"),
    ("syv", "seven"),
    ("otte", "eight"),
    ("ni", "nine"),
    ("ti", "ten"),
    ("elleve", "eleven"),
    ("tolv", "twelve"),
    ("tretten", "thirteen"),
    ("fjorten", "fourteen"),
)
NUMBERS = {name: value for value, names in enumerate(COUNTED) for name in names}
ARTICLES = frozenset({"en", "et"})
"""One, or a mere article beside another number: "et 3-tal"."""

AROUND_A_NUMBER = (
    "ca, cirka, omkring, vel, nok, vist, mest, jeg, vil, siger, sige, giver, give, det, den, er, bliver, bare, kun, "
    "en, et, tal, tallet, mit, svar, svaret, tak, venligst, hej, i, dag, lige, nu, about, around, say, d, it, is, my, "
    "answer, a, an, number, today, thanks, please, hi, tror, desværre, ud, af, eller, og, mellem, or, and, between, out, of, "
    "think, only, just, sadly"
)
HEDGES = frozenset({"men", "eller", "hvis", "dog", "medmindre", "but", "or", "if", "unless", "though"})
"""What takes half of a yes or a no back, where it comes right after it."""
STOPPING = frozenset(
    {
        "stop",
        "stopp",
        "stoppe",
        "stopper",
        "stoppes",
        "afmeld",
        "afmelde",
        "afmeldes",
        "frameld",
        "framelde",
        "frameldes",
        "unsubscribe",
    }
)
"""Words that may mean that somebody wants no more messages, wherever they stand. Whether they do is asked."""
PAUSE_UNITS = {"dag": 1, "dage": 1, "day": 1, "days": 1, "uge": 7, "uger": 7, "week": 7, "weeks": 7} | dict.fromkeys(
    ("maaned", "maaneder", "month", "months"), 30
)
"""In days."""
MONTHS = (
    ("januar", "january", "jan"),
    ("februar", "february", "feb"),
    ("marts", "march", "mar"),
    ("april", "apr"),
    ("maj", "may"),
    ("juni", "june", "jun"),
    ("juli", "july", "jul"),
    ("august", "aug"),
    ("september", "sep", "sept"),
    ("oktober", "october", "okt", "oct"),
    ("november", "nov"),
    ("december", "dec"),
)
WEEKDAYS = (
    "mandag, tirsdag, onsdag, torsdag, fredag, loerdag, soendag, monday, tuesday, wednesday, thursday, friday, saturday, sunday"
)

CHOICES = {
    phrase: picks
    for phrases, picks in (
        ("1, en, et, one, den foerste, det foerste, nummer 1, nr 1, the first", (True, False)),
        ("2, to, two, den anden, det andet, den sidste, nummer 2, nr 2, the second", (False, True)),
        ("begge, begge to, begge dele, both, 1 og 2, 1 and 2, 1 2", (True, True)),
    )
    for phrase in phrases.split(", ")
}
"""Which of two was meant, in compared form."""
