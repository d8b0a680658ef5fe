//! A device that is in a LiveKit room by itself: it publishes readings, answers calls and calls the operator, shows what a
//! voice agent says, takes files and streams its log, and comes back when the network does.
//!
//! The board's provisioning has the server, and a token that allows to join and to publish data, or what fetches one: see
//! `app::Provisioning`.
#![no_std]
#![no_main]

mod alarm;
#[cfg_attr(feature = "tls", path = "tls.rs")]
#[cfg_attr(not(feature = "tls"), path = "tcp.rs")]
mod connection;
mod counters;
mod device;
#[cfg_attr(feature = "e2ee", path = "encrypted.rs")]
#[cfg_attr(not(feature = "e2ee"), path = "plain.rs")]
mod encryption;
mod files;
mod handler;
mod log;
mod log_stream;
mod methods;
mod provisioning;
mod readings;
mod state;
#[cfg_attr(feature = "token-server", path = "fetched.rs")]
#[cfg_attr(not(feature = "token-server"), path = "provisioned.rs")]
mod token;

use core::future::pending;

use alarm::Answer;
use connection::Connection;
use device::Member;
use embassy_executor::Spawner;
use embassy_futures::select::select;
use handler::Panel;
use livekit_micro_embassy::Room;
#[cfg(feature = "lm3s6965evb")]
use lm3s6965evb as board;
#[cfg(feature = "mps2-an385")]
use mps2_an385 as board;
#[cfg(feature = "riscv-virt")]
use riscv_virt as board;
use state::State;
use static_cell::ConstStaticCell;

#[embassy_executor::main(executor = "board::Executor", entry = "board::entry")]
async fn main(spawner: Spawner) {
    static STATE: ConstStaticCell<State> = ConstStaticCell::new(State::new());

    let (page, token, encryption, server) = match provisioning::read(board::provisioning()) {
        Ok(read) => read,
        Err(error) => {
            defmt::error!("provisioning: {}", error);
            board::exit(false)
        }
    };
    let stack = board::start(spawner);
    let (shared, identity) = device::start(encryption);
    let room = Room::new(shared);
    let mut connection = Connection::new(stack, server);
    let state = &*STATE.take();
    state.readings.set_interval(page.interval_ms);
    // The runner is the one that ends: after `leave`, or when the server does not want the device any more.
    let answer = Answer::new();
    let mut panel = Panel { state, answer: &answer };
    let member = Member { page: &page, shared, identity: &identity };
    select(token::stay(stack, &member, &token, &mut connection, &mut panel), async {
        state.work(&page, &answer, &room).await;
        room.flushed().await;
        room.leave();
        pending::<()>().await;
    })
    .await;
    state.counters.report();
    defmt::info!("stack used: {=usize} bytes", board::stack_used());
    board::exit(true)
}
