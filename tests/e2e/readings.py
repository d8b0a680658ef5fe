"""What was taken, what the device says of it, and what arrived."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from .logline import Line


@dataclass(frozen=True)
class Reading:
    """The payload of a packet. `boot` is another one after each start of the device, `n` runs from 1."""

    boot: str
    n: int
    celsius: float
    name: str | None = None

    @staticmethod
    def parse(payload: bytes | str) -> Reading:
        fields = json.loads(payload)
        reading = Reading(fields["boot"], fields["n"], fields["celsius"], fields.get("name"))
        assert reading.n >= 1 and -40 <= reading.celsius <= 125, f"no sensor says this: {reading}"
        return reading


@dataclass(frozen=True)
class Tally:
    """One run of one device, or a part of it, by reading number."""

    taken: frozenset[int]
    accepted: frozenset[int]
    dropped: frozenset[int]
    given_up: frozenset[int]
    received: tuple[int, ...]

    @staticmethod
    def of(log: Sequence[Line], received: Sequence[Reading]) -> Tally:
        """Of the readings that `log` speaks of. Where the device has counted itself, the counts are compared."""
        boots = {reading.boot for reading in received}
        assert len(boots) <= 1, f"readings of several boots: {boots}"
        verdicts = {kind: frozenset(l.n for l in log if l.kind == kind) for kind in ("accepted", "dropped", "given up")}
        taken = frozenset(line.n for line in log if "n" in line.groups)
        for line in log:
            if line.kind == "done":
                counted = {key.replace("_", " "): int(count) for key, count in line.groups.items()}
                assert taken == set(range(1, counted.pop("taken") + 1)), f"it took {sorted(taken)} and says: {line}"
                logged = {kind: len(readings) for kind, readings in verdicts.items()}
                assert counted == logged, f"it logged {logged} and says: {line}"
                assert sum(logged.values()) == len(taken), f"readings without a verdict or with two: {line}"
        arrived = tuple(reading.n for reading in received if reading.n in taken)
        return Tally(taken, verdicts["accepted"], verdicts["dropped"], verdicts["given up"], arrived)

    @property
    def gaps(self) -> frozenset[int]:
        """Taken, and never received."""
        return self.taken - set(self.received)

    @property
    def doubles(self) -> dict[int, int]:
        """How often more than once a reading came."""
        return {n: count - 1 for n, count in Counter(self.received).items() if count > 1}

    @property
    def in_order(self) -> bool:
        """The first arrivals are in the order in which readings were taken."""
        firsts = list(dict.fromkeys(self.received))
        return firsts == sorted(firsts)
