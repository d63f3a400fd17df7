"""Where calls come in and go out: `voice.legs.Endpoint` on sippy and aiortp."""

import asyncio
import errno
import logging
import socket
import warnings
from collections.abc import Mapping
from functools import partial
from typing import Any

from sippy.CCEvents import (
    CCEventConnect,
    CCEventDisconnect,
    CCEventFail,
    CCEventInfo,
    CCEventRedirect,
    CCEventRing,
    CCEventTry,
    CCEventUpdate,
)
from sippy.SipAddress import SipAddress
from sippy.SipCallId import SipCallId
from sippy.SipContact import SipContact
from sippy.SipHeader import SipHeader
from sippy.SipURL import SipURL

from voice.legs import CallLeg, DialFailed
from voice.sip import reactor, sdp
from voice.sip.addresses import Target, caller_of, target_of, test_headers
from voice.sip.config import SipConfig, SipError
from voice.sip.leg import SipLeg, body_text
from voice.sip.media import MediaSession
from voice.sip.registration import Registration
from voice.sip.rtp import Ports

log = logging.getLogger(__name__)

CHECK_SECONDS = 0.5
REASONS = {404: "unreachable", 408: "no_answer", 480: "no_answer", 486: "busy", 487: "no_answer", 503: "unreachable",
           600: "busy", 603: "declined"}  # fmt: skip


async def open_endpoint(config: SipConfig) -> "SipEndpoint":
    """Listen for calls. Raises SipError when the port is taken or the address is not ours."""
    endpoint = SipEndpoint(config)
    await endpoint.open()
    return endpoint


class SipEndpoint:
    """Implements `voice.legs.Endpoint`. Made and used on the audio loop."""

    def __init__(self, config: SipConfig) -> None:
        self.config = config
        self.incoming: asyncio.Queue[CallLeg] = asyncio.Queue()
        self.legs: dict[str, SipLeg] = {}
        self._loop = asyncio.get_running_loop()
        self._ports = Ports(config.first_port, config.last_port)
        self._sip: dict[str, Any] = {}
        self._dialling: dict[str, asyncio.Future[Any]] = {}
        self._rang: set[str] = set()
        self._closing: set[asyncio.Task[None]] = set()
        self._checking: asyncio.Task[None] | None = None
        self._registration: Registration | None = None

    async def open(self) -> None:
        """Take the port; register at the trunk if that is wanted."""
        _try_port(self.config)
        reactor.start()
        await asyncio.to_thread(reactor.wait, self._listen)
        self._checking = asyncio.create_task(self._check_media())
        if self.config.trunk and self.config.trunk_register:
            self._registration = Registration(self.config, self._sip)
            await self._registration.start()

    def _listen(self) -> None:
        """In the SIP thread."""
        self._sip.update(_sip_address=self.config.host, _sip_port=self.config.port, _sip_logger=reactor.QuietLogger())
        with warnings.catch_warnings():  # sippy leaves a socket open that it tries IPv6 with
            warnings.simplefilter("ignore", ResourceWarning)
            self._sip["_sip_tm"] = reactor.Transactions(self._sip, self._on_request)

    async def close(self) -> None:
        if self._checking is None:
            return
        self._checking.cancel()
        self._checking = None
        for leg in list(self.legs.values()):
            leg.hang_up()
        if self._registration is not None:
            await self._registration.stop()
        while self._closing:
            await asyncio.gather(*self._closing, return_exceptions=True)
        await asyncio.sleep(0.1)  # the goodbyes leave first
        await asyncio.to_thread(reactor.wait, self._sip["_sip_tm"].shutdown)

    # --- calls that come in: the SIP thread up to `_rings` --------------------------------------------------

    def _on_request(self, request: Any, transaction: Any) -> Any:
        method = request.getMethod()
        if request.getHFBody("to").getTag() is not None:
            return (request.genResponse(481, "Call Leg/Transaction Does Not Exist"), None, None)
        if method == "INVITE":
            return self._on_invite(request, transaction)
        if method in ("OPTIONS", "NOTIFY"):
            return (request.genResponse(200, "OK"), None, None)
        return (request.genResponse(501, "Not Implemented"), None, None)

    def _on_invite(self, request: Any, transaction: Any) -> Any:
        if not request.countHFs("contact"):
            return (request.genResponse(400, "Contact Missing"), None, None)
        if str(request.getHFBody("call-id")) in self.legs:
            return (request.genResponse(482, "Loop Detected"), None, None)
        body = request.getBody()
        theirs = sdp.understood(body) if body is not None else None
        if body is not None and theirs is None:
            return (request.genResponse(488, "Not Acceptable Here"), None, None)
        agent = reactor.Agent(self._sip)
        agent.answered_by_ack = body is None
        agent.lContact = self._contact(self.config.number)
        leg_id = str(request.getHFBody("call-id"))
        who = (caller_of(request), str(request.getRURI().username or ""), test_headers(request))
        agent.event_cb = partial(self._on_event, leg_id)
        answer = agent.recvRequest(request, transaction)
        self._soon(self._rings, leg_id, agent, theirs, who)
        return answer

    def _rings(self, leg_id: str, agent: Any, theirs: sdp.Media | None, who: tuple[str, str, dict[str, str]]) -> None:
        leg = SipLeg(leg_id, agent, None, self._bound, self._over)
        leg.theirs, leg.local_address = theirs, self.config.address
        leg.remote, leg.dialled, leg.headers = who
        self.legs[leg_id] = leg
        reactor.call(agent.recvEvent, CCEventRing((180, "Ringing", None)))
        self.incoming.put_nowait(leg)

    async def _bound(self, leg: SipLeg) -> MediaSession:
        media = MediaSession(leg.heard, leg.pressed)
        try:
            await media.bind(self.config.host, self._ports)
        except SipError:
            log.error("no free port for a call's sound")
            leg.end("error")
        return media

    # --- calls that go out ---------------------------------------------------------------------------------

    async def dial(
        self, address: str, *, number: str = "", ring_seconds: float = 30.0, headers: Mapping[str, str] | None = None
    ) -> CallLeg:
        target = target_of(address, self.config)
        resolved = await _resolved(target)
        leg_id = f"{SipCallId()}"
        agent = reactor.Agent(self._sip, partial(self._on_event, leg_id), *target.account, (resolved, target.port))
        agent.lContact = self._contact(number or self.config.number)
        leg = SipLeg(leg_id, agent, None, self._bound, self._over)
        leg.remote, leg.dialled, leg.local_address = target.user, target.user, self.config.address
        leg.media = await self._bound(leg)
        if not leg.alive:
            raise DialFailed("unreachable")
        self.legs[leg_id] = leg
        self._dialling[leg_id] = answered = self._loop.create_future()
        offer = sdp.offer(self.config.address, leg.media.port)
        event = _Invite((SipCallId(leg_id), number or self.config.number, target.user, offer, None, None))
        event.target, event.own = target, self.config
        event.extra_headers = tuple(SipHeader(s=f"{name}: {value}") for name, value in (headers or {}).items())
        reactor.call(agent.recvEvent, event)
        return await self._answer_of(leg, answered, ring_seconds)

    async def _answer_of(self, leg: SipLeg, answered: "asyncio.Future[Any]", ring_seconds: float) -> CallLeg:
        try:
            async with asyncio.timeout(ring_seconds):
                await answered
        except TimeoutError:
            leg.end("local")
            raise DialFailed("no_answer" if leg.leg_id in self._rang else "unreachable") from None
        except BaseException:
            leg.end("local")
            raise
        finally:
            self._dialling.pop(leg.leg_id, None)
            self._rang.discard(leg.leg_id)
        return leg

    def _contact(self, user: str) -> Any:
        url = SipURL(username=user, host=self.config.address, port=self.config.port)
        return SipContact(address=SipAddress(url=url, hadbrace=True))

    # --- what happens in a call ------------------------------------------------------------------------------

    def _on_event(self, leg_id: str, event: Any, agent: Any) -> None:
        """In the SIP thread."""
        self._soon(self._happened, leg_id, event)

    def _happened(self, leg_id: str, event: Any) -> None:
        leg = self.legs.get(leg_id)
        if leg is None:
            return
        data = event.getData()
        if leg_id in self._dialling:
            self._while_dialling(leg, event, data)
        elif isinstance(event, CCEventDisconnect | CCEventFail):
            leg.end("remote")
        elif isinstance(event, CCEventUpdate):
            leg.changed(data)
        elif isinstance(event, CCEventInfo):
            leg.info(body_text(data))
        elif isinstance(event, CCEventConnect) and data[2] is not None:
            leg.agreed(data[2])  # the answer to our offer comes with the ACK

    def _while_dialling(self, leg: SipLeg, event: Any, data: Any) -> None:
        answered = self._dialling[leg.leg_id]
        if answered.done():
            return
        if isinstance(event, CCEventConnect):
            del self._dialling[leg.leg_id]  # from here on it is a call: a BYE may follow at once
            leg.connected()
            if leg.agreed(data[2]):
                answered.set_result(None)
            else:
                answered.set_exception(DialFailed("refused", 488))
        elif isinstance(event, CCEventRing):
            if int(data[0]) > 100:
                self._rang.add(leg.leg_id)
        elif isinstance(event, CCEventFail | CCEventRedirect):
            status = int(data[0])
            answered.set_exception(DialFailed(self._reason(leg, status), status))
        elif isinstance(event, CCEventDisconnect):
            answered.set_exception(DialFailed("unreachable"))

    def _reason(self, leg: SipLeg, status: int) -> str:
        if status == 408 and leg.leg_id not in self._rang:
            return "unreachable"
        return REASONS.get(status, "refused")

    def _over(self, leg: SipLeg) -> None:
        self.legs.pop(leg.leg_id, None)
        answered = self._dialling.get(leg.leg_id)
        if answered is not None and not answered.done():  # the endpoint was closed
            answered.set_exception(DialFailed("refused"))
        if leg.media is not None:
            task = asyncio.ensure_future(leg.media.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def _check_media(self) -> None:
        """A phone that fell silent as the grave has hung up without saying so."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            for leg in list(self.legs.values()):
                if leg.quiet_too_long(self.config.media_timeout_seconds):
                    leg.end("media_timeout")

    def _soon(self, work: Any, *given: Any) -> None:
        """From the SIP thread to the audio loop."""
        try:
            self._loop.call_soon_threadsafe(work, *given)
        except RuntimeError:
            return  # the loop is closed: the process ends


class _Invite(CCEventTry):  # type: ignore[misc]  # sippy has no types
    """Our INVITE, with the names a trunk expects instead of the addresses they resolve to."""

    target: Target
    own: SipConfig

    def onUacSetupComplete(self, uac: Any) -> None:
        """sippy asks for changes here, before the INVITE leaves."""
        uac.rTarget.host = uac.rUri.getUrl().host = self.target.host
        uac.rTarget.transport = None
        uac.lUri.getUrl().host = self.target.host if self.target.account[0] else self.own.address
        uac.lUri.getUrl().username = self.target.account[0] or uac.lUri.getUrl().username


async def _resolved(target: Target) -> str:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(target.host, target.port, type=socket.SOCK_DGRAM,
                                                             family=socket.AF_INET)  # fmt: skip
    except OSError:
        raise DialFailed("unreachable") from None
    return str(found[0][4][0])


def _try_port(config: SipConfig) -> None:
    """sippy shares a taken port with whoever has it, and half the calls would be lost."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((config.host, config.port))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            why = "is taken by another program" if taken else f"can't be used: {error.strerror}"
            raise SipError(f"sip_port {config.port} on {config.host} {why}; set sip_port or sip_host") from None
