"""What a refusal is about, told by its code and its status."""

from __future__ import annotations

import pytest

from ontmoet.outbox.refusals import AddressRefused, Barred, Unexplained, of_server, refusal_of


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        (550, "5.1.1", AddressRefused),
        (550, "5.1.10", AddressRefused),
        (553, "5.1.3", AddressRefused),
        (550, "5.2.1", AddressRefused),
        (554, "5.4.4", AddressRefused),
        (501, "", AddressRefused),
        (551, "", AddressRefused),
        (556, "", AddressRefused),
        (550, "5.1.7", Barred),
        (550, "5.1.8", Barred),
        (553, "5.3.0", Barred),
        (554, "5.7.1", Barred),
        # A status says more than the code.
        (556, "5.7.1", Barred),
        (530, "", Barred),
        (503, "", Barred),
        (550, "", Unexplained),
        (553, "", Unexplained),
        (550, "5.4.1", Unexplained),
        (550, "5.5.0", Unexplained),
        (550, "5.0.0", Unexplained),
    ],
)
def test_refusal_is_about_the_address_or_about_us_or_not_explained(
    code: int, status: str, kind: type[AddressRefused]
) -> None:
    assert refusal_of(code, status) is kind


def test_one_that_is_not_explained_is_the_address_two_are_the_server() -> None:
    one, other = Unexplained("", "a@b"), Unexplained("", "c@b")
    dead, barred = AddressRefused("", "d@b"), Barred("", "e@b")
    assert of_server([one, one, dead], taken=0) == []
    assert of_server([one, dead, other], taken=0) == [one, other]
    assert of_server([one, other], taken=1) == []
    assert of_server([dead, barred], taken=0) == [barred]
    assert of_server([barred], taken=1) == []
