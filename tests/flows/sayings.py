"""What may be typed: words that mean something, words that look like it, and signs that nobody has thought of."""

import re
import tomllib
from pathlib import Path

from hypothesis import strategies as st

from medvind.rules.vocabulary import SAID
from tests.flows.talks import WORD

PARTS = tomllib.loads((Path(__file__).parents[1] / "data" / "replies.toml").read_text("utf-8"))
TABLE = [row for part in PARTS.values() for row in part]
PHRASES = sorted({phrase for said in SAID.values() for phrase in said.split(", ")})
SHORT = [
    "ja",
    "nej",
    "måske",
    "stop",
    "start",
    "3",
    "1",
    "begge",
    "klar",
    "mit",
    "pause",
    "spørg",
    "spørg jonas om lokaler",
    WORD,
]
IDS = ["010190-1234", "0101901234", "311299 4321", "290200\u20110001", "150585 - 7777"]
"""National ids that were given to nobody."""
STOP_AND_DANGER = "stop. jeg vil dø"
DANGER = ["jeg vil ikke leve mere", "i will kill myself", "jeg kan ikke mere", "han slår mig", STOP_AND_DANGER]
STOP_FORMS = ["stop", "STOP", "Stopp", "afmeld", "Afmeld mig", "frameld", "unsubscribe", "stop sms", "stop beskeder", "s t o p"]
BEGINS_WITH_STOP = re.compile(
    r"\s*(?:stopp?|afmeld|frameld|unsubscribe|s t o p)(?: (?:mig|sms|beskeder))?[ \t]*"
    r"(?:$|[.!?\n\r]|(?:mit cpr(?: er)? )?\d{6}[ \u2011-]{0,3}\d{4}(?!\d))",
    re.IGNORECASE,
)
"""What is a stop whatever follows, by a list of our own: the form, and then an end of its sentence or a national id."""
_AFTER_STOP = [
    *IDS,
    "mit cpr er 010190-1234",
    "jeg gider ikke mere",
    "a" * 5000,
    "hvad nu? " * 700,
    "\n".join(["en linje til"] * 80),
    "\ufdfa" * 900,
    *DANGER[:1],
]
ODD = [
    "",
    " ",
    "?",
    "👍",
    "🙏🙏🙏",
    "\u202estop",
    "a" * 5000,
    "\ufdfa" * 900,
    "ja " * 400,
    "1" * 900,
    "!" * 1000,
    "q:x:yes",
    "/start abc",
]


def stops() -> st.SearchStrategy[str]:
    """Texts that begin with a stop: alone, before an id, or before anything else that begins a sentence."""
    forms, more = st.sampled_from(STOP_FORMS), st.sampled_from(_AFTER_STOP)
    ends = st.builds("{}{}{}".format, forms, st.sampled_from([". ", "! ", "\n", "\r\n", "? "]), more)
    return st.one_of(forms, ends, st.builds("{} {}".format, forms, st.sampled_from(IDS)))


_ANYTHING = st.one_of(
    st.sampled_from(SHORT),
    st.sampled_from(PHRASES),
    st.sampled_from([text for _, text, _ in TABLE]),
    st.sampled_from(DANGER),
    st.sampled_from(ODD),
    st.text(max_size=60),
    st.builds(
        "{} {} {}".format, st.sampled_from(["mit nummer er", "ja", DANGER[0], ""]), st.sampled_from(IDS), st.text(max_size=9)
    ),
    st.builds(" ".join, st.lists(st.sampled_from([*PHRASES, *DANGER, "men", ".", ","]), min_size=2, max_size=4)),
    stops(),
)


@st.composite
def words(draw: st.DrawFn) -> str:
    """A text. Drawn by a function, since the thousand that it may be are too many to be spelled out in a failure."""
    text: str = draw(_ANYTHING)
    return text
