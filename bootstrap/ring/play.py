"""Playing the steps of a simulated caller on an answered call."""

from collections.abc import Callable, Sequence

from bootstrap.ring.caller import Caller, Exchange
from bootstrap.ring.speaking import Speaker
from bootstrap.ring.steps import Step

Show = Callable[[Exchange], None]


async def play(caller: Caller, steps: Sequence[Step], speaker: Speaker, show: Show) -> None:
    """The opening, then every step with its answer, until the steps or the call end. Raises CannotSpeak."""
    for step in steps:
        show(await (caller.interrupted() if step.what == "over" else caller.reply()))
        if caller.over:
            return
        await _do(caller, step, speaker)
    if not caller.over:
        show(await caller.reply())


async def _do(caller: Caller, step: Step, speaker: Speaker) -> None:
    if step.what == "press":
        await caller.press(step.words)
    elif step.what == "silence":
        await caller.silence(step.seconds)
    elif step.what == "hang-up":
        caller.hang_up()
    else:
        await caller.say(await speaker.sound(step.words), step.words)
