"""The phone line: answers whoever rings, for ever, whatever one call does."""

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo

from hotline.danger import says_yes
from hotline.ids import new_id
from hotline.sessions import CallSession, Channel, Utterance
from knowledge import screening
from knowledge.wording import say
from voice.call import Call, Opening, waiting_tone
from voice.desk import Desk, DeskUnavailable
from voice.events import OnEvent, unwatched
from voice.legs import CallLeg, Endpoint, Key
from voice.mouth import Mouth, MouthEvents
from voice.speakable import sentences
from voice.speech import Ears, Voice
from voice.timing import CallTiming
from voice.who_answers import Answer, who_answers

log = logging.getLogger(__name__)

UNKNOWN = "unknown"
"""The address of a caller who shows no number."""
NOW_HEADER = "x-warmline-now"


@dataclass(frozen=True)
class LinePlan:
    """`calls`: talked with at once; `places`: which place a dialled number belongs to; `zone`: of the clock.

    `test_headers`: a caller may pin the calendar by X-Warmline-Now.
    """

    zone: tzinfo
    calls: int = 60
    places: Mapping[str, str] = field(default_factory=dict)
    test_headers: bool = False


class Line:
    """Lives on the audio loop. `on_event` may be set at any time."""

    def __init__(
        self, desk: Desk, voice: Voice, ears: Ears, plan: LinePlan, timing: CallTiming, on_event: OnEvent = unwatched
    ) -> None:
        self.calls: dict[str, Call] = {}
        self.on_event = on_event
        self._desk, self._voice, self._ears, self._plan, self._timing = desk, voice, ears, plan, timing
        self._tasks: set[asyncio.Task[None]] = set()

    def by_session(self, session_id: str) -> Call | None:
        """The call of this session that goes on now."""
        return next((call for call in self.calls.values() if call.session_id == session_id), None)

    async def run(self, endpoint: Endpoint) -> None:
        """Answer everyone, until cancelled."""
        await asyncio.to_thread(self._warm)
        while True:
            leg = await endpoint.incoming.get()
            task = asyncio.create_task(self.take(leg))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def take(self, leg: CallLeg) -> None:
        """One call that rings, to its end."""
        first = self._first(leg)
        if len(self.calls) >= self._plan.calls:
            await self._apologise(leg, first, "all_busy")
        else:
            await self._talk(leg, first, Opening())

    async def go_on(self, leg: CallLeg, session: CallSession, opening: Opening) -> None:
        """A caller whom we have rung back and who has answered: on with the same session, to the end."""
        first = Utterance(Channel.PHONE, session.address, contact=session.contact, place=session.place)
        await self._talk(leg, first, opening)

    async def tell(self, leg: CallLeg, number: str, opening: Opening) -> None:
        """Somebody else whom we have rung and who has answered: a contact of its own, to the end."""
        await self._talk(leg, Utterance(Channel.PHONE, number, contact=leg.leg_id), opening)

    async def who_answers(self, leg: CallLeg, question: str) -> Answer:
        """Whether a person has picked up a call of ours; `question` is the recording that asks."""
        return await who_answers(leg, self._voice, self._ears, question, self._timing.end_of_turn)

    async def close(self) -> None:
        """Hang up on everybody; each call is ended properly."""
        for call in list(self.calls.values()):
            call.leg.hang_up()
        if self._tasks:
            await asyncio.wait(set(self._tasks))

    async def _talk(self, leg: CallLeg, first: Utterance, opening: Opening) -> None:
        try:
            call = Call(
                leg,
                first,
                self._desk,
                self._voice,
                self._ears,
                self._timing,
                on_event=lambda event: self.on_event(event),
                opening=opening,
            )
            self.calls[leg.leg_id] = call
            await call.run()
        except Exception as error:  # one call's fault is no other's
            log.error("a call failed: %s", type(error).__name__)
            await self._apologise(leg, first, "line_trouble")
        finally:
            self.calls.pop(leg.leg_id, None)

    def _warm(self) -> None:
        """Read and compile ahead of the first caller what would hold the audio loop up."""
        screening.warm()
        says_yes("对")
        sentences(say("opening_phone"))
        waiting_tone()

    def _first(self, leg: CallLeg) -> Utterance:
        """Who rings, and which number was dialled."""
        return Utterance(
            Channel.PHONE,
            leg.remote or UNKNOWN,
            contact=leg.leg_id,
            place=self._plan.places.get(leg.dialled),
            pinned_now=self._pinned(leg),
        )

    def _pinned(self, leg: CallLeg) -> datetime | None:
        if not self._plan.test_headers or NOW_HEADER not in leg.headers:
            return None
        with contextlib.suppress(ValueError):
            moment = datetime.fromisoformat(leg.headers[NOW_HEADER])
            return moment if moment.tzinfo else moment.replace(tzinfo=self._plan.zone)
        return None

    async def _apologise(self, leg: CallLeg, first: Utterance, key: str) -> None:
        """A caller we can't talk with: recorded words, a callback, and key 0 all the same."""
        if not leg.alive:
            return
        try:
            await leg.answer()
            leg.play(self._voice.recorded(key))
            promised = await self._desk.promise_trouble(first)
            if promised:
                leg.play(self._voice.recorded(promised))
            await self._person_by_key(leg, first)
            await self._desk.end(first, hung_up=True)
        except DeskUnavailable:
            log.error("the end of a call could not be recorded now")
        except Exception as error:
            log.error("a caller could not be told: %s", type(error).__name__)
        finally:
            leg.hang_up()

    async def _person_by_key(self, leg: CallLeg, first: Utterance) -> None:
        """While the words are played: key 0 asks for a person even now."""
        said = asyncio.create_task(leg.drained())
        while not said.done():
            coming = asyncio.create_task(leg.events.get())
            await asyncio.wait({said, coming}, return_when=asyncio.FIRST_COMPLETED)
            if not coming.done():
                coming.cancel()
            elif coming.result() == Key("0"):
                await self._person_answers(leg, first)

    async def _person_answers(self, leg: CallLeg, first: Utterance) -> None:
        mouth = Mouth(leg, self._voice, MouthEvents(begins=lambda _piece: None, failed=lambda _piece: None))
        leg.flush()
        mouth.speak((await self._desk.turn(replace(first, utterance_id=new_id("utt"), keys="0"))).text)
        await mouth.done()
