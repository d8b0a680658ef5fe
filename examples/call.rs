//! Calls LiveKit's server over a connection of `std`; the payload comes from stdin.
//!
//! ```sh
//! export LIVEKIT_TOKEN=$(cargo run --example token --features token -- --room lab --admin)
//! echo 21.5 | cargo run --example call --features server -- 127.0.0.1:7880 send lab readings
//! echo 21.5 | cargo run --example call --features server -- 127.0.0.1:7880 rpc lab operator reading 8000
//! ```

use std::error::Error;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;
use std::{env, io};

use livekit_micro::borrowed::{PerformRpcRequest, SendDataRequest};
use livekit_micro::server::{Endpoint, PerformRpc, Reply, SendData};

const USAGE: &str = "usage: call HOST:PORT send ROOM TOPIC [--nonce HEX] [TO…]
       call HOST:PORT rpc ROOM TO METHOD MILLISECONDS
LIVEKIT_TOKEN is a token with roomAdmin for the room.";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let token = env::var("LIVEKIT_TOKEN").map_err(|_| USAGE)?;
    let mut payload = Vec::new();
    io::stdin().read_to_end(&mut payload)?;
    let mut buf = vec![0; payload.len() + 8192];

    match arguments[..] {
        [host, "send", room, topic, ref rest @ ..] => {
            let (nonce, to) = match *rest {
                ["--nonce", hex, ref to @ ..] => (u128::from_str_radix(hex, 16)?, to),
                ref to => (random()?, to),
            };
            let call = SendDataRequest {
                room,
                data: &payload,
                topic: Some(topic),
                destination_identities: to.into(),
                nonce: &nonce.to_be_bytes(),
                ..Default::default()
            };
            let endpoint = Endpoint { host, token: &token, close: true };
            let request = endpoint.request::<SendData>(&call, &mut buf)?;
            let mut answer = [0; 1024];
            exchange(host, request, &mut answer)?.message::<SendData>()?;
        }
        [host, "rpc", room, to, method, milliseconds] => {
            let call = PerformRpcRequest {
                room,
                destination_identity: to,
                method,
                payload: str::from_utf8(&payload)?,
                response_timeout_ms: milliseconds.parse()?,
            };
            let endpoint = Endpoint { host, token: &token, close: true };
            let request = endpoint.request::<PerformRpc>(&call, &mut buf)?;
            let mut answer = [0; 16 * 1024];
            println!("{}", exchange(host, request, &mut answer)?.message::<PerformRpc>()?.payload);
        }
        _ => return Err(USAGE.into()),
    }
    Ok(())
}

/// Sends a request over a new connection and takes in the answer.
fn exchange<'b>(
    host: &str,
    request: &[u8],
    answer: &'b mut [u8],
) -> Result<Reply<'b>, Box<dyn Error>> {
    let mut connection = TcpStream::connect(host)?;
    connection.set_read_timeout(Some(Duration::from_secs(60)))?;
    connection.write_all(request)?;
    let mut reply = Reply::new(answer);
    while !reply.is_complete() {
        let count = connection.read(reply.space())?;
        reply.advance(count)?;
    }
    if reply.status() != Some(200) {
        eprintln!("{} {}", reply.status().unwrap_or(0), reply.body().escape_ascii());
    }
    Ok(reply)
}

/// 16 bytes that nobody draws again.
fn random() -> io::Result<u128> {
    let mut bytes = [0; 16];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(u128::from_ne_bytes(bytes))
}
