"""Rasa's command line without the warnings of its libraries at start: `python -m nlu.components.serve run ...`."""

from __future__ import annotations

import sys
import warnings


def main() -> None:
    """Rasa and what it imports reset the warning filters, so the printing of warnings is taken away instead."""
    warnings.showwarning = lambda *_, **__: None
    from rasa.__main__ import main as rasa

    sys.argv[0] = "rasa"
    rasa()


if __name__ == "__main__":
    main()
