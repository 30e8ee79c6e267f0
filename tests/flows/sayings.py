"""What may be typed: words that mean something, words that look like it, and signs that nobody has thought of."""

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
)


@st.composite
def words(draw: st.DrawFn) -> str:
    """A text. Drawn by a function, since the thousand that it may be are too many to be spelled out in a failure."""
    text: str = draw(_ANYTHING)
    return text
