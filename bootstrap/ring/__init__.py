"""`warmline ring`: a simulated caller over real SIP, who speaks, presses keys, stays silent, hangs up."""

from bootstrap.ring.command import register

__all__ = ["register"]
