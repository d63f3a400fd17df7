"""The one way actions get at the services: rasa-sdk builds actions without arguments."""

from hotline.ports import Services

_services: list[Services] = []


def set_services(services: Services) -> None:
    """Called once by bootstrap, before the first action runs."""
    _services[:] = [services]


def services() -> Services:
    """The services. Raises RuntimeError before bootstrap has set them."""
    if not _services:
        raise RuntimeError("actions.provider.set_services was not called")
    return _services[0]
