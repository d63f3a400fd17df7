"""The synthetic voice: pyttsx3 with espeak-ng, from text to the sound of a telephone line.

espeak-ng is GPL-3.0 and one per process: only the process of `warmline run tts` and the simulated caller's
tools import this module.

How pyttsx3 2.99 is used, and why so. Its espeak driver starts espeak-ng with a thread of its own, so a call returns
before its work is done. `runAndWait` calls espeak-ng's Cancel when anything still goes on, and then the sentence is
silent (seen: 2 of 350) or has the last one's rate. So properties are set outside of the run loop, after it has run
once with nothing to say, and `Synchronize` waits until espeak-ng is idle before and after each sentence; the loop
then ends when the file is written. Failures inside come as an "error" notification and otherwise pass in silence,
and the driver prints a line for every file.
"""

import contextlib
import ctypes
import io
import os
import tempfile
import threading
import wave
from functools import cache
from pathlib import Path
from typing import Any

import espeakng_loader

from voice.speakable import speakable
from voice.tts.pinyin import spelled
from voice.tts.polish import polished

DEFAULT_VOICE = "cmn-latn-pinyin"
DEFAULT_RATE = 150
"""Words a minute, as espeak counts them; about 190 Chinese syllables a minute."""
DEFAULT_PITCH = 50
LONGEST = 500
"""Characters of one synthesis."""

_one_at_a_time = threading.Lock()


class SynthesisFailed(Exception):
    """The engine made no sound of this text: unknown voice, nothing that can be said, or a fault of its own."""


def synthesise(text: str, rate: int = DEFAULT_RATE, voice: str = DEFAULT_VOICE, pitch: int = DEFAULT_PITCH) -> bytes:
    """The sound of `text`, 8000 Hz s16 mono, levelled, without silence around it; some 25 ms of work a sentence.

    Any text: it is made `speakable` here. `rate` in words a minute, 80 to 450; `pitch` 0 to 99; `voice` one of
    espeak-ng's, with a variant if wanted (cmn-latn-pinyin+f3). Safe from several threads. Raises SynthesisFailed.
    """
    said = spelled(speakable(text[:LONGEST]))
    if not said:
        raise SynthesisFailed("nothing to say")
    with _one_at_a_time:
        pcm, hertz = _engine().say(said, rate, voice, pitch)
    sound = polished(pcm, hertz)
    if not sound:
        raise SynthesisFailed("no sound")
    return sound


def engine_version() -> str:
    """Of espeak-ng itself, such as 1.52.0."""
    return _engine().version


class _Engine:
    """pyttsx3 and the one espeak-ng of this process."""

    def __init__(self) -> None:
        library = Path(espeakng_loader.get_library_path()).with_name("libespeak-ng.so.1")
        ctypes.CDLL(str(library))  # pyttsx3 asks for it by its soname, which is then found to be loaded
        os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
        import pyttsx3
        from pyttsx3.drivers import _espeak

        self._wait_until_idle = _espeak.Synchronize
        self.version = str(_espeak.Info().decode())
        self._failure: Exception | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="warmline-tts-")
        self._file = Path(self._folder.name) / "said.wav"
        self._pyttsx3 = pyttsx3.init("espeak")
        self._pyttsx3.connect("error", self._note)
        self._pyttsx3.runAndWait()

    def _note(self, exception: Exception, **_: Any) -> None:
        self._failure = exception

    def say(self, text: str, rate: int, voice: str, pitch: int) -> tuple[bytes, int]:
        """Sound and its sample rate."""
        self._failure = None
        self._file.unlink(missing_ok=True)
        for name, value in (("voice", voice), ("rate", rate), ("pitch", pitch)):
            self._pyttsx3.setProperty(name, value)
        self._wait_until_idle()
        if self._failure is not None:
            raise SynthesisFailed(f"{voice}: {type(self._failure).__name__}")
        with contextlib.redirect_stdout(io.StringIO()):
            self._pyttsx3.save_to_file(text, str(self._file))
            self._pyttsx3.runAndWait()
            self._wait_until_idle()
        return self._saved()

    def _saved(self) -> tuple[bytes, int]:
        try:
            with wave.open(str(self._file)) as file:
                return file.readframes(file.getnframes()), file.getframerate()
        except (OSError, EOFError, wave.Error) as error:
            raise SynthesisFailed(type(error).__name__) from error
        finally:
            self._file.unlink(missing_ok=True)


@cache
def _engine() -> _Engine:
    return _Engine()
