"""What fills the gaps of an answer: every topic, the longest reasons, questions by their names, facts as a coach sees them."""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product

from medvind.flows.filling import reason
from medvind.model import ChannelName, Language, Topic, Why
from medvind.texts import Catalogue

CATALOGUE = Catalogue.load()
HELPLINE = "Livslinien: 70 201 201, læge: 1813"
NO_REASON = ("why_answer", "why_no", "why_reply", "why_support")
"""Sentences that are said to nobody who asks why."""
QUESTIONS = (
    *("question_meeting", "question_call", "question_vat", "question_tax_return", "question_plan"),
    *("question_stop", "question_keep", "question_urgent", "question_invite"),
)
WITHOUT_A_TOPIC = ("why_invite", "why_new_number", "why_coach_word")
TOLD = {
    "start": "2027-09-30T14:00:00+02:00",
    "deadline": "2027-09-30",
    "day": "2027-09-30",
    "period": "2026Q3",
    "lead": "14",
    "year": "2026",
    "days": "31",
    "working_days": "128",
    "lost": "20",
    "months": "24",
}
"""What a reason may say, with the longest values."""


def fillings(key: str, language: Language, known: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Each way in which this text is filled beside the facts of every text."""
    if key == "why_answer":
        yield from ({"why": reason(CATALOGUE, one, TOLD, language)} for one in WITHOUT_A_TOPIC)
        yield from ({"why": why, "topic": topic.value} for why, topic in product(_reasons(language), Topic))
    elif key == "stop":
        yield from ({}, *({"other_channel": channel.value} for channel in ChannelName))
    elif key == "stop_plainly":
        yield from ({}, *({"topic": topic.value} for topic in Topic))
    elif key == "stopped_kind":
        yield from ({"topic": topic.value} for topic in Topic)
    elif key == "which_question":
        named = [CATALOGUE.render(one, language, ChannelName.SMS, known).text for one in QUESTIONS]
        yield from ({"first": first, "second": second} for first, second in product(named, named))
    elif key == "my_card":
        told = {"value": "2", "at": "2026-09-30", "days": "31"}
        yield {"facts": "; ".join(CATALOGUE.why(Why(f"signal_{kind}", told), language) for kind in ("low_answer", "silence"))}
    else:
        yield {"helpline": HELPLINE, "week": "52"}


@cache
def _reasons(language: Language) -> tuple[str, ...]:
    """The reason of each automatic message, with its longest values."""
    asked = sorted(key for key in CATALOGUE.keys() if key.startswith("why_") and not key.startswith(NO_REASON))  # noqa: SIM118
    return tuple(reason(CATALOGUE, key, TOLD, language) for key in asked)
