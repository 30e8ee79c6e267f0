"""Every text that asks somebody something, and the kind of question that it opens: a JA to it is never one to another."""

import re
import tomllib

import pytest

from medvind.flows.opening import OPENS
from medvind.flows.taps import OWN_TAPS, TAPS
from medvind.model import Ask, Language
from medvind.rules.steps import TEXTS
from medvind.rules.taking import ASIDE, ASKS_MORE, BY_THE_WAY, YES_OR_NO
from medvind.texts import Catalogue, shipped
from tests.system.rig import ROOT

ASKS = re.compile(r"\?|\b[Ss]var (?:JA|NEJ|KLAR|RING|STOP|BEGGE|1|med)\b|\bSkriv (?:BEHOLD|dit)\b")
TO_NOBODY = (
    "command_",
    "signal_",
    "task_",
    "away_",
    "capped_",
    "gave_way_",
    "coach_",
    "deputy_",
    "duty_",
    "why_no",
    "why_support",
)
"""How the keys begin of what no participant is asked by: the menu, and what coaches read."""
WITH_A_PLAN = {
    **dict.fromkeys(("invite", "number_check"), Ask.INVITE),
    **dict.fromkeys(("meeting_invite", "network_day", "meeting_chase", "meeting_moved"), Ask.RSVP),
    **dict.fromkeys(("meeting_days_before", "meeting_day_before"), Ask.RSVP),
    **dict.fromkeys(("meeting_missed", "period_end_6w", "period_end_2w", "preliminary_assessment", "eu_list"), Ask.CALL),
    **dict.fromkeys(("vat_14", "vat_7", "vat_2", "vat_0", "vat_zero"), Ask.VAT),
    "tax_return": Ask.TAX_RETURN,
    "checkin": Ask.CHECK_IN,
}
"""What is asked at a time of the plan; the rules say so of each duty."""
WHERE_IT_IS_SAID = {
    "telegram_code": Ask.TELEGRAM,
    "old_button_meeting": Ask.RSVP,
    "which_question": Ask.WHICH,
    "vat_sure": Ask.VAT,
    "tax_return_sure": Ask.TAX_RETURN,
    **dict.fromkeys(("rsvp_maybe", "rsvp_unclear", "checkin_invalid"), Ask.AGAIN),
}
"""What is asked about one thing, a meeting say: the flow that says it names the question."""
NONE = {
    "erase_stands": "the question whether they regret it is open still, and takes a JA or BEHOLD",
    **dict.fromkeys(("help", "help_more"), "they list words, and what each of them asks"),
    "stranger_start": "nobody known is asked: each message of a stranger is looked through for a code anyhow",
    "who_writes": "it names the answers to the question that is open: the invitation, or whether a number is theirs",
    "yes_after_no": "after a no a JA is met with the same words: START alone begins",
    "consent_yes": "Telegram is asked of the coach, and a code follows; nothing else is open when somebody has just joined",
    "small_step": "a thought to take along: an answer is for no robot, and its words would be free ones",
    "call_no": "the offer that it answers is open still, and takes a JA to it",
}
"""What has a question mark and opens nothing, and why."""
WAITING = tomllib.loads((ROOT / "tests/data/phrases.toml").read_text("utf-8"))["waits"]
"""What is sent to nobody yet: `test_phrases` says so, and whoever sends one takes it off that list."""


def asking() -> set[str]:
    """The keys of all Danish texts that ask a participant something, with every word of their templates."""
    return {
        key
        for key, words in shipped(Language.DA).items()
        if not key.startswith(TO_NOBODY) and any(ASKS.search(text) for text in (words.text, words.telegram or ""))
    }


def test_every_text_that_asks_opens_a_question_or_says_why_none() -> None:
    known = {*OPENS, *WITH_A_PLAN, *WHERE_IT_IS_SAID, *NONE, *WAITING}
    asked = asking()
    print(f"{len(asked)} of {len(shipped(Language.DA))} texts ask something")
    assert sorted(asked - known) == [], "they ask, and a JA to them would be one to whatever was asked before"
    assert len(asked) > 50


def test_no_text_is_said_to_ask_that_is_not_there() -> None:
    named = {*OPENS, *WITH_A_PLAN, *WHERE_IT_IS_SAID, *NONE, *OWN_TAPS, *ASIDE, *ASKS_MORE, *BY_THE_WAY}
    assert sorted(named - Catalogue.load().keys()) == []


def test_each_text_has_its_question_in_one_place() -> None:
    places = [set(OPENS), set(WITH_A_PLAN), set(WHERE_IT_IS_SAID), set(NONE)]
    assert sum(map(len, places)) == len(set().union(*places))


def test_a_step_of_a_programme_asks_what_its_text_does() -> None:
    assert {key: words.asks for key, words in TEXTS.items() if words.asks} == {
        key: WITH_A_PLAN[key] for key, words in TEXTS.items() if words.asks
    }


@pytest.mark.parametrize("ask", Ask)
def test_every_kind_of_question_has_its_buttons_or_none(ask: Ask) -> None:
    assert ask in TAPS
    assert ask in YES_OR_NO or ask in {Ask.CHECK_IN, Ask.WHICH, Ask.AGAIN}
