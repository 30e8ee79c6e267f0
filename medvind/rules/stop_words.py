"""What is asked about before anything stops: a stop that was mistyped, and the wish for it in other words."""

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
