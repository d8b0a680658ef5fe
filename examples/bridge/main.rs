//! Joins rooms for devices that have no network: each on a serial line, or on a connection of TCP, with its own token.
//!
//! ```sh
//! cargo run --example bridge --features link,participant -- ws://localhost:7880 /dev/ttyUSB0:115200
//! ```
//!
//! | argument | is |
//! |---|---|
//! | a path | a serial device: `PATH` or `PATH:BAUD`, 115 200 baud by default. It may come and go |
//! | `HOST:PORT` | an address to listen at: each connection is a device |
//! | `--queue BYTES` | packets to a device that wait for its line; what is more is dropped, and the device is told: 256 KiB by default |
//! | `--tcp` | the server is reached by ICE over TCP |
//!
//! A firmware with `livekit_micro::link` is on the other end.

#[path = "../host/net.rs"]
mod net;
mod port;
mod room;
#[cfg(unix)]
mod serial;
#[path = "../host/store.rs"]
mod store;

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use livekit_micro::link::BridgeMemory;
use livekit_micro::participant::peer::ice::Transport;
use livekit_micro::signal::ServerUrl;

use net::Net;
use port::Port;
use store::Store;

pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// What is the same for all devices.
#[derive(Clone)]
pub struct Options {
    url: String,
    transport: Transport,
    queue: usize,
}

fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1);
    let usage = "bridge URL [--queue BYTES] [--tcp] PATH[:BAUD]|HOST:PORT …";
    let url = arguments.next().ok_or(usage)?;
    ServerUrl::parse(&url)?;
    let mut options = Options { url, transport: Transport::Udp, queue: 262_144 };
    let mut lines = Vec::new();
    while let Some(argument) = arguments.next() {
        match &argument[..] {
            "--queue" => options.queue = arguments.next().ok_or(usage)?.parse()?,
            "--tcp" => options.transport = Transport::Tcp,
            _ => lines.push(argument),
        }
    }
    if lines.is_empty() {
        return Err(usage.into());
    }
    let threads: Vec<_> = lines
        .into_iter()
        .map(|line| {
            let options = options.clone();
            thread::spawn(move || {
                let ended = match line.starts_with('/') {
                    true => serial(&line, &options),
                    false => listen(&line, &options),
                };
                println!("{line}: {}", ended.err().map_or_else(String::new, |it| it.to_string()));
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| _ = thread.join());
    Err("no line is left".into())
}

/// Serves a serial device, each time that it is there.
fn serial(line: &str, options: &Options) -> Result<(), Error> {
    let (path, baud) = match line.rsplit_once(':') {
        Some((path, baud)) => (path, baud.parse()?),
        None => (line, 115_200),
    };
    loop {
        match open(path, baud) {
            Ok((reader, writer)) => told(line, serve(line, reader, writer, options)),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
        thread::sleep(Duration::from_secs(1));
    }
}

#[cfg(unix)]
fn open(path: &str, baud: u32) -> std::io::Result<(File, File)> {
    let file = serial::open(path, baud)?;
    Ok((file.try_clone()?, file))
}

#[cfg(not(unix))]
fn open(_: &str, _: u32) -> std::io::Result<(File, File)> {
    Err(std::io::Error::other("serial devices are for Unix: use a connection of TCP"))
}

fn listen(line: &str, options: &Options) -> Result<(), Error> {
    let listener = TcpListener::bind(line)?;
    println!("{line}: listening at {}", listener.local_addr()?);
    loop {
        let (stream, from) = listener.accept()?;
        let (options, line) = (options.clone(), format!("{line}, {from}"));
        thread::spawn(move || {
            let halves = halves(stream);
            told(&line, halves.and_then(|(from, to)| serve(&line, from, to, &options)));
        });
    }
}

fn halves(stream: TcpStream) -> Result<(TcpStream, TcpStream), Error> {
    stream.set_nodelay(true)?;
    Ok((stream.try_clone()?, stream))
}

fn told(line: &str, ended: Result<(), Error>) {
    match ended {
        Ok(()) => println!("{line}: the line is closed"),
        Err(error) => println!("{line}: {error}"),
    }
}

/// Serves devices on a line until it ends: whenever one joins, there is a participant.
fn serve(
    line: &str,
    mut reader: impl Read + Send + 'static,
    writer: impl Write + 'static,
    options: &Options,
) -> Result<(), Error> {
    println!("{line}: open");
    let url = ServerUrl::parse(&options.url)?;
    let mut net = Net::new(&url, options.transport)?;
    let input = net.input();
    thread::spawn(move || {
        let mut bytes = [0; 4096];
        loop {
            match reader.read(&mut bytes) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Ok(0) | Err(_) => return input(None),
                Ok(len) if !input(Some(bytes[..len].to_vec())) => return false,
                Ok(_) => {}
            }
        }
    });
    let (mut receive, mut send) = (vec![0; 65_536], vec![0; options.queue]);
    let memory = BridgeMemory { receive: &mut receive, send: &mut send };
    let mut port = Port::new(line, writer, memory);
    let mut store = Store::new()?;
    while let Some(joins) = port.joins(&mut net)? {
        room::run(&joins, &mut port, &mut net, &mut store, options)?;
    }
    Ok(())
}
