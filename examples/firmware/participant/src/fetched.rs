//! Tokens of a token server, each for some minutes. The LiveKit server renews the token while the device is connected, and
//! the participant connects again with the newest one; when that is refused, as the device was away for too long, it
//! fetches another.

use app::{Tcp, TokenKeys, TokenServer, random};
use embassy_net::Stack;
use embassy_time::Timer;
use livekit_micro::participant::{self, Error, Event};
use livekit_micro::server::Backoff;
use livekit_micro::signal::SignalError;
use livekit_micro_embassy::Handler;

use crate::board;
use crate::connection::Connection;
use crate::device::{Crypto, Member, Plane};
use crate::handler::Panel;

#[cfg(feature = "tls")]
compile_error!("the token server is asked without TLS: the token would be readable on the way");

pub type Token = TokenServer<'static>;

/// Pauses between attempts to get a token that is accepted: for a device that is not known yet, and clocks that differ.
const PAUSES: Backoff = Backoff::new(1_000, 60_000);

/// The keys of the provisioning that are about the token server.
pub type Keys = TokenKeys<'static>;

/// Stays in the room until the device leaves it or the server does not want it any more.
pub async fn stay(
    stack: Stack<'static>,
    member: &Member<'_>,
    token: &Token,
    connection: &mut Connection,
    panel: &mut Panel<'_>,
) {
    let mut failed = 0;
    loop {
        if fetch(stack, member, token).await {
            defmt::info!("token fetched");
            let mut watch = Watch { panel: &mut *panel, was_connected: false, is_refused: false };
            connection.run(member.shared, &mut watch).await;
            if !watch.is_refused {
                return;
            }
            if watch.was_connected {
                failed = 0;
                continue;
            }
        }
        Timer::after_millis(PAUSES.pause_ms(failed, random(board::entropy)).into()).await;
        failed += 1;
    }
}

/// Fetches a token, and joins with it.
async fn fetch(stack: Stack<'static>, member: &Member<'_>, token: &Token) -> bool {
    let mut tcp = Tcp::new(stack, token.address);
    match token.fetch(&mut tcp, |token| member.join(token)).await {
        Ok(Ok(())) => return true,
        Ok(Err(error)) => defmt::warn!("no token: {}", error),
        Err(error) => defmt::warn!("no token: {}", error),
    }
    false
}

/// Sees what becomes of a token.
struct Watch<'w, 's> {
    panel: &'w mut Panel<'s>,
    was_connected: bool,
    is_refused: bool,
}

impl Handler<'static, Crypto, Plane> for Watch<'_, '_> {
    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Connected => self.was_connected = true,
            Event::Disconnected {
                error: Some(Error::Signal(SignalError::Refused { status: 401 })),
                ..
            } => self.is_refused = true,
            _ => {}
        }
        self.panel.event(event);
    }

    fn answer(
        &mut self,
        participant: &mut participant::Participant<'static, Crypto, Plane>,
        now_ms: u64,
    ) {
        self.panel.answer(participant, now_ms);
    }
}
