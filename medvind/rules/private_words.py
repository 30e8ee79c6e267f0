"""What is too private for a text message, in Danish and English: a plain list for a coach to read and to correct.

A phrase is written as in `danger_words`, without its words in capitals. Almost every phrase says whose it is, since people
here also write about their customers and wares. What is HARMLESS is taken out of a message before it is looked through.
"""

_ILLNESS = (
    "depression*/angst/angstlidelse/ptsd/skizofreni/bipolar/adhd/autisme/asperger/borderline/psykose/demens/kræft/*kræft/"
    "diabetes/sukkersyge/epilepsi/sklerose/hiv/hepatitis/kol/leddegigt/hjerneskade/blodprop/misbrug/spiseforstyrrelse/"
    "anoreksi/bulimi"
)
_ILLNESS_EN = (
    "depression/anxiety/ptsd/schizophrenia/bipolar/adhd/autism/borderline/psychosis/dementia/cancer/diabetes/epilepsy/hiv/"
    "hepatitis/anorexia/bulimia"
)

PRIVATE = {
    "illness": f"""
        jeg har {_ILLNESS}, jeg har en/fået/også/stadig/svær/let {_ILLNESS}, fået en/konstateret {_ILLNESS},
        jeg lider af {_ILLNESS}, min/mit {_ILLNESS}, jeg er bipolar/skizofren/psykotisk/manisk/alkoholiker/narkoman/deprimeret,
        min diagnose, mine diagnoser, fået en diagnose, fået diagnosen, fået stillet .. diagnose*, lægen siger jeg har,
        lægen siger at jeg har, sygemeldt med stress/depression/angst, jeg er/blev indlagt, jeg skal indlægges/opereres,
        min psykiater, min psykolog, min journal hos/på, mine blodprøver, min sygdom, min abort, min kemo*, får kemo*""",
    "medicine": """
        min/mine medicin/piller/sovepiller/recept/insulin/tabletter, jeg tager/spiser/får medicin/piller/sovepiller/insulin,
        jeg skal have medicin/piller/insulin, jeg er på medicin, antidepressiv*, sertralin*, citalopram*, ritalin*, lithium*,
        metadon*, lyrica, tramadol*""",
    "numbers": """
        cpr/cprnr/cprnummer #, cpr/cprnr/cprnummer er #, cpr nr/nummer #, cpr nr/nummer er #, personnummer #, personnummer er #,
        mit/min cpr er, mit cprnummer er, mit cpr nummer er, mit personnummer er, kontonummer/kontonr/kontonummeret .. #,
        min konto .. #, reg/regnr/registreringsnummer nr # konto*, reg/regnr # konto*, reg nr # konto*, mit/min iban, iban dk*,
        kortnummer/kortnr/kortnummeret .. #, dankort/visakort/mastercard #, min/mit pinkode/adgangskode/kodeord/password er,
        min kode til mitid/netbank/banken, mitid kode/adgangskode er""",
    "illness in English": f"""
        i have {_ILLNESS_EN}, i ve got {_ILLNESS_EN}, ive got {_ILLNESS_EN}, i got {_ILLNESS_EN}, i suffer from {_ILLNESS_EN},
        my {_ILLNESS_EN}, i am diagnosed, i was diagnosed, diagnosed me, diagnosed with {_ILLNESS_EN}, my diagnosis,
        the doctor says i have,
        my psychiatrist, my psychologist, my therapist, my illness, my abortion, i need surgery""",
    "medicine in English": """
        my medicine/medication/meds/pills/prescription/insulin, i take medicine/medication/pills/insulin, i am on medication,
        i am on meds, im on medication/meds, antidepressant*""",
    "numbers in English": """
        my account number .. #, account number .. #, my card number .. #, card number .. #, my pin is, my pin code is,
        my password is, my cpr number is, my cpr is, cpr number #, my iban""",
}
HARMLESS = """
    har angst for, my anxiety about, min psykolog praksis/klinik/uddannelse, my therapist practice/training,
    min/mit/mine diabetes/adhd/demens/medicin kurser/kursus/app/bog/kunder/klienter/produkter/butik/foredrag/varer,
    jeg har diabetes/adhd/demens/kræft kurser/kursus/kunder/klienter/produkter/foredrag"""
