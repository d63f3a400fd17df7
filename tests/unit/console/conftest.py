"""The hotline of the tests of hotline, and its console."""

from tests.unit.hotline.conftest import line

__all__ = ["line"]
