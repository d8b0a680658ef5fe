//! Publishes into the room "lab" of a LiveKit server, once a second.
#![no_std]
#![no_main]

use embassy_executor::Spawner;
use embassy_net::{Ipv4Address, Stack, tcp::TcpSocket};
use embassy_time::{Duration, Timer, with_timeout};
use livekit_micro::borrowed::SendDataRequest;
use livekit_micro::server::{Connection, ConnectionError, Endpoint, SendData};
use mps2_an385 as board; // yours: a network, random bytes, and a place for the token

#[embassy_executor::main(executor = "board::Executor", entry = "board::entry")]
async fn main(spawner: Spawner) {
    let network = board::start(spawner);
    loop {
        let published = publish(network, br#"{"celsius":21.5}"#);
        // A deadline for all of it: a socket's own timeout starts again with each byte.
        if with_timeout(Duration::from_secs(5), published).await.is_err() {
            defmt::warn!("timeout");
        }
        Timer::after_secs(1).await;
    }
}

async fn publish(network: Stack<'_>, data: &[u8]) {
    let token = str::from_utf8(board::provisioning()).unwrap_or_default().trim_ascii();
    let server = Endpoint { host: "10.0.2.2:7880", token, close: true };
    let mut nonce = [0; 16];
    board::entropy(&mut nonce);
    let reading = SendDataRequest { room: "lab", data, nonce: &nonce, ..Default::default() };

    let (mut receive, mut send, mut buf) = ([0; 256], [0; 256], [0; 1024]);
    let mut socket = TcpSocket::new(network, &mut receive, &mut send);
    if socket.connect((Ipv4Address::new(10, 0, 2, 2), 7880)).await.is_err() {
        return defmt::warn!("no connection");
    }
    match Connection::new(socket).call::<SendData>(&server, &reading, &mut buf).await {
        Ok(_) => defmt::info!("accepted"),
        Err(ConnectionError::Call(error)) => defmt::warn!("not accepted: {}", error),
        Err(ConnectionError::Request(error)) => defmt::error!("not sent: {}", error),
        Err(_) => defmt::warn!("the connection was lost"),
    }
}
