//! Commands for a device that speaks HTTP only: it calls a participant, which holds its response until
//! there is a command.
//!
//! The payload of a call is `BOOT DONE NAME`: a random number of this start, the number of the last command
//! that the device executed, 0 after a start, and the device's name. The response is `NUMBER COMMAND`, or
//! empty if there is no command yet. The next call confirms a command.
//!
//! The participant may receive a call more than once: the device retries it, and servers before 1.13.11
//! repeat calls that are held for 3 s or more. `BOOT` and `DONE` make a repeat harmless, as it asks for the
//! same command.

use defmt::{info, warn};
use embassy_time::{Duration, Timer, with_timeout};
use embedded_io_async::{Read, Write};
use heapless::String;
use livekit_micro::borrowed::PerformRpcRequest;
use livekit_micro::server::{Backoff, Connection, Endpoint, PerformRpc};

use crate::failure::{RESPONSE, joined};
use crate::{Connector, Entropy, Failure, Provisioning, random, reading};

/// Pauses between attempts, in milliseconds.
const BACKOFF: Backoff = Backoff::new(1_000, 8_000);

/// How much later than `hold` the participant's response may arrive at the server.
const GRACE: Duration = Duration::from_millis(500);

/// Calls the participant `to`, which holds each call for up to `hold`, and passes each command to
/// `execute` with its number. It returns when `count` commands are confirmed, if the provisioning has a
/// `count`.
pub async fn commands<C: Connector>(
    device: &Provisioning<'_>,
    hold: Duration,
    entropy: Entropy,
    connector: &mut C,
    execute: impl FnMut(u32, &str),
) {
    let boot = random(entropy);
    let mut caller = Caller {
        device,
        hold,
        execute,
        boot,
        done: 0,
        executed: 0,
        failures: 0,
        is_finished: false,
    };
    info!("boot {=u32:08x}, waiting for commands of {=str}", boot, device.to);
    while !caller.is_finished {
        let result = match connector.connect().await {
            Ok(socket) => {
                let mut connection = Connection::new(socket);
                let result = caller.call_until_closed(&mut connection).await;
                C::close(connection.into_inner()).await;
                result
            }
            Err(failure) => Err(failure),
        };
        if let Err(failure) = result {
            let pause_ms = BACKOFF.pause_ms(caller.failures, random(entropy));
            caller.failures = caller.failures.saturating_add(1);
            warn!("no command: {}, retry in {=u32} ms", failure, pause_ms);
            Timer::after_millis(pause_ms.into()).await;
        }
    }
}

struct Caller<'a, F> {
    device: &'a Provisioning<'a>,
    hold: Duration,
    execute: F,
    boot: u32,
    /// The number of the last command that was executed.
    done: u32,
    /// How many commands were executed.
    executed: u32,
    /// Calls that failed in a row.
    failures: u32,
    is_finished: bool,
}

impl<F: FnMut(u32, &str)> Caller<'_, F> {
    /// Calls over one connection, for as long as it can be used.
    async fn call_until_closed<S: Read + Write>(
        &mut self,
        connection: &mut Connection<S>,
    ) -> Result<(), Failure> {
        // Holds the request and then the response.
        let mut buf = [0; 1024];
        loop {
            let response = self.call(connection, &mut buf).await?;
            self.failures = 0;
            // The server has the confirmation of the last command.
            self.is_finished = self.device.count == Some(self.executed);
            if let Some((number, command)) = parse(response)
                && !self.is_finished
            {
                (self.execute)(number, command);
                self.done = number;
                self.executed = self.executed.wrapping_add(1);
            }
            if self.is_finished || !connection.is_reusable() {
                return Ok(());
            }
        }
    }

    async fn call<'b, S: Read + Write>(
        &self,
        connection: &mut Connection<S>,
        buf: &'b mut [u8],
    ) -> Result<&'b str, Failure> {
        let Provisioning { host, token, room, to, name, .. } = *self.device;
        let mut payload: String<{ reading::NAME_BYTES + 24 }> = String::new();
        reading::number(&mut payload, self.boot, 16, 8);
        reading::add(&mut payload, " ");
        reading::number(&mut payload, self.done, 10, 1);
        reading::add(&mut payload, " ");
        reading::add(&mut payload, name);
        let timeout = self.hold + GRACE;
        let request = PerformRpcRequest {
            room,
            destination_identity: to,
            method: "wait_command",
            payload: &payload,
            response_timeout_ms: timeout.as_millis() as u32,
        };
        let endpoint = Endpoint { host, token, close: false };
        let call = connection.call::<PerformRpc>(&endpoint, &request, buf);
        joined(with_timeout(timeout + RESPONSE, call).await).map(|response| response.payload)
    }
}

/// Parses `NUMBER COMMAND`; `None` if there is no command.
fn parse(response: &str) -> Option<(u32, &str)> {
    let (number, command) = response.split_once(' ')?;
    Some((number.parse().ok()?, command))
}
