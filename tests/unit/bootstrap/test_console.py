"""Wiring of the console: where it may listen, and that it is a process of its own."""

import pytest

from bootstrap.console import check
from bootstrap.reading import SettingsError
from bootstrap.report import warnings
from bootstrap.settings import Settings
from bootstrap.stack import children


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "console.example"])
def test_plain_http_is_refused_anywhere_but_on_loopback(host: str) -> None:
    with pytest.raises(SettingsError, match="in the clear"):
        check(Settings(console_plain_http=True, console_host=host))
    check(Settings(console_host=host))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_plain_http_is_allowed_on_loopback_and_said(host: str) -> None:
    settings = Settings(console_plain_http=True, console_host=host)
    check(settings)
    assert any("console_plain_http" in line for line in warnings(settings))


def test_by_default_it_listens_on_loopback_with_secure_cookies() -> None:
    settings = Settings()
    assert (settings.console_host, settings.console_plain_http) == ("127.0.0.1", False)
    assert not any("console" in line for line in warnings(settings))


def test_the_app_and_the_console_are_two_processes() -> None:
    settings = Settings(roles="actions,bot,jobs,console")  # type: ignore[arg-type]  # as the environment gives it
    assert [child.name for child in children(settings, None, None)] == ["app", "console"]
    alone = Settings(roles="console")  # type: ignore[arg-type]  # as above
    assert [child.name for child in children(alone, None, None)] == ["console"]
