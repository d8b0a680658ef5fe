"""Which feature was shown with whom, in which direction, and why not where it was not."""

from __future__ import annotations

from collections.abc import Sequence
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

    def played(self, row: str, column: str, direction: str, outcome: str) -> None:
        self._cells[row, column, direction] = outcome

    def left_out(self, row: str, column: str, direction: str, reason: str) -> None:
        self._cells[row, column, direction] = self.reason(reason)

    def reason(self, reason: str) -> str:
        """The number of a reason."""
        if reason not in self._reasons:
            self._reasons.append(reason)
        return f"{self._reasons.index(reason) + 1}"

    def __str__(self) -> str:
        head = ["feature", *(f"{column} {OUT} {BACK}" for column in self.columns)]
        lines = [head, *([row, *(self.cell(row, column) for column in self.columns)] for row in self.rows)]
        widths = [max(len(line[at]) for line in lines) for at in range(len(head))]
        table = "\n".join(" │ ".join(cell.ljust(width) for cell, width in zip(line, widths)) for line in lines)
        return f"{table}\n\n" + "\n".join(f"{at:2} {reason}" for at, reason in enumerate(self._reasons, 1))

    def cell(self, row: str, column: str) -> str:
        return " ".join(f"{self._cells.get((row, column, direction), '?'):>2}" for direction in (OUT, BACK))

    def count(self, outcome: str) -> int:
        return sum(cell == outcome for cell in self._cells.values())

    @property
    def reasons_told(self) -> Sequence[str]:
        return self._reasons

    @property
    def reasons(self) -> int:
        return sum(cell.isdigit() for cell in self._cells.values())

    @property
    def missing(self) -> int:
        """Cells that failed or that nothing is known of."""
        return len(self.rows) * len(self.columns) * 2 - self.count(PASSED) - self.reasons
