"""What can be a telephone number, and what an e-mail address."""

from __future__ import annotations

import pytest

from ontmoet.kernel.reach import is_email, is_phone


@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        ("06 12345678", True),
        ("+31 (0)6-12345678", True),
        ("(0512) 34.56.78", True),
        ("0800 1234", True),
        ("bel me", False),
        ("06 12345678 na zes uur", False),
        ("0612", False),
        ("1" * 16, False),
        ("((((((((", False),
        ("٠٦١٢٣٤٥٦٧٨", False),
    ],
)
def test_phone_number_is_one_that_can_be_called(typed: str, fits: bool) -> None:
    assert is_phone(typed) is fits


@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        ("noor@proef.example", True),
        (" Noor@Proef.Example", True),
        ("n.o-or+x@a.b-c.nl", True),
        ("noor@proef", False),
        ("noor proef@x.nl", False),
        ("a@b.nl,c@d.nl", False),
        ("a@b@c.nl", False),
        ("<noor@proef.example>", False),
        ("noör@proef.example", False),
        ("n" * 250 + "@x.nl", False),
    ],
)
def test_email_address_has_the_shape_of_one(typed: str, fits: bool) -> None:
    assert is_email(typed) is fits
