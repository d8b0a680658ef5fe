"""The table of what happened to the device and how it reacted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .logline import Line
from .readings import Tally

HEAD = (
    "| event | log of the device | reaction | enqueued | accepted | received | duplicates | gaps |\n"
    "|---|---|---|--:|--:|--:|--:|--:|"
)


@dataclass(frozen=True)
class Row:
    """One line of the table. The scenario has asserted what it says."""

    event: str
    logged: str
    reaction: str
    tally: Tally | None = None

    @staticmethod
    def of(event: str, log: Sequence[Line], tally: Tally) -> Row:
        errors = dict.fromkeys(f"`{line.error}`" for line in log if line.kind in ("retry", "rejected"))
        return Row(event, "; ".join(errors) or "–", _reaction(log, tally), tally)

    def __str__(self) -> str:
        cells = [self.event, self.logged.replace("|", "\\|"), self.reaction]
        if tally := self.tally:
            received = len(set(tally.received))
            duplicates = sum(tally.duplicates.values())
            cells += map(str, (len(tally.enqueued), len(tally.accepted), received, duplicates, len(tally.gaps)))
        else:
            cells += ["–"] * 5
        return f"| {' | '.join(cells)} |"


def table(rows: Iterable[Row]) -> str:
    return "\n".join([HEAD, *map(str, rows)])


def _reaction(log: Sequence[Line], tally: Tally) -> str:
    retried = len({line.n for line in log if line.kind == "retry"})
    parts = [
        f"retried {retried} until accepted" if retried and tally.accepted else "retried, never accepted" if retried else "",
        f"{len(tally.rejected)} rejected" if tally.rejected else "",
        f"{len(tally.dropped)} dropped" if tally.dropped else "",
    ]
    return ", ".join(filter(None, parts)) or "none"
