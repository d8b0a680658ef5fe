"""The table of what was done to the device and what it did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .logline import Line
from .readings import Tally

HEAD = (
    "| what happened | what the device logged | what it did then | taken | accepted | received | doubles | gaps |\n"
    "|---|---|---|--:|--:|--:|--:|--:|"
)


@dataclass(frozen=True)
class Row:
    """One line of the table. Whoever makes it has asserted what it says."""

    happened: str
    logged: str
    did: str
    tally: Tally | None = None

    @staticmethod
    def of(happened: str, log: Sequence[Line], tally: Tally) -> Row:
        errors = dict.fromkeys(f"`{line.error}`" for line in log if line.kind in ("refused", "given up"))
        return Row(happened, "; ".join(errors) or "–", _did(log, tally), tally)

    def __str__(self) -> str:
        cells = [self.happened, self.logged.replace("|", "\\|"), self.did]
        if tally := self.tally:
            received = len(set(tally.received))
            doubles = sum(tally.doubles.values())
            cells += map(str, (len(tally.taken), len(tally.accepted), received, doubles, len(tally.gaps)))
        else:
            cells += ["–"] * 5
        return f"| {' | '.join(cells)} |"


def table(rows: Iterable[Row]) -> str:
    return "\n".join([HEAD, *map(str, rows)])


def _did(log: Sequence[Line], tally: Tally) -> str:
    again = len({line.n for line in log if line.kind == "refused"})
    parts = [
        f"repeated {again} until accepted" if again and tally.accepted else "repeated, in vain" if again else "",
        f"gave up {len(tally.given_up)}" if tally.given_up else "",
        f"dropped {len(tally.dropped)}" if tally.dropped else "",
    ]
    return ", ".join(filter(None, parts)) or "went on"
