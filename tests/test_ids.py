"""The names by which the outside knows things."""

from medvind.model import new_id


def test_an_id_never_looks_like_an_option_and_is_never_made_twice() -> None:
    made = [new_id() for _ in range(10000)]
    assert [one for one in made if one.startswith("-")] == []
    assert len(set(made)) == len(made)
    assert {len(one) for one in made} == {22}
