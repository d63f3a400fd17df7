"""sippy's event loop: one per process, in a thread of its own, silent, and unimpressed by what comes in."""

import logging
import re
import sys
import threading
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

import sippy.Core.EventDispatcher as dispatcher
import sippy.Network_server as network_server
import sippy.SipMsg as messages
import sippy.SipTransactionManager as transactions
import sippy.Udp_server as udp_server
from sippy.CCEvents import CCEventUpdate
from sippy.Core.EventDispatcher import ED2
from sippy.SipConf import SipConf
from sippy.SipTransactionManager import SipTransactionManager
from sippy.UA import UA
from sippy.UasStateUpdating import UasStateUpdating
from sippy.UaStateConnected import UaStateConnected

log = logging.getLogger(__name__)

_TRANSPORT = re.compile(rb";transport=([a-z]+)", re.IGNORECASE)

_lock = threading.Lock()
_thread: threading.Thread | None = None


def start() -> None:
    """Start the thread, once per process."""
    global _thread
    with _lock:
        if _thread is None:
            tame()
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


@cache
def tame() -> None:
    """sippy prints messages it can't read, numbers and all, and leaves a call when it is asked to refer it."""
    for module in (dispatcher, network_server, transactions, udp_server):
        module.dump_exception = _noted
    for module in (dispatcher, messages, transactions, udp_server):
        module.print = _unsaid
    logging.getLogger("aiortp").setLevel(logging.ERROR)  # it tells of every packet that it can't read
    SipConf.autoconvert_tel_url = True  # else a call from `tel:` is dropped
    SipConf.my_uaname = "Warmline"
    handlers = UaStateConnected.recv_request_handlers
    ours = {"REFER": _refused, "UPDATE": _kept_alive, "INVITE": _invited_again(handlers["INVITE"])}
    UaStateConnected.recv_request_handlers = _Handlers({**handlers, **ours})
    UasStateUpdating.recv_request_handlers = {**UasStateUpdating.recv_request_handlers, "REFER": _refused}


class _Handlers(dict[str, Callable[..., Any]]):
    """By method; sippy leaves a request it does not know without an answer, and the phone gives up the call."""

    def get(self, method: str, default: Any = None) -> Any:
        return super().get(method, _refused)


def _noted(*_: Any, **__: Any) -> None:
    kind = sys.exc_info()[0]
    log.warning("sip: a message was passed over: %s", kind.__name__ if kind else "unknown")


def _unsaid(*_: Any, **__: Any) -> None:
    pass


def _invited_again(handle: Callable[..., Any]) -> Callable[..., Any]:
    """A re-INVITE without a description asks for ours; sippy takes it for hold."""

    def invited(state: Any, request: Any) -> Any:
        if request.getBody() is not None:
            return handle(state, request)
        agent = state.ua
        agent.answered_by_ack = True
        agent.uasResp = request.genResponse(100, "Trying", server=agent.local_ua)
        agent.global_config["_sip_tm"].sendResponse(agent.uasResp)
        agent.equeue.append(CCEventUpdate(None, rtime=request.rtime, origin=agent.origin))
        return (agent.UasStateUpdating,)

    return invited


def _refused(_: Any, request: Any) -> None:
    request.sendResponse(501, "Not Implemented")


def _kept_alive(_: Any, request: Any) -> None:
    if request.getBody() is None:
        request.sendResponse(200, "OK")
    else:  # a new description: the call stays as it is; a re-INVITE may change it
        request.sendResponse(488, "Not Acceptable Here")


class Agent(UA):  # type: ignore[misc]  # sippy has no types
    """One dialog; when we made the offer in a 200 the answer to it comes with the ACK, which sippy else drops."""

    useRefer = False
    answered_by_ack = False

    def sendUasResponse(self, scode: int, *given: Any, ack_wait: bool = False, **named: Any) -> None:
        """Any answer of ours to an INVITE."""
        late = self.answered_by_ack and scode == 200
        super().sendUasResponse(scode, *given, ack_wait=ack_wait or late, **named)
        if late:
            self.answered_by_ack = False


class _Exclusive(udp_server.Udp_server_opts):  # type: ignore[misc]  # sippy has no types
    """One reader and one writer, so that messages keep their order; the port is ours alone."""

    flags = 0
    nworkers = 1


class QuietLogger:
    """Stands in for sippy's logger, which writes whole messages."""

    def write(self, *_: Any, **__: Any) -> None:
        """Nothing."""


class Transactions(SipTransactionManager):  # type: ignore[misc]  # sippy has no types
    """As sippy's, for what phones really send: `;transport=UDP` in capitals made it never send a BYE,
    and a name in GBK made it drop the call."""

    model_udp_server = (udp_server.Udp_server, _Exclusive)

    def __init__(self, *given: Any) -> None:
        with warnings.catch_warnings():  # sippy forgets to close the socket by which it tries IPv6
            warnings.simplefilter("ignore", ResourceWarning)
            super().__init__(*given)

    def shutdown(self) -> None:
        """Let go of the port, and of what was still to be sent or ended later: it would fail without it."""
        for timer in ED2.tlisteners:
            owner = getattr(timer.cb_func, "__self__", None)
            agent = getattr(owner, "ua", None)
            if owner is self or (agent is not None and agent.global_config.get("_sip_tm") is self):
                timer.cancel()
        super().shutdown()

    def handleIncoming(self, data_in: Any, ra: Any, server: Any, rtime: Any) -> None:
        """One datagram; whatever is wrong with it stays without effect."""
        try:
            if isinstance(data_in, bytes):
                data_in = _TRANSPORT.sub(lambda found: b";transport=" + found[1].lower(), data_in)
                data_in = data_in.decode(errors="backslashreplace")
            super().handleIncoming(data_in, ra, server, rtime)
        except Exception as error:
            log.warning("sip: a datagram was passed over: %s", type(error).__name__)
