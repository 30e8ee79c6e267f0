"""The reasons on the coach's list in plain words, and which task each is."""

from collections.abc import Mapping

REASONS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "asked to be called": ("call", {"reason": "asked to be called"}),
    "answered low": ("call", {"reason": "answered low"}),
    "cannot come to the meeting": ("call", {"reason": "cannot come to the meeting"}),
    "has not answered about the meeting": ("no_reply", {}),
    "has not answered the invitation": ("no_answer", {}),
    "said no to messages": ("stopped", {"reason": "no"}),
    "has stopped messages": ("stopped", {"reason": "all"}),
    "has stopped check-ins": ("stopped", {"reason": "check_ins"}),
    "has stopped meetings": ("stopped", {"reason": "meetings"}),
    "has stopped deadlines": ("stopped", {"reason": "deadlines"}),
    "wrote after stopping": ("wrote_after_stop", {}),
    "danger now": ("danger", {}),
    "danger today": ("concern", {}),
    "got a letter": ("letter", {}),
    "wrote something private": ("private_matter", {}),
    "wants own data": ("my_data", {}),
    "wants to see the card": ("my_card", {}),
    "wants to be deleted": ("erase", {}),
    "asks the network": ("network", {}),
    "wants Telegram": ("telegram", {}),
    "wrong number": ("wrong_number", {}),
    "Telegram is blocked": ("not_reached", {"reason": "why_now_by_sms"}),
    "cannot be reached": ("not_reached", {"reason": "why_no_way"}),
    "writes very much": ("flood", {}),
}
"""The kind of the task, and what its `why` holds among other things."""


def fits(reason: str, kind: str, why: Mapping[str, str]) -> bool:
    """Whether this task is what these words mean. Raises KeyError for words that are in no table."""
    wanted, holds = REASONS[reason]
    return kind == wanted and holds.items() <= dict(why).items()
