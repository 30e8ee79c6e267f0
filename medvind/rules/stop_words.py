"""What is asked about before anything stops: a stop that was mistyped, and the wish for it in other words."""

from collections.abc import Sequence

NEARLY = (
    "sotp, stpo, tsop, otsp, stp, sttop, stoop, stopo, stopl, stoo, stob, atop, dtop, stpp, stopt, afmled, amfeld, "
    "afmed, afmeldt, afmelt, affmeld, afmld, afmel, afmedl, framled, farmeld, framelt, unsubscibe, unsubcribe, "
    "afmled mig, amfeld mig, afmed mig, affmeld mig, framled mig"
)
"""Where nothing else is said. A thumb that slips must not be taken for a stop, nor for nothing."""
WISHES = (
    "skal ikke skrive mere, må ikke skrive mere, ikke skrive mere til mig, ikke skrive til mig, ikke skrive flere, "
    "skriv ikke mere til mig, skriv ikke til mig, skriv ikke mere, skriv ikke flere, ikke have flere beskeder, "
    "ikke have flere sms, ikke have flere sms er, ikke have mere fra jer, ikke have de her beskeder, "
    "ikke have jeres beskeder, ikke have beskeder, ikke modtage flere, ikke modtage beskeder, "
    "ikke få flere beskeder, ikke få flere sms, ikke få beskeder, ingen flere beskeder, ingen flere sms, "
    "ikke flere beskeder, ikke flere sms, ikke sende flere, ikke sende mig, send ikke flere, send mig ikke flere, "
    "ikke flere påmindelser, ikke flere spørgsmål fra jer, gider ikke de her beskeder, gider ikke jeres beskeder, "
    "gider ikke flere beskeder, lad være at skrive, lad vær med at skrive, lad vær at skrive, skal ikke skrive til hende, "
    "skal ikke skrive til ham, skal ikke skrive til mig, ikke skrive til hende mere, ikke skrive til ham mere, "
    "ikke kontaktes, ikke kontakte mig, kontakt mig ikke, fjern mig fra, slet mig fra, tag mig af listen, "
    "meld mig fra, meld mig ud, lad mig være i fred, lad mig nu være i fred, lad mig bare være i fred, "
    "lad mig få fred, lad mig i fred, hold op med at skrive, hold op med de beskeder, lad være med at skrive, "
    "lad være med at sende, ikke høre mere fra, ikke høre fra, ikke være med mere, ikke være med længere, "
    "no more messages, no more texts, no more sms, no more text messages, leave me alone, remove me from, "
    "take me off, don t text me, dont text me, do not text me, don t write me, don t write to me, "
    "do not write to me, don t message me, do not message me, don t contact me, do not contact me, no longer want, "
    "don t want any more messages, don t want messages, do not want messages, don t want these messages"
)
"""Wherever in a text they stand: who writes so may mean all messages or only the last one."""
_PLAIN = frozenset(
    {
        *("jeg", "vil", "vi", "gerne", "oensker", "at", "maa", "kan", "du", "i", "kunne", "skal", "faa", "have"),
        *("hos", "fra", "til", "paa", "det", "her", "de", "den", "dem", "disse", "mine", "jeres", "alle", "alt"),
        *("mig", "jer", "os", "dig", "nu", "lige", "bare", "helt", "tak", "venligst", "med", "ikke", "mere"),
        *("flere", "laengere", "skrive", "sende", "modtage", "besked", "beskeder", "beskeden", "beskederne", "sms"),
        *("smser", "er", "erne", "paamindelser", "medvind", "stop", "stopp", "stoppe", "stopper", "stoppes"),
        *("afmeld", "afmelde", "afmeldes", "framelde", "hej", "please", "want", "to", "would", "like", "you", "the"),
        *("these", "your", "my", "me", "messages", "texts", "texting", "writing", "no", "more", "thanks"),
        *("stopping", "can", "could"),
    }
)


def is_plain_wish(tokens: Sequence[str]) -> bool:
    """Whether nothing else stands there that might be what stops: a business, the bus, a habit."""
    return all(token in _PLAIN for token in tokens)
