"""What of the matrix is shown with a participant on a chip, by scenario of tests/e2e."""

from __future__ import annotations

from e2e.scenarios import JOINING

from .matrix import BACK, OUT, Matrix

SMALL = "the chip's longest frame has 1 KB: the firmware sends no longer packets"
FEW = "the firmware has no use of it; the crate is the same"
# By feature: what the chip does, and what the SDK does to it.
SHOWN = {
    "reliable packet to one, 0 B": (FEW, "joined"),
    "reliable packet to one, 15 360 B": (SMALL, "joined-too-long"),
    "reliable packet to all": ("joined", "joined"),
    "lossy packet to one, 1 300 B": (FEW, "joined"),
    "lossy packet to all": (FEW, "joined"),
    "200 reliable packets in order": ("joined", FEW),
    "call and response, 0 B": ("joined", "joined"),
    "1400 method not supported": ("joined-unanswered", "joined"),
    "1501 callee does not acknowledge": ("joined-unanswered", FEW),
    "2001 of the application, with data": (FEW, "joined"),
    "text, in pieces, length unknown": ("joined-streams", "joined"),
    "bytes, in pieces, length unknown": (FEW, "joined-streams"),
    "text, length known: 0 B to 100 KB": (FEW, "joined-streams"),
    "what is sent is encrypted": ("joined-encrypted", "joined-encrypted"),
    "what is not encrypted is refused": (FEW, "joined-encrypted"),
    "lk.chat to an agent, lk.transcription of it": (FEW, "joined"),
}


def shown(feature: str, direction: str, matrix: Matrix) -> str:
    """The scenario, or the number of the reason why there is none."""
    what = SHOWN.get(feature, (FEW, FEW))[(OUT, BACK).index(direction)]
    return f"`{what}`" if what in JOINING else matrix.reason(what)
