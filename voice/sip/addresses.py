"""Who rings, and where a call that we place goes to."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from voice.legs import DialFailed
from voice.sip.config import SipConfig

WITHHELD = frozenset({"anonymous", "restricted", "unknown", "unavailable", "private"})


@dataclass(frozen=True)
class Target:
    """User part, host and port; `account` is user and password, for a trunk."""

    user: str
    host: str
    port: int = 5060
    account: tuple[str | None, str | None] = (None, None)


def target_of(address: str, config: SipConfig) -> Target:
    """`sip:user@host[:port]`, or a telephone number by the trunk. Raises DialFailed("refused") for anything else."""
    scheme, _, rest = address.partition(":")
    if scheme.lower() == "sip" and rest:
        user, _, place = rest.split(";")[0].strip("<>").rpartition("@")
        host, port = _host_and_port(place)
        return Target(user, host, port)
    number = "".join(c for c in address if c.isdigit() or c in "+*#")
    if not number or config.trunk is None:
        raise DialFailed("refused")
    host, port = _host_and_port(config.trunk)
    return Target(number, host, port, (config.trunk_user, config.trunk_password))


def _host_and_port(place: str) -> tuple[str, int]:
    host, _, port = place.partition(":")
    if not host or (port and not port.isdigit()):
        raise DialFailed("refused")
    return host, int(port or 5060)


def caller_of(request: Any) -> str:
    """The number that rings: what the network asserts before what the phone says; "" when withheld."""
    if request.countHFs("privacy") and "id" in str(request.getHFBody("privacy")).lower().replace(",", ";").split(";"):
        return ""
    if request.countHFs("p-asserted-identity"):
        asserted = _user(str(request.getHFBody("p-asserted-identity")))
        if asserted:
            return asserted
    said = request.getHFBody("from")
    return _user(str(said.getUri()))


def _user(address: str) -> str:
    _, _, rest = address.partition("<")
    uri = (rest or address).partition(">")[0].strip()
    scheme, _, rest = uri.partition(":")
    if scheme.lower() == "tel":
        user = rest.split(";")[0]
    else:
        user, at, _ = rest.partition("@")
        user = user.split(";")[0].split(":")[0] if at else ""
    user = unquote(user)
    return "" if user.lower() in WITHHELD else user


def test_headers(request: Any) -> dict[str, str]:
    """Our own headers, names in lower case."""
    return {h.name: str(h.body) for h in request.headers if (h.name or "").startswith("x-warmline-")}
