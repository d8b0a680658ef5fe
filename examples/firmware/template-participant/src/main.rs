//! Joins a room of a LiveKit server, publishes once a second, and answers calls of the method "lamp".
#![no_std]
#![no_main]

use embassy_executor::Spawner;
use embassy_futures::join::join;
use embassy_net::Ipv4Address;
use embassy_time::Timer;
use livekit_micro::data::{Data, Event as Received, Pending, Rpc, Session};
use livekit_micro::participant::{Event, JoinConfig, Participant};
use livekit_micro::signal::ServerUrl;
use livekit_micro_embassy::{Handler, Resources, Room, Runner, Sockets};
use livekit_micro_peer::RustCrypto;
use mps2_an385 as board; // yours: a network, random bytes, and a place for the token
use static_cell::ConstStaticCell;

type Crypto = RustCrypto<fn(&mut [u8])>;
/// What it does besides publishing: it answers calls.
type Plane = Session<(), Rpc>;

#[embassy_executor::main(executor = "board::Executor", entry = "board::entry")]
async fn main(spawner: Spawner) {
    static RESOURCES: ConstStaticCell<Resources<'static, Crypto, Plane>> =
        ConstStaticCell::new(Resources::new());
    static SOCKETS: ConstStaticCell<Sockets> = ConstStaticCell::new(Sockets::new());

    let network = board::start(spawner);
    let crypto = Crypto::new(board::entropy);
    let started = RESOURCES.take().start(crypto, Session::new());
    let (shared, identity) = started.expect("P-256 signs");

    let room = Room::new(shared);
    let url = ServerUrl::parse("ws://10.0.2.2:7880").expect("it is a URL");
    let token = str::from_utf8(board::provisioning()).unwrap_or_default().trim_ascii();
    let mut config = JoinConfig::new(url, identity);
    let server = Ipv4Address::new(10, 0, 2, 2);
    config.server_ip = Some(server.into()); // only where the server does not know its own address
    room.join(config, token).expect("a token of less than 1 KB");
    let mut runner = Runner::new(network, (server, url.port), SOCKETS.take());
    let publish = async {
        loop {
            let reading = Data { payload: br#"{"celsius":21.5}"#, topic: "readings", to: &[] };
            match room.publish_data(&reading).await {
                Ok(()) => defmt::info!("published"),
                Err(error) => defmt::error!("not published: {}", error),
            }
            Timer::after_secs(1).await;
        }
    };
    join(runner.run(shared, &mut Lamp(None)), publish).await;
}

/// Who has called, and is to be answered.
struct Lamp(Option<Pending>);

impl Handler<'static, Crypto, Plane> for Lamp {
    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Connected => defmt::info!("connected"),
            Event::Disconnected { reason, error } => defmt::error!("{}, {}", reason, error),
            Event::Data(Received::Call(call)) => self.0 = call.caller.keep(),
            _ => {}
        }
    }

    fn answer(&mut self, device: &mut Participant<'static, Crypto, Plane>, now_ms: u64) {
        if let Some(caller) = self.0.take() {
            let _ = device.respond(&caller.caller(), Ok("on"), now_ms); // the caller hears of a timeout
        }
    }
}
