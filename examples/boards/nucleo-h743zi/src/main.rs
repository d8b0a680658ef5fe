//! Joins a room of a LiveKit server, publishes once a second, and answers calls of the method "lamp".
#![no_std]
#![no_main]

mod board;

use embassy_executor::Spawner;
use embassy_futures::join::join;
use embassy_net::dns::DnsQueryType::A;
use embassy_time::Timer;
use livekit_micro::data::{Data, Event as Received, Pending, Rpc, Session};
use livekit_micro::participant::{Event, JoinConfig, Participant, peer::dtls::Identity};
use livekit_micro::signal::ServerUrl;
use livekit_micro_embassy::{Handler, Resources, Room, Runner, Sockets};
use livekit_micro_peer::RustCrypto;
use static_cell::ConstStaticCell;

type Crypto = RustCrypto<fn(&mut [u8])>;
type Plane = Session<(), Rpc>; // besides publishing, it answers calls

#[board::main]
async fn main(spawner: Spawner) {
    static RESOURCES: ConstStaticCell<Resources<'static, Crypto, Plane>> =
        ConstStaticCell::new(Resources::new());
    static SOCKETS: ConstStaticCell<Sockets> = ConstStaticCell::new(Sockets::new());

    let url = ServerUrl::parse(env!("LIVEKIT_URL")).expect("LIVEKIT_URL is ws://HOST:PORT");
    assert!(!url.is_tls, "wss is not for this template");
    let network = board::start(spawner).await;
    let server = loop {
        network.wait_config_up().await;
        match network.dns_query(url.host, A).await.as_deref() {
            Ok([address, ..]) => break *address, // of a name, or what stands in the URL
            _ => Timer::after_secs(5).await,
        }
    };
    let started = RESOURCES.take().start(Crypto::new(board::entropy), Session::new());
    let (shared, Identity { certificate, key }) = started.expect("P-256 signs");
    let room = Room::new(shared);
    let mut runner = Runner::new(network, (server, url.port), SOCKETS.take());
    let connection = async {
        loop {
            let config = JoinConfig::new(url, Identity { certificate, key });
            room.join(config, env!("LIVEKIT_TOKEN")).expect("a token of less than 1 KB");
            runner.run(shared, &mut Lamp(None)).await;
            Timer::after_secs(10).await;
        }
    };
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
    join(connection, publish).await;
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
