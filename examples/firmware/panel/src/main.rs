//! A panel that shows what a voice agent says and has heard in a LiveKit room, and sends a log file to everybody there.
//!
//! A bridge carries the frames of its data channels, see `app::Bridge`. Its buffer is smaller than a frame: chunks are
//! received and sent in pieces of what there is space for.
#![no_std]
#![no_main]

mod incoming;
mod log_file;
mod transcription;

use app::{Bridge, Failure, Provisioning, Tcp};
use embassy_executor::Spawner;
use embassy_time::Instant;
use livekit_micro::data::{Event, Incoming, Session, StreamPart};
#[cfg(feature = "lm3s6965evb")]
use lm3s6965evb as board;
use log_file::LogFile;
#[cfg(feature = "mps2-an385")]
use mps2_an385 as board;
use transcription::{Transcription, Wanted};

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
    let Err(failure) = panel(&mut tcp).await;
    defmt::info!("{}, stack used: {=usize} bytes", failure, board::stack_used());
    board::exit(true)
}

async fn panel(tcp: &mut Tcp<'_>) -> Result<core::convert::Infallible, Failure> {
    let mut bridge = Bridge::connect(tcp).await?;
    let mut session: Session<Incoming<Wanted, 2>> = Session::new();
    let mut shown = Transcription::default();
    let mut buf = [0; 1280];

    let mut random = [0; 16];
    board::entropy(&mut random);
    let mut log = LogFile::open(&mut session.local, &mut bridge, random, &mut buf).await?;
    loop {
        let now_ms = Instant::now().as_millis();
        while let Some(Event::Stream(part)) = session.poll(now_ms) {
            shown.take(&part); // a stream that stopped
        }
        if bridge.has_arrived() {
            let take = |part: &StreamPart<'_>| shown.take(part);
            incoming::receive(&mut bridge, &mut session, &mut buf, now_ms, take).await?;
        } else if log.is_open() {
            // A chunk a turn, so that what arrives does not wait.
            log.send(&mut session.local, &mut bridge, &mut buf).await?;
        } else {
            bridge.wait(session.poll_in(now_ms)).await;
        }
    }
}
