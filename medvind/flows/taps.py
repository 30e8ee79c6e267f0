"""What can be tapped under a message: the answers that its question takes."""

from collections.abc import Mapping

from medvind.channels import Button
from medvind.model import Ask, Language, PublicId
from medvind.store.claims import Claimed

TAPS: Mapping[Ask, tuple[str, ...]] = {
    Ask.INVITE: ("yes", "no"),
    Ask.RSVP: ("yes", "no", "maybe"),
    Ask.CHECK_IN: ("1", "2", "3", "4", "5"),
    Ask.VAT: ("done", "call"),
    Ask.TAX_RETURN: ("done", "call"),
    Ask.CALL: ("call", "no"),
    Ask.WHICH: ("1", "2", "both"),
    Ask.WORD: (),
    Ask.TOPIC: (),
}
OWN_TAPS: Mapping[str, tuple[str, ...]] = {"period_end_6w": ("yes", "no"), "meeting_missed": ("yes", "no")}
"""Where a text asks for other words than its question usually does."""
OFFERS: Mapping[str, tuple[str, ...]] = {"checkin_mid": ("call",), "rsvp_no": ("call",)}
"""What can be tapped under an answer that asks nothing."""
LABELS: Mapping[Language, Mapping[str, str]] = {
    Language.DA: {"yes": "JA", "no": "NEJ", "maybe": "MÅSKE", "done": "KLAR", "call": "RING", "both": "BEGGE"},
    Language.EN: {"yes": "YES", "no": "NO", "maybe": "MAYBE", "done": "DONE", "call": "CALL", "both": "BOTH"},
}


def buttons(claim: Claimed, language: Language, question: PublicId | None) -> tuple[Button, ...]:
    """The answers that the question takes, as taps; each carries the question, so that an old one is recognised.

    An offer carries the message that made it: it holds for ever, and is no question's.
    """
    if claim.asks is None:
        words, about = OFFERS.get(claim.text, ()), claim.public_id
    elif question is None:
        return ()
    else:
        words, about = OWN_TAPS.get(claim.text, TAPS[claim.asks]), question
    labels = LABELS[language]
    return tuple(Button(labels.get(word, word), f"q:{about}:{word}") for word in words)
