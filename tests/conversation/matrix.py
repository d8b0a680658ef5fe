"""Which feature was shown with whom, in which direction, and why not where it was not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

# The device acts; the peer acts, or the other way round.
OUT, BACK = "→", "←"
PASSED, FAILED = "✓", "✗"


@dataclass
class Matrix:
    columns: Sequence[str]
    rows: Sequence[str]
    _cells: dict[tuple[str, str, str], str] = field(default_factory=dict)
    _reasons: list[str] = field(default_factory=list)

    def passed(self, row: str, column: str, direction: str) -> None:
        self._cells[row, column, direction] = PASSED

    def failed(self, row: str, column: str, direction: str) -> None:
        self._cells[row, column, direction] = FAILED

    def left_out(self, row: str, column: str, direction: str, reason: str) -> None:
        if reason not in self._reasons:
            self._reasons.append(reason)
        self._cells[row, column, direction] = f"{self._reasons.index(reason) + 1}"

    def __str__(self) -> str:
        head = ["feature", *(f"{column} {OUT} {BACK}" for column in self.columns)]
        lines = [head, *([row, *(self._cell(row, column) for column in self.columns)] for row in self.rows)]
        widths = [max(len(line[at]) for line in lines) for at in range(len(head))]
        table = "\n".join(" │ ".join(cell.ljust(width) for cell, width in zip(line, widths)) for line in lines)
        return f"{table}\n\n" + "\n".join(f"{at:2} {reason}" for at, reason in enumerate(self._reasons, 1))

    def _cell(self, row: str, column: str) -> str:
        # A cell without an outcome is a mistake of the tests.
        return " ".join(f"{self._cells.get((row, column, direction), '?'):>2}" for direction in (OUT, BACK))

    def count(self, outcome: str) -> int:
        return sum(cell == outcome for cell in self._cells.values())

    @property
    def reasons(self) -> int:
        return sum(cell.isdigit() for cell in self._cells.values())

    @property
    def is_whole(self) -> bool:
        """Every cell has an outcome, and none of them is a failure."""
        wanted = {(row, column, direction) for row in self.rows for column in self.columns for direction in (OUT, BACK)}
        return set(self._cells) == wanted and not self.count(FAILED)


def unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
