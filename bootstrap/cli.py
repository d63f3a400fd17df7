"""`warmline ...`: every command, and one clear line for whatever goes wrong."""

import importlib
import sys
import traceback
from importlib.util import find_spec

import typer

from bootstrap.commands import (
    chat,
    eligibility,
    escalations,
    knowledge,
    nlu_check,
    nlu_evaluate,
    nlu_review,
    nlu_screen,
    operators,
    people,
    places,
    policy,
    prompts,
    records,
    service,
    speech,
    understanding,
    waiting,
    when,
)
from bootstrap.reading import SettingsError
from hotline.errors import HotlineError

OWN_STACK = ("demo", "scenario", "bench", "ring")
"""Commands that bring a stack of their own; each module registers what it offers with `register(app)`."""

FAILED, WRONG_SETTINGS, FAULT, INTERRUPTED = 1, 2, 70, 130


def make_app() -> typer.Typer:
    """All commands."""
    app = typer.Typer(
        name="warmline",
        help="Warmline, a self-hosted 12349-style care line. It is not 120, 110 or 119.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    for part in (service.app, chat.app, understanding.app, eligibility.app, policy.app, when.app):
        app.add_typer(part)
    app.add_typer(_nlu(), name="nlu")
    app.add_typer(escalations.app, name="escalations")
    app.add_typer(waiting.ring, name="callbacks")
    app.add_typer(waiting.matters, name="cases")
    app.add_typer(operators.app, name="operators")
    app.add_typer(people.app, name="people")
    app.add_typer(places.app, name="places")
    app.add_typer(prompts.app, name="prompts")
    app.add_typer(knowledge.app, name="knowledge")
    app.add_typer(speech.app, name="speech")
    app.add_typer(records.db, name="db")
    app.add_typer(records.private, name="privacy")
    for name in OWN_STACK:
        if find_spec(f"bootstrap.{name}"):
            importlib.import_module(f"bootstrap.{name}").register(app)
    return app


def _nlu() -> typer.Typer:
    group = typer.Typer(help="Look into what the model understands.", no_args_is_help=True)
    for part in (understanding.nlu, nlu_check.app, nlu_evaluate.app, nlu_screen.app):
        group.add_typer(part)
    group.add_typer(nlu_review.app, name="review")
    return group


def main() -> None:
    """Run a command.

    Exit status: 0 done, 1 it could not be done, 2 wrong use or settings, 70 a fault of ours, 130 Ctrl-C.
    """
    try:
        make_app()()
    except SettingsError as error:
        _end(error, WRONG_SETTINGS)
    except (HotlineError, *_expected()) as error:
        _end(error, FAILED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception as error:  # a fault of ours: where, but not its text, which may hold words or numbers
        places = "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
        _end(RuntimeError(f"{type(error).__name__}, a fault in the program:\n{places}"), FAULT)


def _expected() -> tuple[type[Exception], ...]:
    """Errors whose text says what to do; looked up late, so that `--help` stays quick."""
    from jobs.errors import AlreadyRunning
    from nlu.environment import EnvironmentFailed
    from nlu.training import TrainingFailed
    from voice.stt.model import SpeechModelFailed

    return AlreadyRunning, EnvironmentFailed, SpeechModelFailed, TrainingFailed


def _end(error: Exception, status: int) -> None:
    sys.stderr.write(f"warmline: {error}\n")
    sys.exit(status)


if __name__ == "__main__":
    main()
