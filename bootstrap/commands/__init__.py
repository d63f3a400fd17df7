"""The commands of `warmline`, one group per file: parse, call one thing, print."""
