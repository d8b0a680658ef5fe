//! Publishes into the room "lab" of a LiveKit server, once a second.
#![no_std]
#![no_main]

use embassy_executor::Spawner;
use embassy_net::{Ipv4Address, Stack, tcp::TcpSocket};
use embassy_time::{Duration, Timer};
use livekit_micro::borrowed::SendDataRequest;
use livekit_micro::server::{Call, Endpoint, ExchangeError, SendData};
use mps2_an385 as board; // yours: a network, random bytes, and a place for the token

#[embassy_executor::main(executor = "board::Executor", entry = "board::entry")]
async fn main(spawner: Spawner) {
    let network = board::start(spawner);
    loop {
        publish(network, br#"{"celsius":21.5}"#).await;
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
    socket.set_timeout(Some(Duration::from_secs(5)));
    if socket.connect((Ipv4Address::new(10, 0, 2, 2), 7880)).await.is_err() {
        return defmt::warn!("no connection");
    }
    match SendData::call(&mut socket, &server, &reading, &mut buf).await {
        Ok(_) => defmt::info!("accepted"),
        Err(ExchangeError::Call(error)) => defmt::warn!("not accepted: {}", error),
        Err(ExchangeError::Request(error)) => defmt::error!("not sent: {}", error),
        Err(_) => defmt::warn!("the connection was lost"),
    }
}
