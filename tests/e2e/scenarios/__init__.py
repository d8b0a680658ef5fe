"""The scenarios, each an async function that asserts what a user would notice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from ..firmware import (
    COMMANDS,
    ENCRYPTED_PARTICIPANT,
    FETCHING_PARTICIPANT,
    LAMP,
    LINKED_IMAGE,
    PANEL,
    PARTICIPANT,
    PARTICIPANTS,
    PUBLISHER,
    PUBLISHER_TLS,
    RISCV_PARTICIPANT,
    SECOND_BOARD,
    SECOND_BOARD_PARTICIPANT,
    SECOND_BOARD_TLS,
    SECURE_PARTICIPANT,
    TEMPLATE,
    TEMPLATE_PARTICIPANT,
    THUMBV6M,
    THUMBV6M_PARTICIPANT,
    Image,
)
from ..hosted import BRIDGING, CALL, DEVICE, LINKED, TOKEN, TOKEN_SERVER, Hosted, Joining
from ..lab import Lab
from ..peers import BRIDGE, NAMES, OLD_SERVER, REDIS, RISCV, SERVER, TIME, TLS, Peer
from ..report import Row, Seen
from . import (
    bridged,
    calls,
    commands,
    data,
    faults,
    host_limits,
    host_networks,
    host_nodes,
    host_servers,
    host_soak,
    host_transports,
    joined,
    joined_encrypted,
    joined_ends,
    joined_nodes,
    joined_outages,
    joined_streams,
    joined_tls,
    joined_tokens,
    limits,
    minted,
    mistakes,
    outages,
    output,
    participants,
    repeats,
    steady,
    tls,
    token_server,
)


@dataclass(frozen=True)
class Scenario:
    """What is played, with which image (`None` if only programs of the host take part), and what else it needs."""

    play: Callable[[Lab], Awaitable[Sequence[Row | Seen]]]
    image: Image | None = PUBLISHER
    others: tuple[Hosted | Joining | Peer, ...] = ()
    limit_s: float = 120

    @property
    def needs(self) -> tuple[Image | Hosted | Joining | Peer, ...]:
        """What has to be built for it."""
        return (SERVER, *self.others, *([self.image] if self.image else []))


# Devices that publish through the server, and by a bridge.
DEVICES = {
    "steady": Scenario(steady.steady),
    "second-board": Scenario(steady.steady, SECOND_BOARD),
    "thumbv6m": Scenario(steady.steady, THUMBV6M),
    "tls": Scenario(tls.trusted, PUBLISHER_TLS, (TLS,)),
    "tls-second-board": Scenario(tls.trusted, SECOND_BOARD_TLS, (TLS,)),
    "tls-families": Scenario(tls.families, PUBLISHER_TLS, (TLS,)),
    "tls-public": Scenario(tls.public, PUBLISHER_TLS, (BRIDGE, TIME, NAMES)),
    "tls-rejected": Scenario(tls.rejected, PUBLISHER_TLS, (TLS,)),
    "tls-renewed": Scenario(tls.renewed, PUBLISHER_TLS, (TLS,)),
    "tls-front": Scenario(tls.front_restart, PUBLISHER_TLS, (TLS,)),
    "tls-server": Scenario(tls.server_restart, PUBLISHER_TLS, (TLS,)),
    "tls-provisioning": Scenario(mistakes.provisioning_tls, PUBLISHER_TLS),
    "restart": Scenario(outages.restart),
    "restart-rpc": Scenario(outages.restart_rpc),
    "network": Scenario(outages.network),
    "overflow": Scenario(outages.overflow),
    "tokens": Scenario(mistakes.tokens_rejected),
    "provisioning": Scenario(mistakes.provisioning),
    "not-live": Scenario(faults.not_live),
    "responses": Scenario(faults.responses),
    "foreign-pages": Scenario(faults.foreign_pages),
    "endless": Scenario(faults.endless),
    "endless-list": Scenario(faults.endless_list, PARTICIPANTS),
    "endless-template": Scenario(faults.endless_template, TEMPLATE),
    "minted": Scenario(minted.minted, None, (TOKEN,)),
    "limits": Scenario(limits.limits, None, (CALL,)),
    "too-long": Scenario(limits.too_long),
    "calls": Scenario(calls.calls, None, (CALL,)),
    "slow-callee": Scenario(repeats.slow_callee, PUBLISHER, (CALL, OLD_SERVER)),
    "commands": Scenario(commands.commands, COMMANDS),
    "commands-held": Scenario(commands.commands_held, COMMANDS, (OLD_SERVER,)),
    "participants": Scenario(participants.participants, PARTICIPANTS),
    "lamp": Scenario(data.lamp, LAMP, (BRIDGE,)),
    "panel": Scenario(data.panel, PANEL, (BRIDGE,)),
    "output-publisher": Scenario(output.publisher),
    "output-tls": Scenario(output.publisher_tls, PUBLISHER_TLS, (TLS,)),
    "output-commands": Scenario(output.commands, COMMANDS),
    "output-participants": Scenario(output.participants, PARTICIPANTS),
    "output-template": Scenario(output.template, TEMPLATE),
    "output-template-participant": Scenario(output.template_participant, TEMPLATE_PARTICIPANT),
}
# Devices that are participants themselves: on a board, and on the host.
JOINING = {
    "host-soak": Scenario(host_soak.soak, None, (DEVICE,), limit_s=host_soak.LIMIT_S),
    "joined": Scenario(joined.joined, PARTICIPANT),
    "joined-second-board": Scenario(joined.joined, SECOND_BOARD_PARTICIPANT),
    "joined-thumbv6m": Scenario(joined.joined, THUMBV6M_PARTICIPANT),
    "joined-riscv": Scenario(joined.joined, RISCV_PARTICIPANT, (RISCV,)),
    "joined-old": Scenario(joined.joined_old, PARTICIPANT, (OLD_SERVER,)),
    "joined-restart": Scenario(joined_outages.restart, PARTICIPANT),
    "joined-shut-down": Scenario(joined_outages.shut_down, PARTICIPANT),
    "joined-nodes": Scenario(joined_nodes.shut_down, PARTICIPANT, (REDIS,)),
    "joined-nodes-killed": Scenario(joined_nodes.killed, PARTICIPANT, (REDIS,)),
    "joined-nodes-signalling": Scenario(joined_nodes.signalling, PARTICIPANT, (REDIS,)),
    "joined-network": Scenario(joined_outages.network, PARTICIPANT),
    "joined-network-riscv": Scenario(joined_outages.network, RISCV_PARTICIPANT, (RISCV,)),
    "joined-reasons": Scenario(joined_ends.reasons, PARTICIPANT),
    "joined-tokens": Scenario(joined_ends.tokens_refused, PARTICIPANT),
    "joined-crowd": Scenario(joined.crowd, PARTICIPANT),
    "joined-too-long": Scenario(joined.too_long, PARTICIPANT),
    "joined-streams": Scenario(joined_streams.streams, PARTICIPANT),
    "joined-streams-second-board": Scenario(joined_streams.streams, SECOND_BOARD_PARTICIPANT),
    "joined-streams-riscv": Scenario(joined_streams.streams, RISCV_PARTICIPANT, (RISCV,)),
    "joined-unanswered": Scenario(joined_streams.unanswered, PARTICIPANT),
    "joined-token-renewed": Scenario(joined_tokens.renewed, FETCHING_PARTICIPANT, (TOKEN_SERVER,), limit_s=180),
    "joined-token-expired": Scenario(joined_tokens.expired, FETCHING_PARTICIPANT, (TOKEN_SERVER,), limit_s=180),
    "joined-token-stranger": Scenario(joined_tokens.stranger, FETCHING_PARTICIPANT, (TOKEN_SERVER,)),
    "joined-token-keys": Scenario(joined_tokens.keys, FETCHING_PARTICIPANT),
    "token-server": Scenario(token_server.asked, None, (TOKEN_SERVER,)),
    "joined-encrypted": Scenario(joined_encrypted.encrypted, ENCRYPTED_PARTICIPANT),
    "joined-encrypted-key": Scenario(joined_encrypted.keys, ENCRYPTED_PARTICIPANT),
    "joined-plain-key": Scenario(joined_encrypted.no_key, PARTICIPANT),
    "joined-tls": Scenario(joined_tls.secure, SECURE_PARTICIPANT, (TLS, TIME)),
    "joined-tls-expired": Scenario(joined_tls.expired, SECURE_PARTICIPANT, (TLS, TIME)),
    "joined-tls-rejected": Scenario(joined_tls.rejected, SECURE_PARTICIPANT, (TLS, TIME)),
    **{
        # With a fifth of the datagrams lost, both ends wait for each other.
        name: Scenario(play, None, (DEVICE, BRIDGE), limit_s=240)
        for part in (host_networks, host_transports, host_servers, host_limits)
        for name, play in part.SCENARIOS.items()
    },
    **{name: Scenario(play, None, (DEVICE, REDIS)) for name, play in host_nodes.SCENARIOS.items()},
}
# Devices on a line, for which a bridge joins.
BRIDGED = {
    f"bridged-{play.__name__}": Scenario(play, None, (BRIDGING, LINKED))
    for play in (bridged.serial, bridged.noise, bridged.restart, bridged.network, bridged.ends, bridged.overflow)
} | {"bridged-board": Scenario(bridged.board, LINKED_IMAGE, (BRIDGING,))}
# Only by name: they measure, for minutes.
LONG = {"joined-restarts": Scenario(joined_outages.restarts, PARTICIPANT, limit_s=1200)}
GROUPS = {"devices": DEVICES, "joining": JOINING, "bridged": BRIDGED}
ALL = {**DEVICES, **JOINING, **BRIDGED, **LONG}
