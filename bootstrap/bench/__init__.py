"""`warmline bench`: measurements on a stack of their own; docs/benchmarks.md has the results."""

from bootstrap.bench.command import register

__all__ = ["register"]
