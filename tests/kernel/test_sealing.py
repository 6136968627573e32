"""Sealed secrets: unreadable without the token key, and for their own purpose only."""

from ontmoet.kernel.sealing import seal, unseal

KEY = "another secret that only tests use, only here"


def test_secret_comes_back_with_the_same_key_for_the_same_purpose_only() -> None:
    sealed = seal("0481", "code-box/7", key=KEY)
    assert "0481" not in sealed
    assert unseal(sealed, "code-box/7", key=KEY) == "0481"
    assert unseal(sealed, "code-box/8", key=KEY) is None
    assert unseal(sealed, "code-box/7", key=KEY + "!") is None
    assert unseal(sealed[:-4] + "AAA=", "code-box/7", key=KEY) is None
    assert unseal("geen zegel", "code-box/7", key=KEY) is None


def test_same_secret_is_never_sealed_to_the_same_text() -> None:
    assert seal("0481", "code-box/7", key=KEY) != seal("0481", "code-box/7", key=KEY)
