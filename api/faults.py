"""What is wrong with one field of a call, told in the language of the caller.

The English sentence that is raised is the name of the Danish one. A new sentence needs its line here, with the same places; a
test names those that have none. `{reason}` alone may be left out: it is what a library says, or what whoever runs the service
reads, and that is English.
"""

from collections.abc import Mapping
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ValidationInfo

from api.shapes import OF_SHAPES
from api.word_faults import OF_WORDS
from medvind.model import Language
from medvind.saying import Saying

OF_CALLS: Mapping[str, str] = {
    # lists, and calls made again
    "take it from `next` of the page before": "tag den fra `next` på siden før",
    "was used for another call within a day; take a new one": "er brugt til et andet kald inden for et døgn; tag en ny",
    # the plan and pauses
    "in the past": "tidspunktet er allerede passeret",
    "true no longer; before {time}": "da passer beskeden ikke længere; vælg et tidspunkt før {time}",
    "nothing leaves at that hour, and afterwards it would be true no longer": (
        "på det tidspunkt sendes der ikke noget, og bagefter passer beskeden ikke længere"
    ),
    "an answer to what somebody wrote leaves at once": "et svar på det, personen har skrevet, bliver sendt med det samme",
    "a day to come; messages begin again on it": "vælg en senere dag end i dag; den dag begynder beskederne igen",
    "at most a year from now": "højst et år frem",
    # meetings
    "somebody is named twice": "den samme person står der to gange",
    "the meeting is cancelled, so nobody came and nobody stayed away": "mødet er aflyst, så ingen kom, og ingen blev væk",
    "the meeting has not begun; enter it from then on": "mødet er ikke begyndt endnu; vent, til det går i gang",
    "it could be entered and changed until {day}; now it stands": (
        "det kunne skrives ind og rettes til og med {day}; nu ligger det fast"
    ),
    # who stands in, and who is away
    "no coach has this address; 'medvind token create --role coach' makes one": (
        "ingen coach har den adresse; 'medvind token create --role coach' opretter en"
    ),
    "nobody stands in for themself; name a colleague": "man kan ikke være stedfortræder for sig selv; vælg en kollega",
    "lies before first_day; an absence of one day has the same day in both": (
        "ligger før first_day; er det kun én dag, så skriv den samme dag begge steder"
    ),
    "is over already; name today or a day to come": "dagen er allerede gået; vælg i dag eller en senere dag",
    "lies more than a year ahead; name an earlier one, it can be put off later": (
        "ligger mere end et år ude i fremtiden; vælg en tidligere dag, den kan udskydes senere"
    ),
    # erasing somebody
    "is not this person's; look at what would go first, and take the code from there": (
        "hører ikke til den person; se først, hvad der vil blive slettet, og tag koden derfra"
    ),
    "is kept for a case; an administrator ends that first": "gemmes til en sag; det skal en administrator først ophæve",
    "may take it back until {time}; erase them after that": "kan fortryde indtil {time}; slet først efter det",
    "they have not written SLET MIG; an administrator says why they are erased": (
        "personen har ikke skrevet SLET MIG; så skal en administrator skrive grunden"
    ),
    # joining Telegram
    "this person has joined Telegram already; START from it begins again, and a code for another account has to be asked for "
    "as a change": (
        "personen er allerede med i Telegram; skriver personen START der, begynder det igen, og til en anden konto beder du om "
        "en kode med change"
    ),
    "this person has joined Telegram already; a link for another account is handed out as a change": (
        "personen er allerede med i Telegram; til en anden konto laver du et link med change"
    ),
    "there is no confirmed number with a yes to SMS; hand out a link instead": (
        "der er intet bekræftet nummer med et ja til sms; giv et link i stedet"
    ),
    "nothing may be sent at this hour; send it when the day begins, or hand out a link": (
        "på det her tidspunkt må der ikke sendes noget; send koden, når dagen begynder, eller giv et link"
    ),
    "one was made within the last 15 minutes; wait until they are over, or hand out a link": (
        "der er lavet en kode inden for de sidste 15 minutter; vent, til de er gået, eller giv et link"
    ),
    # the support for starting a business
    "another extension of that day is recorded; take it back first": (
        "der er allerede en anden forlængelse fra den dag; tag den tilbage først"
    ),
    "take back the later ones first, so that nobody is told of an end that was none": (
        "tag de senere forlængelser tilbage først, så ingen får besked om en slutdato, der aldrig gjaldt"
    ),
    "that day is still to come": "den dag er ikke kommet endnu",
    "the business had not started by then": "virksomheden var ikke startet den dag",
    "the support ended before that, on {day}": "støtten sluttede allerede {day}",
    "a pension goes on, so there is no end to put off": "en pension løber videre, så der er ingen slutdato at udskyde",
    "not known yet, so there is no end to put off": "kendes ikke endnu, så der er ingen slutdato at udskyde",
    "not known, so no end can be reckoned": "kendes ikke, så slutdatoen kan ikke regnes ud",
    # writing to somebody
    "this person has written no such message; take the `id` from their thread": (
        "sådan en besked har personen ikke skrevet; tag `id` fra personens tråd"
    ),
    "has not said yes to messages yet; the invitation asks, or enter consent_on": (
        "har ikke sagt ja til beskeder endnu; invitationen spørger om det, eller skriv datoen i consent_on"
    ),
    "there is no confirmed address with a yes to {channel}; leave the channel out": (
        "der er ingen bekræftet adresse med et ja til {channel}; udelad channel"
    ),
    "no address is confirmed or works any more; call, and enter another number": (
        "ingen adresse er bekræftet eller virker længere; ring, og skriv et andet nummer ind"
    ),
    "has said STOP, and is written to no more; call. START from them begins again": (
        "har sagt STOP og får ikke flere beskeder; ring i stedet. Skriver personen START, begynder det igen"
    ),
    "there is a CPR number in it, or what looks like one; take it out": (
        "der står et CPR-nummer i teksten, eller noget, der ligner; tag det ud"
    ),
    "at most {most} signs with your name; write two messages": "højst {most} tegn med dit navn; skriv to beskeder",
    "fills {parts} SMS with your name, and {most} are the most; make it shorter": (
        "fylder {parts} sms'er med dit navn, og der må højst være {most}; gør teksten kortere"
    ),
    "{most} messages have gone to this person within 24 hours; call instead": (
        "der er sendt {most} beskeder til personen inden for 24 timer; ring i stedet"
    ),
    "you have written {most} messages within 24 hours; wait, or call": (
        "du har skrevet {most} beskeder inden for 24 timer; vent, eller ring"
    ),
    "this person's quiet hours leave no hour to write in; call, or change them": (
        "personens stille timer levner ingen tid til en besked; ring, eller lav dem om"
    ),
    # trying a text on one's own phone
    "this token has no phone; 'medvind token create --email … --phone …' enters one": (
        "der hører ingen telefon til nøglen; 'medvind token create --email … --phone …' tilføjer en"
    ),
    "{most} tries have gone to your phone within 24 hours; look at the preview here": (
        "der er sendt {most} prøver til din telefon inden for 24 timer; se teksten her i stedet"
    ),
    # what the municipality has decided
    "{reason}. For example: {example}": (
        "indstillingen kan ikke læses; den, der driver Medvind, skal rette den, for eksempel til: {example}"
    ),
}
DANISH: Mapping[str, str] = {**OF_CALLS, **OF_WORDS, **OF_SHAPES}

Out = TypeVar("Out", bound=BaseModel)


def say(saying: Saying, language: Language) -> str:
    """In the caller's language; a sentence that nobody has put into it yet is told in English."""
    match language:
        case Language.EN:
            return str(saying)
        case Language.DA:
            values = {name: _value(value, language) for name, value in saying.values.items()}
            return DANISH.get(saying.english, saying.english).format_map(values)


def _value(value: str | int | Saying, language: Language) -> str | int:
    return say(value, language) if isinstance(value, Saying) else value


def _told(said: object, asked: ValidationInfo) -> object:
    return say(said, asked.context) if isinstance(said, Saying) and isinstance(asked.context, Language) else said


Told = Annotated[str, BeforeValidator(_told)]
"""In an answer: what a flow says is wrong, as words of the caller's language. The answer is made by `told`."""


def told(answer: type[Out], what: object, language: Language) -> Out:
    """The answer, with each `Told` in it in this language."""
    return answer.model_validate(what, from_attributes=True, context=language)
