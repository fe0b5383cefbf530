"""Whose address a request counts for."""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings

_IPV6 = 6


def is_trusted(address: str) -> bool:
    """Whether the address is one of TRUSTED_PROXIES (addresses or networks)."""
    known = _address(address)
    return known is not None and any(known in ip_network(proxy) for proxy in settings.TRUSTED_PROXIES)


def client_network(meta: Mapping[str, object]) -> str:
    """The client's network for throttling, from WSGI's variables: an IPv4 address, or an IPv6 /64, as its holder owns all of it.

    X-Forwarded-For is believed only as far as TRUSTED_PROXIES (addresses or networks) wrote it.
    """
    hops = [part.strip() for part in str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",") if part.strip()]
    address = _address(str(meta.get("REMOTE_ADDR", "")))
    while hops and address and is_trusted(str(address)):
        address = _address(hops.pop()) or address
    if address is None:
        return ""
    return str(ip_network((address, 64), strict=False) if address.version == _IPV6 else address)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    # A server that listens on both writes ::ffff:203.0.113.5, and all of these lie in one /64.
    return getattr(address, "ipv4_mapped", None) or address
