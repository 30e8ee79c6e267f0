"""What somebody says who was asked whether we may write: it isn't me, and yes."""

import pytest

from medvind.rules.caps import holds_beside_national_id
from medvind.rules.meanings import FreeText, Stop
from medvind.rules.newcomers import is_plain_yes, is_somebody_else


@pytest.mark.parametrize(
    "text",
    [
        *("jeg er ikke Maja", "Jeg er ikke Maja.", "det er ikke maja", "Nej jeg hedder ikke Maja", "Hej! Jeg er ikke Maja."),
        *("jeg kender ikke nogen Maja", "her er ingen Maja", "der er ikke nogen maja her", "I am not Maja", "this isn't Maja"),
        *("Maja bor her ikke længere", "Det er hendes mor, du har fået forkert nummer", "Hej. Forkert nummer. Mvh Per"),
        *("nej undskyld men i har fat i den forkerte", "sorry, wrong number", "maja bor ikke her"),
    ],
)
def test_who_says_that_they_are_not_called_so_is_somebody_else(text: str) -> None:
    assert is_somebody_else(text, "Maja")


@pytest.mark.parametrize(
    "text",
    [
        *("jeg er ikke syg", "jeg er ikke Majas mor men hendes søster", "Maja er ikke hjemme", "ja det er Maja", ""),
        *("jeg ved ikke hvor det er henne i byen Maja", "I må ikke skrive til Maja"),
        *("er det forkert nummer?", "jeg skrev forkert nummer på skemaet", "det er ikke forkert nummer", "Maja bor her"),
        *("det er hendes nummer", "det er hendes mor", "Maja bor her ikke hver dag"),
    ],
)
def test_who_says_anything_else_is_not(text: str) -> None:
    assert not is_somebody_else(text, "Maja")
    assert not is_somebody_else(text, "")


def test_a_plain_yes_is_one_beside_a_national_id_too() -> None:
    assert [is_plain_yes(text) for text in ("ja", "Ja tak!", "ja [slettet]", "ja men", "nej", "start")] == [True] * 3 + [
        False
    ] * 3


def test_beside_a_national_id_a_stop_holds_and_free_words_are_left_to_a_reader() -> None:
    assert (holds_beside_national_id(Stop()), holds_beside_national_id(FreeText())) == (True, False)
