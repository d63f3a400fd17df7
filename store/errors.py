"""Which errors of a database mean that it is locked, full or away, and which mean a fault of ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from hotline.errors import StoreUnavailable

_OUR_FAULT = (exc.IntegrityError, exc.ProgrammingError, exc.DataError, exc.NotSupportedError)


def means_unavailable(error: BaseException) -> bool:
    """True when the data was fine and only the database would not take it (or give it) now."""
    if isinstance(error, exc.DBAPIError):
        return not isinstance(error, _OUR_FAULT)
    return isinstance(error, exc.TimeoutError | OSError)


@contextmanager
def translated() -> Iterator[None]:
    """Turn such an error into StoreUnavailable; the engine hides parameters, so the cause holds no words."""
    try:
        yield
    except (exc.DBAPIError, exc.TimeoutError, OSError) as error:
        if means_unavailable(error):
            raise StoreUnavailable from error
        raise
