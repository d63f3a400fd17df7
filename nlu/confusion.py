"""Draws the confusion picture: `python confusion.py PICTURE.png < counts.json`, with Rasa's Python: it has Matplotlib.

Standard input is {"intents": [...], "counts": [[...]]}: rows are what was said, columns what was understood.
"""

import json
import sys

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot


def draw(intents: "list[str]", counts: "list[list[float]]", picture: str) -> None:
    size = 2 + 0.3 * len(intents)
    figure, axes = pyplot.subplots(figsize=(size, size))
    shares = [[count / max(sum(row), 1) for count in row] for row in counts]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(intents)), intents, rotation=90, fontsize=7)
    axes.set_yticks(range(len(intents)), intents, fontsize=7)
    axes.set_xlabel("understood")
    axes.set_ylabel("said")
    for row, line in enumerate(counts):
        for column, count in enumerate(line):
            if count:
                colour = "white" if shares[row][column] > 0.5 else "black"
                axes.text(column, row, f"{count:g}", ha="center", va="center", fontsize=6, color=colour)
    figure.tight_layout()
    figure.savefig(picture, dpi=110)


if __name__ == "__main__":
    given = json.load(sys.stdin)
    draw(given["intents"], given["counts"], sys.argv[1])
