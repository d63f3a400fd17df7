"""sippy's event loop: one per process, in a thread of its own, silent, and unimpressed by what comes in."""

import logging
import re
import threading
from collections.abc import Callable
from typing import Any

import sippy.Core.EventDispatcher as dispatcher
import sippy.Network_server as network_server
import sippy.SipTransactionManager as transactions
import sippy.Udp_server as udp_server
from sippy.Core.EventDispatcher import ED2
from sippy.SipTransactionManager import SipTransactionManager
from sippy.UaStateConnected import UaStateConnected

log = logging.getLogger(__name__)

_TRANSPORT = re.compile(rb";transport=([a-z]+)", re.IGNORECASE)
_DISPLAY_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")

_lock = threading.Lock()
_thread: threading.Thread | None = None


def start() -> None:
    """Start the thread, once per process."""
    global _thread
    with _lock:
        if _thread is None:
            _tame()
            _thread = threading.Thread(target=_loop, name="sip", daemon=True)
            _thread.start()


def call(work: Callable[..., object], *given: Any) -> None:
    """Do it in the SIP thread, soon; an error is logged by its kind."""
    ED2.callFromThread(_guarded, work, *given)


def wait(work: Callable[..., Any], *given: Any) -> Any:
    """Do it in the SIP thread and give its result or raise its error; blocks the calling thread."""
    return ED2.callFromThreadSync(work, *given)


def _guarded(work: Callable[..., object], *given: Any) -> None:
    try:
        work(*given)
    except Exception as error:
        log.error("sip: %s failed: %s", getattr(work, "__name__", "work"), type(error).__name__)


def _loop() -> None:
    ED2.my_ident = threading.get_ident()
    while True:
        try:
            ED2.loop()
        except Exception as error:  # the line must go on
            log.error("sip loop: %s", type(error).__name__)


def _tame() -> None:
    """sippy prints messages it can't read, numbers and all, and leaves a call when it is asked to refer it."""
    for module in (dispatcher, network_server, transactions, udp_server):
        module.dump_exception = _noted
    handlers = UaStateConnected.recv_request_handlers
    UaStateConnected.recv_request_handlers = {**handlers, "REFER": _refused, "UPDATE": _kept_alive}


def _noted(*_: Any, **__: Any) -> None:
    import sys

    kind = sys.exc_info()[0]
    log.warning("sip: a message was passed over: %s", kind.__name__ if kind else "unknown")


def _refused(_: Any, request: Any) -> None:
    request.sendResponse(501, "Not Implemented")


def _kept_alive(_: Any, request: Any) -> None:
    request.sendResponse(200, "OK")


class QuietLogger:
    """Stands in for sippy's logger, which writes whole messages."""

    def write(self, *_: Any, **__: Any) -> None:
        """Nothing."""


class Transactions(SipTransactionManager):  # type: ignore[misc]  # sippy has no types
    """As sippy's, for what phones really send: `;transport=UDP` in capitals made it never send a BYE."""

    def handleIncoming(self, data_in: Any, ra: Any, server: Any, rtime: Any) -> None:
        """One datagram; whatever is wrong with it stays without effect."""
        try:
            if isinstance(data_in, bytes):
                data_in = _TRANSPORT.sub(lambda found: b";transport=" + found[1].lower(), data_in)
            super().handleIncoming(data_in, ra, server, rtime)
        except Exception as error:
            log.warning("sip: a datagram was passed over: %s", type(error).__name__)
