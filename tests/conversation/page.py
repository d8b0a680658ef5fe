"""docs/INTEROP.md: the matrix with the name of each test, and what is shown with the participant on a chip."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from e2e.peers import ROOT

from . import chip
from .features import BACK, OUT, Feature
from .matrix import Matrix

PAGE = ROOT / "docs/INTEROP.md"
HEAD = """\
# What works with whom

`tests/conversation/run --write` writes this page, after it has run every test of it with the newest SDKs and LiveKit's
server; `.ci/run conversation` fails if it is not what a run shows. tests/conversation/README.md says how to read it.

A row is a feature, and its test a function in tests/conversation/features. In a cell, the first mark is what the device does
(→) and the second what the peer does (←): ✓ passed, a number the reason below why it is left out. `python, 2` is the Python
SDK and a device that announces `client_protocol` 2, `e2ee` encrypts, `deflate` reads compressed streams; `agent` is
livekit-agents, `js` livekit-client in Chromium. The device of these columns is the crate's participant on a host.

The last column is the participant on a chip (Cortex-M3 in QEMU) beside the Python SDK: a scenario of tests/e2e, which
`.ci/run participant` runs.
"""


def render(matrix: Matrix, features: Sequence[Feature]) -> str:
    head = ["feature", "test", *matrix.columns, "chip → ←"]
    lines = [head, ["---"] * len(head)]
    for feature in features:
        cells = (matrix.cell(feature.name, column) for column in matrix.columns)
        out, back = (chip.shown(feature.name, direction, matrix) for direction in (OUT, BACK))
        lines.append([feature.name, f"`{_test(feature)}`", *cells, out if out == back else f"{out} {back}"])
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    reasons = "\n".join(f"{at}. {reason}" for at, reason in enumerate(matrix.reasons_told, 1))
    return f"{HEAD}\n{table}\n\n{reasons}\n"


def _test(feature: Feature) -> str:
    check = feature.check
    options = ""
    if isinstance(check, partial):
        options = ", ".join(f"{key}={value!r}" for key, value in check.keywords.items())
        check = check.func
    options = f"({options})" if options else ""
    return f"{check.__module__.rpartition('.')[2]}.{check.__name__}{options}"
