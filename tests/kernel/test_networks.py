"""Whose tries are counted together."""

from __future__ import annotations

import pytest

from ontmoet.kernel.networks import network_of, wider


@pytest.mark.parametrize(
    ("address", "network", "around"),
    [
        ("203.0.113.9", "203.0.113.0/24", None),
        ("2001:db8:77:1234::1", "2001:db8:77:1200::/56", "2001:db8:77::/48"),
        ("2001:db8:77:12ff:ffff::1", "2001:db8:77:1200::/56", "2001:db8:77::/48"),
        ("::ffff:203.0.113.9", "203.0.113.0/24", None),
        ("", "unknown", None),
        ("no address", "unknown", None),
    ],
)
def test_one_line_is_one_network_however_many_addresses_it_has(
    address: str, network: str, around: str | None
) -> None:
    assert network_of(address) == network
    assert wider(network) == around
