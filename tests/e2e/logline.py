"""What a line of the device's log means. Whatever knows the wording of the firmware is in this file."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

# The kinds of lines that count, and how they read. `n` is the reading's number, `error` the typed error.
PATTERNS = {
    "accepted": r"\breading (?P<n>\d+) (accepted|acknowledged)\b",
    "refused": r"\breading (?P<n>\d+) not (accepted|acknowledged): (?P<error>.+), again in (?P<pause_ms>\d+) ms\b",
    "given up": r"\breading (?P<n>\d+) given up: (?P<error>.+)",
    "not taken": r"\bno reading taken: (?P<error>.+)",
    "dropped": r"\breading (?P<n>\d+) dropped, the queue is full \((?P<waiting>\d+) waiting\)",
    "mistake": r"\bprovisioning: (?P<error>.+)",
    "participant": r"(?P<identity>\S+) is here, (?P<bytes>\d+) bytes",
    "stack": r"\b(?P<bytes>\d+) bytes of stack were used\b",
    "secured": r"\bTLS after (?P<ms>\d+) ms",
    "done": r"\bdone: taken (?P<taken>\d+), accepted (?P<accepted>\d+), "
    r"given up (?P<given_up>\d+), dropped (?P<dropped>\d+)",
}

# Typed errors as the device tells them, each by the fault that it has to show at.
TOKEN = r"^Call\(Refused\(Token\)\)$"
TOO_LARGE = r"^Call\(Refused\(TooLarge\)\)$"
NOT_LIVE = r"^Call\(Refused\(NotLive\)\)$"
CLOSED = r"^Call\(Reply\(Closed\)\)$"
CUT = r"^Call\(Reply\(Cut\)\)$"
NOT_HTTP = r"^Call\(Reply\(Malformed\)\)$"
NO_MESSAGE = r"^Call\(Decode\(.+\)\)$"
TIMEOUT = r"^Timeout$"
NO_CONNECTION = r"^NoConnection$"
LOST = r"^Lost$"
ISSUER = r"^Tls\(Issuer\)$"
NAME = r"^Tls\(Name\)$"


def unknown(status: int) -> str:
    """The server, or something in front of it, could not tell."""
    return rf"^Call\(Refused\(Unknown {{ status: {status} }}\)\)$"


@dataclass(frozen=True)
class Line:
    """A line of the log and when it came. `kind` is a name in PATTERNS, or empty for all other lines."""

    text: str
    kind: str = ""
    groups: dict[str, str] = field(default_factory=dict)
    at: float = field(default_factory=time.monotonic)

    @staticmethod
    def parse(text: str) -> Line:
        for kind, pattern in PATTERNS.items():
            if found := re.search(pattern, text):
                return Line(text, kind, found.groupdict())
        return Line(text)

    @property
    def n(self) -> int:
        return int(self.groups["n"])

    @property
    def error(self) -> str:
        return self.groups["error"]

    def __str__(self) -> str:
        return self.text


def expect(line: Line, error: str) -> None:
    """It tells an error like `error`."""
    assert re.search(error, line.error), f"expected an error like /{error}/: {line}"
