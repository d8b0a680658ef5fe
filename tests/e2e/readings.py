"""What the device enqueued, what it logged about it, and what was received."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from .logline import Line


@dataclass(frozen=True)
class Reading:
    """The payload of a packet. `boot` differs after each start of the device, `n` counts from 1: together they identify a
    reading."""

    boot: str
    n: int
    celsius: float
    name: str | None = None

    @staticmethod
    def parse(payload: bytes | str) -> Reading:
        fields = json.loads(payload)
        reading = Reading(fields["boot"], fields["n"], fields["celsius"], fields.get("name"))
        assert reading.n >= 1 and -40 <= reading.celsius <= 125, f"not a reading of the sensor: {reading}"
        return reading


@dataclass(frozen=True)
class Tally:
    """One run of one device, or a part of it, by reading number."""

    enqueued: frozenset[int]
    accepted: frozenset[int]
    dropped: frozenset[int]
    rejected: frozenset[int]
    received: tuple[int, ...]

    @staticmethod
    def of(log: Sequence[Line], received: Sequence[Reading]) -> Tally:
        """Of the readings named in `log`. The counts of the device's last line are compared with the log."""
        boots = {reading.boot for reading in received}
        assert len(boots) <= 1, f"readings of several boots: {boots}"
        ends = {kind: frozenset(l.n for l in log if l.kind == kind) for kind in ("accepted", "dropped", "rejected")}
        enqueued = frozenset(line.n for line in log if "n" in line.groups)
        for line in log:
            if line.kind == "done":
                counted = {key: int(count) for key, count in line.groups.items()}
                total = counted.pop("enqueued")
                assert enqueued == set(range(1, total + 1)), f"it enqueued {sorted(enqueued)} and counted: {line}"
                logged = {kind: len(readings) for kind, readings in ends.items()}
                assert counted == logged, f"it logged {logged} and counted: {line}"
                assert sum(logged.values()) == len(enqueued), f"readings without an outcome or with two: {line}"
        arrived = tuple(reading.n for reading in received if reading.n in enqueued)
        return Tally(enqueued, ends["accepted"], ends["dropped"], ends["rejected"], arrived)

    @property
    def gaps(self) -> frozenset[int]:
        """Enqueued, but never received."""
        return self.enqueued - set(self.received)

    @property
    def duplicates(self) -> dict[int, int]:
        """How often each reading was received again."""
        return {n: count - 1 for n, count in Counter(self.received).items() if count > 1}

    @property
    def in_order(self) -> bool:
        """Returns `True` if readings were first received in the order of their numbers."""
        firsts = list(dict.fromkeys(self.received))
        return firsts == sorted(firsts)
