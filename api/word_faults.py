"""What is wrong with words that somebody would like to have sent: in Danish, by the English sentence."""

from collections.abc import Mapping

OF_WORDS: Mapping[str, str] = {
    "{field}: {fault}": "{field}: {fault}",
    # what can't be read as a text
    "line {line}: {reason}; compare it with the words that are shipped": (
        "linje {line}: kan ikke læses som en tekst; sammenlign den med Medvinds egen tekst"
    ),
    "line {line}: {part} is more than a text may use; there are values, {{% if %}}, {{% set %}} and {filters}": (
        "linje {line}: {part} er mere, end en tekst må bruge; der er værdier, {{% if %}}, {{% set %}} og {filters}"
    ),
    "line 1: too deep or too large to be read; write it plainly": (
        "linje 1: for indviklet eller for stort til at blive læst; skriv det mere enkelt"
    ),
    "line 1: it can't be read ({reason}); write it plainly": "linje 1: kan ikke læses; skriv det mere enkelt",
    "line 1: longer than {most} characters; make it shorter": "linje 1: længere end {most} tegn; gør teksten kortere",
    "line 1: more than {most} ways through it; take some of the choices out": (
        "linje 1: teksten kan se ud på mere end {most} måder; tag nogle af valgene ud"
    ),
    # values
    "line {line}: {name} may be missing; write it between {{% if {name} is defined %}} ... {{% endif %}}": (
        "linje {line}: {name} kan mangle; skriv det mellem {{% if {name} is defined %}} ... {{% endif %}}"
    ),
    "line {line}: there is no {name} in this text; did you mean {near}?": (
        "linje {line}: der findes ingen {name} i denne tekst; mente du {near}?"
    ),
    "line {line}: there is no {name} in this text; it can name {values}": (
        "linje {line}: der findes ingen {name} i denne tekst; den kan nævne {values}"
    ),
    "line {line}: there is no {name} in this text; it can name no values": (
        "linje {line}: der findes ingen {name} i denne tekst; den kan ikke nævne nogen værdier"
    ),
    "line 1: a value is compared or written as something that it isn't; see the shipped words": (
        "linje 1: en værdi sammenlignes eller skrives som noget, den ikke er; se Medvinds egen tekst"
    ),
    "line 1: how long {values} can be is not known; texts/lengths.py must say it": (
        "linje 1: ingen ved, hvor langt {values} kan blive; det skal stå i texts/lengths.py"
    ),
    "text {key} ({language}): '{name}' is undefined": "teksten {key} ({language}) kan ikke skrives: '{name}' mangler",
    "text {key} ({language}): {reason}": "teksten {key} ({language}) kan ikke skrives med det, vi ved",
    "text {key} ({language}): a value isn't a day, a time or a period": (
        "teksten {key} ({language}) kan ikke skrives: en værdi er hverken en dag, et klokkeslæt eller en periode"
    ),
    # what no message says
    "'{found}' is a web or mail address, which phone companies filter; name the place instead, such as TastSelv": (
        "'{found}' er en web- eller mailadresse, og dem stopper teleselskaberne; skriv stedets navn, for eksempel TastSelv"
    ),
    "'{found}' speaks of an amount; say where it can be seen instead": (
        "'{found}' handler om et beløb; skriv i stedet, hvor det kan ses"
    ),
    "'{found}' could be an amount; amounts stay out of messages": (
        "'{found}' kunne være et beløb; beløb hører ikke hjemme i en besked"
    ),
    "'{found}' is confidential in an SMS; 'din sag', 'din periode' or 'dit projekt' ('your case', 'your period') say enough": (
        "'{found}' er fortroligt i en sms; 'din sag', 'din periode' eller 'dit projekt' ('your case', 'your period') er nok"
    ),
    "'{found}' is a word of health, and health stays out of messages; ask about the project": (
        "'{found}' er et ord om helbred, og det hører ikke hjemme i en besked; spørg til projektet"
    ),
    # what is left over
    "'{found}' is left over; a value stands in two braces on each side, such as {{{{ first_name }}}}": (
        "'{found}' er tilovers; en værdi står med to tuborgklammer på hver side, for eksempel {{{{ first_name }}}}"
    ),
    "'{found}' is a day as computers write it; add |weekday, |date or |clock to the value": (
        "'{found}' er en dag, som computere skriver den; sæt |weekday, |date eller |clock efter værdien"
    ),
    "'{found}' is a period as computers write it; add |period to the value": (
        "'{found}' er en periode, som computere skriver den; sæt |period efter værdien"
    ),
    "'{found}' is a number that nobody can read aloud; add |phone to the value": (
        "'{found}' er et nummer, som ingen kan læse højt; sæt |phone efter værdien"
    ),
    "'{found}' is what a missing value leaves behind; ask for it by {{% if ... is defined %}}": (
        "'{found}' er det, der bliver stående, når en værdi mangler; spørg efter den med {{% if ... is defined %}}"
    ),
    "'{found}' is a blank too many; take it out": "'{found}' er et mellemrum for meget; tag det ud",
    "'{found}' is a sign too many, or one after a blank; take it out": (
        "'{found}' er et tegn for meget, eller et tegn efter et mellemrum; tag det ud"
    ),
    "in one of its forms it says nothing; write something there": "i en af sine former siger teksten intet; skriv noget dér",
    "a control character stands in it; type the words anew": "der står et styretegn i teksten; skriv teksten igen",
    # what an SMS has no room for
    "{units} characters; above {most} the SMS about it has two parts": (
        "{units} tegn; er der mere end {most}, bliver SMS'en om det til to dele"
    ),
    "with the longest values it fills {units} septets, and an SMS has {most}; make it {over} shorter": (
        "med de længste værdier fylder teksten {units} tegn, og en sms har plads til {most}; gør den {over} kortere"
    ),
    "with the longest values it has {length} characters, {most} at most; make it shorter": (
        "med de længste værdier er teksten på {length} tegn, og der må højst være {most}; gør den kortere"
    ),
    "'{sign}' leaves room for only 70 characters in an SMS; write {twin}": (
        "med '{sign}' er der kun plads til 70 tegn i en sms; skriv {twin}"
    ),
    "'{sign}' leaves room for only 70 characters in an SMS; take it out": (
        "med '{sign}' er der kun plads til 70 tegn i en sms; tag det ud"
    ),
}
