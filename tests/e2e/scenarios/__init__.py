"""What may happen to a device, each as an async function that asserts what a user would notice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ..firmware import (
    PARTICIPANTS,
    PUBLISHER,
    PUBLISHER_TLS,
    SECOND_BOARD,
    SECOND_BOARD_TLS,
    TEMPLATE,
    THUMBV6M,
    Image,
)
from ..hosted import CALL, TOKEN, Hosted
from ..lab import Lab
from ..report import Row
from . import calls, faults, limits, minted, mistakes, outages, output, participants, steady, tls


@dataclass(frozen=True)
class Scenario:
    """What happens, and to which image; `None` is to programs of the host."""

    play: Callable[[Lab], Awaitable[list[Row]]]
    image: Image | None = PUBLISHER
    programs: tuple[Hosted, ...] = ()

    @property
    def needs(self) -> tuple[Image | Hosted, ...]:
        """What has to be built for it."""
        return (*self.programs, self.image) if self.image else self.programs


ALL = {
    "steady": Scenario(steady.steady),
    "second-board": Scenario(steady.steady, SECOND_BOARD),
    "thumbv6m": Scenario(steady.steady, THUMBV6M),
    "tls": Scenario(tls.trusted, PUBLISHER_TLS),
    "tls-second-board": Scenario(tls.trusted, SECOND_BOARD_TLS),
    "tls-refused": Scenario(tls.refused, PUBLISHER_TLS),
    "tls-renewed": Scenario(tls.renewed, PUBLISHER_TLS),
    "tls-front": Scenario(tls.front_restart, PUBLISHER_TLS),
    "tls-server": Scenario(tls.server_restart, PUBLISHER_TLS),
    "tls-provisioning": Scenario(mistakes.provisioning_tls, PUBLISHER_TLS),
    "restart": Scenario(outages.restart),
    "restart-rpc": Scenario(outages.restart_rpc),
    "network": Scenario(outages.network),
    "overflow": Scenario(outages.overflow),
    "tokens": Scenario(mistakes.tokens_refused),
    "provisioning": Scenario(mistakes.provisioning),
    "not-live": Scenario(faults.not_live),
    "answers": Scenario(faults.answers),
    "minted": Scenario(minted.minted, None, (TOKEN,)),
    "limits": Scenario(limits.limits, None, (CALL,)),
    "too-long": Scenario(limits.too_long),
    "calls": Scenario(calls.calls, None, (CALL,)),
    "participants": Scenario(participants.participants, PARTICIPANTS),
    "output-publisher": Scenario(output.publisher),
    "output-tls": Scenario(output.publisher_tls, PUBLISHER_TLS),
    "output-participants": Scenario(output.participants, PARTICIPANTS),
    "output-template": Scenario(output.template, TEMPLATE),
}
