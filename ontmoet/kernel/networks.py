"""Who comes from one place: as much of an address as one home, one office or one room's wifi has."""

from __future__ import annotations

from ipaddress import IPv6Network, ip_address, ip_network

UNKNOWN = "unknown"


def network_of(address: str) -> str:
    """The network of an address: /24 for IPv4, /56 for IPv6, of which providers give a home at least that."""
    try:
        ip = ip_address(address)
    except ValueError:
        return UNKNOWN
    # Where one socket listens to both, it writes the old kind inside the new.
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return str(ip_network(f"{ip}/{24 if ip.version == 4 else 56}", strict=False))


def wider(network: str) -> str | None:
    """The /48 around a network of IPv6: one customer may have all of it. None for other networks."""
    try:
        known = ip_network(network)
    except ValueError:
        return None
    return str(known.supernet(new_prefix=48)) if isinstance(known, IPv6Network) else None
