"""On whose behalf a proxy asks, and over https: believed of our own proxies only, or whoever reaches the port
gets round every limit that counts by network.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

from .logs import log

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from ontmoet.config import Network


def behind_proxies(app: WSGIApplication, proxies: tuple[Network, ...]) -> WSGIApplication:
    """The application as it stands behind one of these; what each adds last is who asked, and how."""
    believing = ProxyFix(app, x_for=1, x_proto=1)
    doubted = False

    def handle(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        nonlocal doubted
        if _is_one_of(environ.get("REMOTE_ADDR", ""), proxies):
            return believing(environ, start_response)
        if "HTTP_X_FORWARDED_FOR" in environ and not doubted:
            doubted = True
            log.warning("proxy not believed", mend="name it in FORWARDED_ALLOW_IPS")
        return app(environ, start_response)

    return handle


def _is_one_of(address: str, proxies: tuple[Network, ...]) -> bool:
    # Over a socket of this machine nobody has an address.
    if not address:
        return True
    try:
        asks = ip_address(address)
    except ValueError:
        return False
    # Where the server listens to both kinds of addresses, one of the old kind is written as one of the new.
    asks = getattr(asks, "ipv4_mapped", None) or asks
    return any(asks in network for network in proxies)
