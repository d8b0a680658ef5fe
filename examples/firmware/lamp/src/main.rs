//! A lamp that participants of a LiveKit room switch: it answers calls of its method `lamp`, `on` or `off`.
//!
//! A bridge carries the frames of its data channels, see `app::Bridge`.
#![no_std]
#![no_main]

use app::{Bridge, Failure, Provisioning, Tcp};
use embassy_executor::Spawner;
use embassy_time::Instant;
use livekit_micro::RpcCode;
use livekit_micro::data::{Channel, Event, Rpc, RpcError, Session};
#[cfg(feature = "lm3s6965evb")]
use lm3s6965evb as board;
#[cfg(feature = "mps2-an385")]
use mps2_an385 as board;

#[embassy_executor::main(executor = "board::Executor", entry = "board::entry")]
async fn main(spawner: Spawner) {
    let device = match Provisioning::read(board::provisioning()) {
        Ok(device) => device,
        Err(error) => {
            defmt::error!("provisioning: {}", error);
            board::exit(false)
        }
    };
    let mut tcp = Tcp::new(board::start(spawner), device.server);
    let Err(failure) = lamp(&mut tcp).await;
    defmt::info!("{}, stack used: {=usize} bytes", failure, board::stack_used());
    board::exit(true)
}

async fn lamp(tcp: &mut Tcp<'_>) -> Result<core::convert::Infallible, Failure> {
    let mut bridge = Bridge::connect(tcp).await?;
    let mut session: Session<(), Rpc> = Session::new();
    let (mut buf, mut out) = ([0; 1280], [0; 512]);
    loop {
        let (channel, frame) = bridge.receive(&mut buf).await?;
        let now_ms = Instant::now().as_millis();
        let Ok((event, replies)) = session.receive(channel, frame, now_ms, &mut out) else {
            continue; // not a packet
        };
        for reply in replies {
            bridge.send(Channel::Reliable, reply).await?;
        }
        if let Some(Event::Call(call)) = event {
            let result = match (call.method, call.payload) {
                ("lamp", state @ ("on" | "off")) => {
                    defmt::info!("lamp {=str}", state); // here it would be switched
                    Ok(state)
                }
                ("lamp", _) => Err(RpcError::new(RpcCode(1), "on or off")),
                _ => Err(RpcError::UNSUPPORTED_METHOD),
            };
            let response = session.respond(&call.caller, result, &mut out)?;
            bridge.send(Channel::Reliable, response).await?;
        }
    }
}
