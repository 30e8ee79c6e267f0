"""How people are spoken to: no blame, always a way out, and words of a reproach nowhere, not even to the coach."""

import re
from datetime import date

import pytest

from medvind.model import ChannelName, Language
from tests.texts.test_catalogue import CATALOGUE, EVERY_TEXT, branches, values

REPROACH = {
    Language.DA: (
        r"\b(udeble\w*|skuffe\w*|desværre|burde|skulle have|du har ikke|du svarede ikke|stadig ikke"
        r"|igen ikke|endelig svar|sidste chance|advar\w*|konsekvens\w*|mangler dit svar|pligt\w*|skal svare)"
    ),
    Language.EN: (
        r"\b(failed|disappoint\w*|unfortunately|should have|you have not|you haven't|you did not|you didn't|still not"
        r"|last chance|warn\w*|consequence\w*|must answer|have to answer|obliged)"
    ),
}
"""Words that tell somebody off, or press them. Looked for in texts for coaches too: what they read, they pass on."""
ASKS = ("meeting_invite", "network_day", "meeting_days_before", "meeting_day_before", "meeting_moved", "meeting_chase")
WAY_OUT = {Language.DA: ("NEJ", "MÅSKE"), Language.EN: ("NO", "MAYBE")}


def said(key: str, language: Language, *, days: int = 1) -> str:
    return CATALOGUE.render(key, language, ChannelName.SMS, values(date(2026, 12, 3), days, phone=True)).text


def test_no_text_reproaches_anybody() -> None:
    texts = [(key, language, text) for key, language in EVERY_TEXT for text in branches(key, language, ChannelName.SMS)]
    wrong = [f"{language} {key}: {text}" for key, language, text in texts if re.search(REPROACH[language], text, re.IGNORECASE)]
    print(f"{len(wrong)} wrong of {len(texts)} texts")
    assert wrong == []


@pytest.mark.parametrize("words", ["Du har ikke svaret.", "Du burde sige til.", "Desværre udeblev du i dag."])
def test_a_reproach_would_be_seen(words: str) -> None:
    assert re.search(REPROACH[Language.DA], words, re.IGNORECASE)


def test_whoever_asks_for_an_answer_offers_a_way_out() -> None:
    looked = 0
    for language in Language:
        for key in ASKS:
            looked += 1
            assert WAY_OUT[language][0] in said(key, language), key
        assert WAY_OUT[language][1] in said("meeting_chase", language)
    print(f"{looked} texts looked at")


def test_the_chase_asks_to_be_told_where_somebody_cannot_come() -> None:
    assert said("meeting_chase", Language.DA) == (
        "Kan du komme torsdag d. 3. december kl. 14.00? Sted: Vestergade 58, 1. sal th. "
        "Sig bare til, hvis du ikke kan. Svar JA, NEJ eller MÅSKE. Hilsen Annemarie"
    )
    assert "Just tell us if you can't." in said("meeting_chase", Language.EN)


def test_who_was_missed_is_told_just_that_and_asked_whether_to_call() -> None:
    asks = "Det sker. Skal vi finde en ny tid? Svar JA, så ringer Annemarie til dig."
    assert said("meeting_missed", Language.DA, days=0) == f"Vi savnede dig i dag. {asks}"
    assert said("meeting_missed", Language.DA, days=-1) == f"Vi savnede dig torsdag d. 3. december. {asks}"
    assert said("meeting_missed", Language.EN, days=-1) == (
        "We missed you on Thursday 3 December. It happens. Shall we find a new time? Answer YES and Annemarie calls you."
    )
