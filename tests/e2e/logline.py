"""Parses the device's log. All knowledge of the firmware's wording is in this file."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

# The kinds of lines that scenarios look for. `n` is the reading's number, `error` the typed error. What a participant has sent
# counts as accepted: it is the transport's to deliver.
PATTERNS = {
    "accepted": r"\breading (?P<n>\d+) (accepted|acknowledged|sent)\b",
    "retry": r"\breading (?P<n>\d+) not (accepted|acknowledged): (?P<error>.+), retry in (?P<pause_ms>\d+) ms\b",
    "rejected": r"\breading (?P<n>\d+) (rejected|not sent): (?P<error>.+)",
    "not enqueued": r"\breading not enqueued: (?P<error>.+)",
    "dropped": r"\breading (?P<n>\d+) dropped, the queue is full \((?P<waiting>\d+) waiting\)",
    "provisioning": r"\bprovisioning: (?P<error>.+)",
    "participant": r"participant (?P<identity>\S+), (?P<bytes>\d+) bytes",
    "not listed": r"\bnot listed: (?P<error>.+)",
    "command": r"\bcommand (?P<n>\d+): (?P<text>.*)",
    "no command": r"\bno command: (?P<error>.+), retry in (?P<pause_ms>\d+) ms\b",
    "lamp": r"\blamp (?P<state>on|off)\b",
    "final": r"\bfinal: (?P<text>.*)",
    "interim": r"\binterim: (?P<text>.*)",
    "stack": r"\bstack used: (?P<bytes>\d+) bytes",
    "secured": r"\bTLS after (?P<ms>\d+) ms",
    "said": r"\bagent: (?P<text>.*)",
    "packet": r" (?P<sender>\S+) \[(?P<topic>\S*)\] (?P<bytes>\d+) bytes$",
    "alarm": r" alarm: (?P<answer>.*)",
    "file": r" file of (?P<bytes>\d+) bytes, CRC-32 (?P<crc32>[0-9a-f]{8})$",
    "refused": r" refused, from (?P<sender>\S*): (?P<error>.+)",
    "no file": r" file: (?P<error>.+)",
    "called": r" (?P<caller>\S+) calls (?P<method>\S+)$",
    "connected": r" connected$",
    "no connection": r" no connection: (?P<error>.+)",
    "no time": r" no time from (?P<server>\S+)$",
    "reconnecting": r" reconnecting: (?P<error>.+)",
    "reconnected": r" reconnected, resumed (?P<resumed>true|false), (?P<lost>\d+) lost$",
    "disconnected": r" disconnected: (?P<reason>\w+), (?P<error>.+)",
    "fetched": r" token fetched$",
    "no token": r" no token: (?P<error>.+)",
    "counted": r"\bdone: sent (?P<accepted>\d+), dropped (?P<dropped>\d+), packets (?P<packets>\d+), calls (?P<calls>\d+)",
    "done": r"\bdone: enqueued (?P<enqueued>\d+), accepted (?P<accepted>\d+), "
    r"rejected (?P<rejected>\d+), dropped (?P<dropped>\d+)",
}

# Typed errors as the device logs them.
TOKEN = r"^Call\(Rejected\(Token\)\)$"
TOO_LARGE = r"^Call\(Rejected\(TooLarge\)\)$"
NOT_LIVE = r"^Call\(Rejected\(NotLive\)\)$"
CLOSED = r"^Stale$"
UNEXPECTED_EOF = r"^Call\(Response\(UnexpectedEof\)\)$"
NOT_HTTP = r"^Call\(Response\(Malformed\)\)$"
# Status 200, and the page of a portal or proxy.
FOREIGN = r"^Call\(.+\)$"
TIMEOUT = r"^Timeout$"
NO_CONNECTION = r"^NoConnection$"
LOST = r"^Lost$"
ISSUER = r"^Tls\(Issuer\)$"
NAME = r"^Tls\(Name\)$"
NO_TIME_YET = r"^Tls\(NoTime\)$"
# The same of a participant.
OTHER_ISSUER = r"^Open\(Server\(Certificate\((Issuer|Signature)\)\)\)$"
UNKNOWN = r"^Open\(Server\(Certificate\(Issuer\)\)\)$"
OTHER_NAME = r"^Open\(Server\(Certificate\(Name\)\)\)$"
EXPIRED = r"^Open\(Server\(Certificate\(Expired\)\)\)$"
NO_TIME = r"^NoTime$"


def retryable(status: int) -> str:
    """A status that says nothing final about the call."""
    return rf"^Call\(Rejected\(Retryable {{ status: {status} }}\)\)$"


@dataclass(frozen=True)
class Line:
    """A line of the log and when it was read. `kind` is a name in PATTERNS, or empty for all other lines."""

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
    """Asserts that the line's error matches `error`."""
    assert re.search(error, line.error), f"expected an error like /{error}/: {line}"
