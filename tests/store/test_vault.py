"""What is sealed opens in its own place, with its own key, and nowhere else."""

import base64

import pytest

from medvind.errors import NotReadyError
from medvind.model import ChannelName, PublicId
from medvind.store.tables import CoachRow, ParticipantRow
from medvind.store.vault import NONCE, Keys, SealError, Vault
from tests.conftest import KEYS

MAJA, BO = PublicId("maja"), PublicId("bo")
NAME = ParticipantRow.first_name
OLD, NEW, INDEX = bytes(range(32)), bytes(range(1, 33)), bytes(range(32, 64))
KEY = base64.b64encode(OLD).decode()
CANARY = "Kanariefugl-æøå-+4501000001"


def test_what_is_sealed_opens_again_and_is_not_readable(vault: Vault) -> None:
    sealed = vault.seal(NAME, MAJA, CANARY)
    assert CANARY.encode() not in sealed
    assert vault.open(NAME, MAJA, sealed) == CANARY
    assert vault.maybe(NAME, MAJA, None) is None


def test_the_same_words_are_sealed_differently_each_time(vault: Vault) -> None:
    assert len({vault.seal(NAME, MAJA, "Maja") for _ in range(100)}) == 100


def test_values_sealed_together_open_each_in_its_row_and_none_is_sealed_as_another(vault: Vault) -> None:
    rows = [PublicId(f"row-{number}") for number in range(400)]
    sealed = vault.seal_each(NAME, [(row, "Maja") for row in rows])
    assert {vault.open(NAME, row, value) for row, value in zip(rows, sealed, strict=True)} == {"Maja"}
    nonces = {value.partition(b":")[2][:NONCE] for value in sealed}
    print(f"{len(rows)} sealed together, {len(nonces)} nonces")
    assert len(nonces) == len(rows)
    with pytest.raises(SealError):
        vault.open(NAME, rows[1], sealed[0])
    assert vault.seal_each(NAME, []) == []


def test_two_values_that_were_swapped_do_not_open(vault: Vault) -> None:
    maja, bo = vault.seal(NAME, MAJA, "Maja"), vault.seal(NAME, BO, "Bo")
    for row, value in ((MAJA, bo), (BO, maja)):
        with pytest.raises(SealError, match=f"participants.first_name of {row}: changed or swapped"):
            vault.open(NAME, row, value)


def test_a_value_does_not_open_in_another_column_or_table(vault: Vault) -> None:
    sealed = vault.seal(NAME, MAJA, "Maja")
    for column in (ParticipantRow.business_name, CoachRow.first_name):
        with pytest.raises(SealError):
            vault.open(column, MAJA, sealed)


def test_a_value_with_any_bit_changed_does_not_open(vault: Vault) -> None:
    sealed = vault.seal(NAME, MAJA, "Maja")
    opened = looked = 0
    for place in range(len(sealed)):
        for bit in range(8):
            changed = bytearray(sealed)
            changed[place] ^= 1 << bit
            looked += 1
            try:
                vault.open(NAME, MAJA, bytes(changed))
            except SealError:
                continue
            opened += 1
    print(f"{opened} of {looked} changed values opened")
    assert opened == 0


@pytest.mark.parametrize("cut", [0, 4, 5, 12, 17, 20])
def test_a_value_that_was_cut_short_does_not_open(vault: Vault, cut: int) -> None:
    with pytest.raises(SealError):
        vault.open(NAME, MAJA, vault.seal(NAME, MAJA, "Maja")[:cut])


def test_after_a_rotation_old_values_open_and_new_ones_take_the_new_key() -> None:
    before, after = Vault(Keys({"k1": OLD}, INDEX)), Vault(Keys({"k2": NEW, "k1": OLD}, INDEX))
    sealed = before.seal(NAME, MAJA, "Maja")
    assert after.open(NAME, MAJA, sealed) == "Maja"
    assert after.seal(NAME, MAJA, "Maja").startswith(b"k2:")
    with pytest.raises(SealError, match="sealed with an unknown key"):
        before.open(NAME, MAJA, after.seal(NAME, MAJA, "Maja"))


def test_an_address_is_found_by_its_hash_under_one_key_alone(vault: Vault) -> None:
    sms = vault.blind(ChannelName.SMS, "+4501000001")
    assert sms == vault.blind(ChannelName.SMS, "+4501000001")
    others = {
        vault.blind(ChannelName.TELEGRAM, "+4501000001"),
        vault.blind(ChannelName.SMS, "+4501000002"),
        Vault(Keys(KEYS.named, OLD)).blind(ChannelName.SMS, "+4501000001"),
    }
    assert len(others) == 3
    assert sms not in others
    assert "01000001" not in sms


def test_an_address_is_found_again_after_the_sealing_key_changed(vault: Vault) -> None:
    rotated = Vault(Keys({"new": NEW} | dict(KEYS.named), KEYS.index))
    assert rotated.blind(ChannelName.SMS, "+4501000001") == vault.blind(ChannelName.SMS, "+4501000001")


def test_a_printed_set_of_keys_is_read_back_newest_first() -> None:
    keys = Keys({"k2": NEW, "k1": OLD}, INDEX)
    again = Keys.parse(*keys.texts())
    assert again == keys
    assert list(again.named) == ["k2", "k1"]
    assert Keys.parse(f" k2:{KEY} , k1:{KEY},", KEY).named.keys() == {"k2", "k1"}
    assert Keys.new() != Keys.new()


SHORT = base64.b64encode(b"secret-but-short").decode()
CURE = "'medvind keys new' prints a set"


@pytest.mark.parametrize(
    ("named", "index", "says"),
    [
        ("", KEY, f"MEDVIND_ENCRYPTION_KEYS: expected id:base64 with commas between; {CURE}"),
        (KEY, KEY, f"MEDVIND_ENCRYPTION_KEYS: expected id:base64 with commas between; {CURE}"),
        (f":{KEY}", KEY, f"MEDVIND_ENCRYPTION_KEYS: expected id:base64 with commas between; {CURE}"),
        (f"a:{KEY},b:{SHORT}", KEY, f"MEDVIND_ENCRYPTION_KEYS: key 2 is not 32 bytes in base64; {CURE}"),
        ("a:hemmelig-æøå", KEY, f"MEDVIND_ENCRYPTION_KEYS: key 1 is not 32 bytes in base64; {CURE}"),
        ("a:not base64!", KEY, f"MEDVIND_ENCRYPTION_KEYS: key 1 is not 32 bytes in base64; {CURE}"),
        (f"a:{KEY},a:{KEY}", KEY, "MEDVIND_ENCRYPTION_KEYS: two keys have the same id; give the newer one an id of its own"),
        (f"a:{KEY}", SHORT, f"MEDVIND_INDEX_KEY: the key is not 32 bytes in base64; {CURE}"),
        (f"a:{KEY}", "", f"MEDVIND_INDEX_KEY: the key is not 32 bytes in base64; {CURE}"),
    ],
)
def test_wrong_keys_are_told_in_one_line_that_holds_no_key(named: str, index: str, says: str) -> None:
    with pytest.raises(NotReadyError) as refused:
        Keys.parse(named, index)
    assert str(refused.value) == says
    assert not any(secret in str(refused.value) for secret in (KEY, SHORT, "hemmelig", "secret"))


def test_keys_and_vaults_show_nothing_of_themselves(vault: Vault) -> None:
    for shown in (repr(KEYS), str(KEYS), repr(vault), str(vault)):
        assert KEY not in shown
        assert repr(OLD) not in shown
    assert repr(KEYS) == "Keys()"
