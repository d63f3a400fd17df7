"""Session descriptions: what the other side can do, what we answer. Sound is PCMA or PCMU, keys are RFC 4733."""

import ipaddress
import time
from dataclasses import dataclass
from itertools import count
from typing import Any

from sippy.MsgBody import MsgBody

PCMU, PCMA = 0, 8
CODECS = {PCMA: "PCMA", PCMU: "PCMU"}
PTIMES = (20, 30)
KEYS = 101
"""Payload type of telephone events in our own offers; in answers it is the offer's."""

_version = count(int(time.time()))


@dataclass(frozen=True)
class Media:
    """One side of an agreement: where its sound is received, how it is coded, packet length in milliseconds."""

    address: str
    port: int
    payload_type: int = PCMA
    keys: int | None = KEYS
    ptime: int = 20
    held: bool = False
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    """Other media offered, such as a picture, as our answer refuses them: each needs its line, in its place."""

    @property
    def reachable(self) -> bool:
        """Sound can be sent there: a plain IPv4 address. A name would block the loop while it is looked up."""
        try:
            return not ipaddress.IPv4Address(self.address).is_unspecified
        except ValueError:
            return False


def understood(body: Any, codecs: tuple[int, ...] = (PCMA, PCMU)) -> Media | None:
    """What the other side's description comes to for us; None when there is no sound that we can code.

    Of the codecs offered the first that we know counts: the order is the other side's wish.
    """
    try:
        parsed = body.getCopy()
        parsed.parse()
        section = next(s for s in parsed.content.sections if _is_sound(s.m_header))
        place = parsed.content.sections.index(section)
        refused = tuple(_refused(s.m_header) for s in parsed.content.sections)
        payload_type = next(pt for pt in section.m_header.formats if pt in codecs)
        attributes = [(a.name.lower(), a.value or "") for a in (*parsed.content.a_headers, *section.a_headers)]
        return Media(
            address=str(section.c_header.addr),
            port=int(section.m_header.port),
            payload_type=payload_type,
            keys=_keys_of(attributes),
            ptime=_ptime_of(attributes),
            held=str(section.c_header.addr) == "0.0.0.0" or any(n in ("sendonly", "inactive") for n, _ in attributes),
            before=refused[:place],
            after=refused[place + 1 :],
        )
    except (StopIteration, AttributeError, ValueError, TypeError, KeyError, IndexError):
        return None
    except Exception as error:  # sippy's own parse errors have no common base
        if type(error).__module__.startswith("sippy."):
            return None
        raise


def _is_sound(header: Any) -> bool:
    plain = str(header.transport).upper() in ("RTP/AVP", "RTP/AVPF")  # else it is encrypted
    return plain and str(header.stype).lower() == "audio" and 0 < int(header.port) < 65536


def _refused(header: Any) -> str:
    return f"m={header.stype} 0 {header.transport} {' '.join(map(str, header.formats))}"


def _keys_of(attributes: list[tuple[str, str]]) -> int | None:
    for name, value in attributes:
        number, _, coding = value.partition(" ")
        if name == "rtpmap" and coding.strip().lower().startswith("telephone-event/8000"):
            return int(number)
    return None


def _ptime_of(attributes: list[tuple[str, str]]) -> int:
    wanted = next(
        (int(value) for name, value in attributes if name == "ptime" and value.strip().isdecimal()), PTIMES[0]
    )
    return wanted if wanted in PTIMES else PTIMES[0]


def offer(address: str, port: int, ptime: int = 20) -> MsgBody:
    """Both codecs, A-law first (what China's networks use), and keys."""
    return _described(address, port, (PCMA, PCMU), KEYS, ptime, "sendrecv")


def answer(theirs: Media, address: str, port: int) -> MsgBody:
    """The one codec agreed on, the offer's own number for keys, its packet length; held stays held."""
    direction = "recvonly" if theirs.held else "sendrecv"
    ours = _described(address, port, (theirs.payload_type,), theirs.keys, theirs.ptime, direction)
    return MsgBody(_among(ours, theirs)) if theirs.before or theirs.after else ours


def _among(ours: MsgBody, theirs: Media) -> str:
    head, sound = str(ours).split("m=audio", 1)
    return "".join([head, *(f"{m}\r\n" for m in theirs.before), "m=audio", sound, *(f"{m}\r\n" for m in theirs.after)])


def _described(
    address: str, port: int, codecs: tuple[int, ...], keys: int | None, ptime: int, direction: str
) -> MsgBody:
    formats = [*codecs, *([keys] if keys is not None else [])]
    family = "IP6" if ":" in address else "IP4"
    lines = [
        "v=0",
        f"o=warmline {next(_version)} 1 IN {family} {address}",
        "s=-",
        f"c=IN {family} {address}",
        "t=0 0",
        f"m=audio {port} RTP/AVP {' '.join(map(str, formats))}",
        *(f"a=rtpmap:{codec} {CODECS[codec]}/8000" for codec in codecs),
        *([f"a=rtpmap:{keys} telephone-event/8000", f"a=fmtp:{keys} 0-15"] if keys is not None else []),
        f"a=ptime:{ptime}",
        f"a={direction}",
    ]
    return MsgBody("\r\n".join(lines) + "\r\n")
