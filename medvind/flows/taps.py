"""What can be tapped under a message: the answers that its question takes."""

from collections.abc import Mapping

from medvind.channels import Button
from medvind.model import Ask, Language
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
    Ask.STOP: (),
    Ask.KEEP: (),
    Ask.URGENT: (),
    Ask.PAUSE: (),
    Ask.WHY: (),
    Ask.TELEGRAM: (),
    Ask.COACH: (),
    Ask.AGAIN: (),
}
OWN_TAPS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("period_end_6w", "meeting_missed", "vat_sure", "tax_return_sure"), ("yes", "no")),
    **dict.fromkeys(("next_meeting", "next_vat", "next_b_tax", "next_tax_return", "next_none"), ("call",)),
    **dict.fromkeys(("status", "status_long", "status_done", "status_none"), ("call",)),
    **dict.fromkeys(("strange_letter", "my_card", "erase_too_late", "not_yet"), ("call",)),
}
"""Where a text asks for other words than its question usually does."""
LABELS: Mapping[Language, Mapping[str, str]] = {
    Language.DA: {"yes": "JA", "no": "NEJ", "maybe": "MÅSKE", "done": "KLAR", "call": "RING", "both": "BEGGE"},
    Language.EN: {"yes": "YES", "no": "NO", "maybe": "MAYBE", "done": "DONE", "call": "CALL", "both": "BOTH"},
}


def buttons(claim: Claimed, language: Language) -> tuple[Button, ...]:
    """The answers that the question takes, as taps; each carries the question, so that an old one is recognised."""
    if claim.asks is None:
        return ()
    labels = LABELS[language]
    words = OWN_TAPS.get(claim.text, TAPS[claim.asks])
    return tuple(Button(labels.get(word, word), f"q:{claim.public_id}:{word}") for word in words)
