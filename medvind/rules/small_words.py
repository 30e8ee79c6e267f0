"""Small words around an answer: a number put right, a condition, a thank you, and what a finger makes of them. All is data."""

from medvind.rules.vocabulary import Word

IF_FREE = (
    "ja hvis det er gratis, ja tak hvis det er gratis, ok hvis det er gratis, kun hvis det er gratis, "
    "ja men kun hvis det er gratis, ja hvis det ikke koster noget, ja tak hvis det ikke koster noget, "
    "ok hvis det ikke koster noget, kun hvis det ikke koster noget, ja men kun hvis det ikke koster noget, "
    "ja hvis det er frivilligt, kun hvis det er frivilligt, yes if it is free, yes if it s free, only if it is free"
)
"""A yes to the invitation that hangs on what is so anyway: it is told, and the question stays open."""
PUTS_RIGHT = (
    "nej, ups, hov, undskyld, sorry, rettelse, jeg mente, mente, mener, jeg mener, i meant, i mean, min score er, min score, "
    "score, scoren er, mit tal er, min karakter er, min karakter, karakter, my score is"
)
"""What stands before a number that is one all the same."""
NAMED_NUMBERS = {"etter": "1", "toer": "2", "treer": "3", "firer": "4", "femmer": "5"} | {
    f"{one}er": str(one) for one in range(1, 6)
}
AROUND_IT = frozenset({"svag", "staerk", "god", "lille", "stor"})
"""What a number may be called."""
READ = (
    "👌|✅|ok|okay|okey|oki|k|👍|fint|fint nok|godt|godt nok|super|perfekt|dejligt|det er godt|det er fint|alt i orden|"
    "forstået|tak|mange tak|tusind tak|1000 tak|tak for det|tak skal du have|tak for hjælpen|det var godt|thanks|thank you|"
    "many thanks|great|perfect|fine|good|understood"
)
"""What says right after a text of ours that it was read, or agrees to it; `THANKS` is what asks for nothing at any time."""
THANKS = (
    "tak, mange tak, tusind tak, 1000 tak, tak for det, tak for hjælpen, tak skal du have, "
    "tak skal i have, ok, okay, oki, okay fint, "
    "ok fint, fint, helt fint, fedt, super, godt, det er godt, det er fint, perfekt, dejligt, selv tak, i lige måde, "
    "tak i lige måde, tak for beskeden, tak for påmindelsen, tak for svar, tak for svaret, tak for sidst, tak for i dag, "
    "det var sødt, god weekend, god dag, hav en god dag, tak og god weekend, thanks, thank you, thanks a lot, many thanks, "
    "great, nice, cool, good, fine, perfect"
)
"""What needs no answer."""
GLAD = "😊🙂😀😃😄😁😉👍🙏❤🥰😍👌🎉💪☺🤗💚💙♥🌞☀🌸😎🫶👏✅"
EASILY_TYPED = {
    Word.YES: ("ja", "yes"),
    Word.NO: ("nej",),
    Word.MAYBE: ("maaske",),
    Word.DONE: ("klar", "faerdig", "done"),
}
SPELT_NUMBERS = ("tre", "fire", "fem", "three", "four", "five")
NEIGHBOURS = (
    *("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    *("qa", "wa", "ws", "es", "ed", "rd", "rf", "tf", "tg", "yg", "yh", "uh", "uj", "ij", "ik", "ok", "ol", "pl"),
    *("az", "sz", "sx", "dx", "dc", "fc", "fv", "gv", "gb", "hb", "hn", "jn", "jm", "km"),
)
"""Rows and pairs of keys that lie side by side."""
NO_SLIPS = frozenset(
    {
        "ha",
        "haha",
        "hej",
        "nem",
        "ned",
        "aj",
        "ej",
        "ka",
        "na",
        "ma",
        "har",
        "kan",
        "far",
        "lar",
        "kar",
        "klat",
        "tak",
        "ring",
        "brev",
        "hjem",
        "nok",
        "mig",
        "dig",
        "os",
        "jer",
        "fin",
        "fine",
        "five",
        "dire",
        "gire",
        "tree",
        "trae",
        "tro",
        "vej",
        "sej",
        "mej",
        "dem",
        "den",
        "det",
        "fri",
        "frie",
        "fire",
        "fem",
        "tre",
    }
)
"""Words of their own that a slip of the keys would make too."""
