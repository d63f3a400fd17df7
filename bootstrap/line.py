"""The line process: calls on the audio loop, the hotline on the main loop, and the line's own small HTTP service."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from bootstrap.audio_loop import AudioLoop
from bootstrap.environment import kept_secret, prepare
from bootstrap.prompts import all_prompts, recordings_dir, speech_dir
from bootstrap.reading import SettingsError
from bootstrap.services import open_services
from bootstrap.serving import serve
from bootstrap.settings import Settings
from bootstrap.stopping import until_stopped
from hotline import orphans
from hotline.errors import StoreUnavailable
from hotline.escalation import Escalation
from hotline.people import Operator
from hotline.ports import Delivery, Services
from store import upgrade
from voice.control import make_control
from voice.desk import Desk
from voice.hunting import Hunt
from voice.legs import Endpoint
from voice.line import Line, LinePlan
from voice.office import Office
from voice.operators import OperatorPhones
from voice.ring_back import RingBack
from voice.ring_out import RingOut
from voice.sip import SipConfig, SipError, open_endpoint
from voice.stt.client import VoskEars
from voice.timing import CallTiming
from voice.tts.client import SpokenVoice

log = logging.getLogger(__name__)

AGAIN_SECONDS = 1.0
ANY_ADDRESS = "0.0.0.0"
PORTS_PER_CALL = 2
"""RTP and RTCP; an operator or a second phone joined to a call takes as many again."""


class DirectDialler:
    """Implements `Dialler` inside the line: from the main loop to the operators' phones on the audio loop."""

    def __init__(self, audio: AudioLoop) -> None:
        self.phones: OperatorPhones | None = None
        self._audio = audio

    async def ring_operator(self, operator: Operator, escalation: Escalation) -> Delivery:
        if self.phones is None:
            return Delivery("failed", "starting")
        try:
            return await self._audio.call(self.phones.ring(operator, escalation))
        except Exception as error:  # whatever it is, the alert by chat must not suffer
            log.error("escalation %s: not rung: %s", escalation.escalation_id, type(error).__name__)
            return Delivery("failed", type(error).__name__)


@dataclass(frozen=True)
class Parts:
    """What lives on the audio loop."""

    endpoint: Endpoint
    voice: SpokenVoice
    line: Line
    phones: OperatorPhones
    hunt: Hunt
    ring_back: RingBack
    ring_out: RingOut | None
    """None without a trunk: no telephone number can be rung, and operators are told of what is due."""


async def run_line(settings: Settings) -> None:
    """Run the phone line until SIGTERM or SIGINT. Raises SettingsError when its ports can't be had."""
    check(settings)
    prepare(settings)
    await asyncio.to_thread(upgrade, str(settings.database_url))
    audio = AudioLoop()
    try:
        dialler = DirectDialler(audio)
        async with AsyncExitStack() as ending:
            services = await ending.enter_async_context(open_services(settings, dialler=dialler))
            began = services.clock.now()
            parts = await ending.enter_async_context(opened(settings, services, audio))
            dialler.phones = parts.phones
            control = make_control(dialler, kept_secret(settings, "line_token"))
            await until_stopped(
                [
                    serve(control, settings.host, settings.line_port, "line_port"),
                    audio.call(parts.line.run(parts.endpoint)),
                    audio.call(parts.phones.watch()),
                    audio.call(parts.hunt.run()),
                    _warm(parts, audio),
                    _recover(parts, began, services, audio),
                ]
            )
    finally:
        await audio.close()


def check(settings: Settings) -> None:
    """Raises SettingsError for ports that can't be enough, and for an address that phones can't send to."""
    if settings.sip_host == ANY_ADDRESS and settings.sip_public_address is None:
        raise SettingsError(f"sip_host {ANY_ADDRESS}: set sip_public_address to the address that phones reach")
    ports = settings.rtp_last_port - settings.rtp_first_port + 1
    needed = PORTS_PER_CALL * 2 * settings.line_calls
    if ports < needed:
        raise SettingsError(
            f"rtp_first_port {settings.rtp_first_port} to rtp_last_port {settings.rtp_last_port}: "
            f"{needed} ports are needed for {settings.line_calls} calls (line_calls)"
        )


@asynccontextmanager
async def opened(settings: Settings, services: Services, audio: AudioLoop) -> AsyncIterator[Parts]:
    """The endpoint listening, and everything that uses it; hung up and closed at the end."""
    main = asyncio.get_running_loop()
    endpoint = await audio.call(_endpoint(settings))
    try:
        parts = await audio.call(_parts(settings, services, main, endpoint))
        yield parts
        await audio.call(parts.line.close())
        await audio.call(parts.voice.close())
    finally:
        await audio.call(endpoint.close())


async def _endpoint(settings: Settings) -> Endpoint:
    try:
        return await open_endpoint(sip_config(settings))
    except SipError as error:
        raise SettingsError(str(error)) from None


async def _parts(settings: Settings, services: Services, main: asyncio.AbstractEventLoop, endpoint: Endpoint) -> Parts:
    voice = SpokenVoice(str(settings.tts_url), speech_dir(settings), recordings_dir(settings), settings.speech_rate)
    ears = VoskEars(str(settings.stt_url))
    office = Office(services, main)
    line = Line(Desk(services, main), voice, ears, line_plan(settings), call_timing(settings))
    phones = OperatorPhones(endpoint, voice, line, office)
    trunk = settings.sip_trunk is not None
    hunt = Hunt(phones, line, office, rings_numbers=trunk)
    ring_out = RingOut(endpoint, line, office, phones) if trunk else None
    return Parts(endpoint, voice, line, phones, hunt, RingBack(endpoint, line, office), ring_out)


def line_plan(settings: Settings) -> LinePlan:
    """The line's part of the settings."""
    return LinePlan(settings.zone, settings.line_calls, settings.sip_places, settings.sip_test_headers)


def call_timing(settings: Settings) -> CallTiming:
    """How long a call waits for what."""
    return CallTiming(end_of_turn=settings.end_of_turn_seconds, silence=settings.silence_seconds)


def sip_config(settings: Settings) -> SipConfig:
    """The endpoint's part of the settings."""
    password = settings.sip_trunk_password
    return SipConfig(
        host=settings.sip_host,
        port=settings.sip_port,
        public_address=settings.sip_public_address,
        number=settings.sip_number,
        trunk=settings.sip_trunk,
        trunk_user=settings.sip_trunk_user,
        trunk_password=password.get_secret_value() if password else None,
        trunk_register=settings.sip_trunk_register,
        first_port=settings.rtp_first_port,
        last_port=settings.rtp_last_port,
        media_timeout_seconds=settings.media_timeout_seconds,
    )


async def _warm(parts: Parts, audio: AudioLoop) -> None:
    """Have the fixed sentences at hand; then there is nothing left to do but run."""
    prompts = await asyncio.to_thread(all_prompts)
    await audio.call(parts.voice.warm([prompt.text for prompt in prompts]))
    await asyncio.Event().wait()


async def _recover(parts: Parts, before: datetime, services: Services, audio: AudioLoop) -> None:
    """Know the operators, end what a crash left open, then ring back for as long as the line runs."""
    while True:
        try:
            async with services.unit_of_work() as uow:
                services.roster[:] = await uow.operators.all()
            ended = await orphans.end_orphaned_calls(before, services)
            break
        except StoreUnavailable:
            await asyncio.sleep(AGAIN_SECONDS)
    log.info("calls that a crash left open: %d", ended)
    runs = [part.run() for part in (parts.ring_back, parts.ring_out) if part is not None]
    await asyncio.gather(*(audio.call(run) for run in runs))
