"""Codes of boxes in the database: unreadable without the token key, and only for their own box."""

from ontmoet.keys.sealing import seal, unseal

KEY = "another secret that only tests use, only here"


def test_code_comes_back_with_the_same_key_for_the_same_box_only() -> None:
    sealed = seal("0481", 7, key=KEY)
    assert "0481" not in sealed
    assert unseal(sealed, 7, key=KEY) == "0481"
    assert unseal(sealed, 8, key=KEY) is None
    assert unseal(sealed, 7, key=KEY + "!") is None
    assert unseal(sealed[:-4] + "AAA=", 7, key=KEY) is None
    assert unseal("geen zegel", 7, key=KEY) is None


def test_same_code_is_never_sealed_to_the_same_text() -> None:
    assert seal("0481", 7, key=KEY) != seal("0481", 7, key=KEY)
