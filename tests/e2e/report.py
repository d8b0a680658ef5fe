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


@dataclass(frozen=True)
class Seen:
    """One line of the table of devices that are participants. The scenario has asserted what it says."""

    event: str
    did: str
    seen: str

    @staticmethod
    def of(row: Row | Seen) -> Seen:
        if isinstance(row, Seen):
            return row
        did = ", ".join(part for part in (row.logged, row.reaction) if part not in ("–", "none"))
        if not (tally := row.tally):
            return Seen(row.event, did or "–", "–")
        twice = sum(tally.duplicates.values())
        received = len(set(tally.received))
        return Seen(row.event, did or "went on", f"{received} of {len(tally.accepted)} readings sent, {twice} twice")

    def __str__(self) -> str:
        return f"| {' | '.join(cell.replace('|', '/') for cell in (self.event, self.did, self.seen))} |"


def table_of_participants(rows: Iterable[Row | Seen]) -> str:
    head = "| what happened | what the device did | what the SDK saw |\n|---|---|---|"
    return "\n".join([head, *(str(Seen.of(row)) for row in rows)])


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
