//! A device without a network: examples/bridge joins a room in its place, by its own token. It publishes readings and answers
//! calls of the method "echo".
#![no_std]
#![no_main]

use embassy_executor::Spawner;
use embassy_time::{Duration, Instant, with_timeout};
use embedded_io_async::{Read as _, Write as _};
use heapless::String;
use livekit_micro::data::{Data, Event as Room, Pending, Rpc, RpcError, Session};
use livekit_micro::link::{Event, JoinConfig, Link, MAX_FRAME_BYTES, Memory, SendError};
use mps2_an385 as board; // yours: a UART, random bytes, and a place for the token
use static_cell::ConstStaticCell;

const COUNT: u32 = 40;
const INTERVAL_MS: u64 = 250;
/// Of the UART's buffer, which has 1 KB.
const WINDOW: u16 = 1_000;

type Plane = Session<(), Rpc>;

struct Buffers {
    receive: [u8; 1_024],
    send: [u8; 2_048],
    frame: [u8; 1_024],
}

#[embassy_executor::main(executor = "board::Executor", entry = "board::entry")]
async fn main(_spawner: Spawner) {
    static BUFFERS: ConstStaticCell<Buffers> =
        ConstStaticCell::new(Buffers { receive: [0; 1_024], send: [0; 2_048], frame: [0; 1_024] });

    let (mut reader, mut writer) = board::Uart::start(115_200);
    let Buffers { receive, send, frame } = BUFFERS.take();
    let mut link = Link::new(Plane::new(), Memory { receive, send, frame });
    let token = str::from_utf8(board::provisioning()).unwrap_or_default().trim_ascii();
    let mut random = [0; 8];
    board::entropy(&mut random);
    let [a, b, c, d, rest @ ..] = random;
    let random = u32::from_le_bytes([a, b, c, d]);
    let config = JoinConfig { token, window: WINDOW, longest_packet: 0, random };
    if let Err(error) = link.join(config, now_ms()) {
        defmt::error!("not joined: {}", error);
        board::exit(false);
    }
    let mut device = Device::new(u32::from_le_bytes(rest));
    let (mut out, mut bytes) = ([0; MAX_FRAME_BYTES], [0; 128]);
    loop {
        while let Some(frame) = link.poll(now_ms(), &mut out) {
            let Ok(()) = writer.write_all(frame).await;
        }
        while let Some(event) = link.event(now_ms()) {
            device.event(&event);
        }
        device.work(&mut link);
        let wait_ms = link.poll_in(now_ms()).unwrap_or(u32::MAX).min(device.wait_ms());
        let read = reader.read(&mut bytes);
        let Ok(Ok(len)) = with_timeout(Duration::from_millis(wait_ms.into()), read).await else {
            continue;
        };
        let mut rest = bytes.get(..len).unwrap_or_default();
        while let Some(event) = link.input(&mut rest, now_ms()) {
            device.event(&event);
        }
    }
}

fn now_ms() -> u64 {
    Instant::now().as_millis()
}

/// What the device has to do.
struct Device {
    boot: u32,
    sent: u32,
    next_ms: u64,
    /// Who has called, and the answer.
    answer: Option<(Pending, Result<String<64>, RpcError<'static>>)>,
}

impl Device {
    fn new(boot: u32) -> Self {
        Self { boot, sent: 0, next_ms: 0, answer: None }
    }

    fn wait_ms(&self) -> u32 {
        self.next_ms.saturating_sub(now_ms()).clamp(1, 1_000) as u32
    }

    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Connected => defmt::info!("connected"),
            Event::Reconnecting { error } => defmt::warn!("reconnecting: {}", error),
            Event::Reconnected { is_resumed, lost } => {
                defmt::info!("reconnected, resumed {}, {} lost", is_resumed, lost);
            }
            Event::Disconnected { reason, message } => {
                defmt::info!("disconnected: {}, {=str:?}", reason, message);
                defmt::info!("stack used: {} bytes", board::stack_used());
                board::exit(true);
            }
            Event::Failed(error) => defmt::error!("failed: {}", error),
            Event::Dropped { reliable, lossy } => {
                defmt::warn!("the bridge dropped {} and {} packets", reliable, lossy);
            }
            Event::Data(Room::Data(data)) => {
                defmt::info!("{} [{}] {} bytes", data.from, data.topic, data.payload.len());
            }
            Event::Data(Room::Call(call)) => {
                defmt::info!("{} calls {}", call.caller.identity, call.method);
                let result = match call.method {
                    "echo" => String::try_from(call.payload)
                        .map_err(|_| RpcError::REQUEST_PAYLOAD_TOO_LARGE),
                    _ => Err(RpcError::UNSUPPORTED_METHOD),
                };
                self.answer = call.caller.keep().map(|caller| (caller, result));
            }
            _ => {}
        }
    }

    /// Sends what is to be sent, as far as there is space.
    fn work(&mut self, link: &mut Link<'static, Plane>) {
        if let Some((caller, result)) = &self.answer {
            let result = result.as_deref().map_err(|error| *error);
            match link.respond(&caller.caller(), result) {
                Err(SendError::Full) => return,
                Err(error) => defmt::error!("not answered: {}", error),
                Ok(()) => {}
            }
            self.answer = None;
        }
        if now_ms() < self.next_ms || self.sent == COUNT || !link.is_connected() {
            return;
        }
        let n = self.sent + 1;
        let mut payload: String<96> = String::new();
        let reading = format_args!(r#"{{"boot":"{:08x}","n":{n},"celsius":21.5}}"#, self.boot);
        let _ = core::fmt::Write::write_fmt(&mut payload, reading); // it fits
        let data = Data { payload: payload.as_bytes(), topic: "readings", to: &[] };
        match link.publish_data(&data) {
            Ok(()) => {
                defmt::info!("reading {} sent", n);
                (self.sent, self.next_ms) = (n, now_ms() + INTERVAL_MS);
                if n == COUNT {
                    link.leave();
                }
            }
            Err(SendError::Full | SendError::NotConnected) => {}
            Err(error) => defmt::error!("reading {} not sent: {}", n, error),
        }
    }
}
