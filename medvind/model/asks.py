"""What Medvind can ask somebody."""

from enum import StrEnum


class Ask(StrEnum):
    """The questions Medvind can have open with somebody."""

    INVITE = "invite"
    RSVP = "rsvp"
    CHECK_IN = "check_in"
    VAT = "vat"
    TAX_RETURN = "tax_return"
    CALL = "call"
    WHICH = "which"
    WORD = "word"
    TOPIC = "topic"
    STOP = "stop"
    KEEP = "keep"
    URGENT = "urgent"
    PAUSE = "pause"
    WHY = "why"
    TELEGRAM = "telegram"
    COACH = "coach"
    AGAIN = "again"
