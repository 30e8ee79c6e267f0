"""`medvind keys`: secrets that are good as they are printed, and different each time."""

from medvind.store.vault import Keys
from tests.commands.calling import Said, medvind


def test_a_printed_set_is_good_as_it_is() -> None:
    first, second = medvind("keys", "new"), medvind("keys", "new")
    for said in (first, second):
        assert (said.code, said.err) == (0, "")
    one, other = printed(first), printed(second)
    assert one != other
    assert Keys.parse(*one.values()) != Keys.parse(*other.values())


def printed(said: Said) -> dict[str, str]:
    """As a file of settings has it."""
    lines = dict(line.split("=", 1) for line in said.out.splitlines())
    assert list(lines) == ["MEDVIND_ENCRYPTION_KEYS", "MEDVIND_INDEX_KEY"]
    return lines


def test_keys_without_a_word_shows_what_there_is() -> None:
    said = medvind("keys")
    assert said.code in {0, 2}
    assert "new" in said.out + said.err
