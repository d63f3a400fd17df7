"""Where the endpoint listens, which trunk it uses."""

from dataclasses import dataclass


class SipError(Exception):
    """The endpoint can't be opened; one line that says what to do."""


@dataclass(frozen=True)
class SipConfig:
    """`public_address` is what other phones are told, when it differs from `host`. `trunk` is host or host:port."""

    host: str = "127.0.0.1"
    port: int = 5060
    public_address: str | None = None
    number: str = "12349"
    trunk: str | None = None
    trunk_user: str | None = None
    trunk_password: str | None = None
    trunk_register: bool = False
    first_port: int = 40000
    last_port: int = 40999
    media_timeout_seconds: float = 20.0

    @property
    def address(self) -> str:
        """What other phones reach us at."""
        return self.public_address or self.host
