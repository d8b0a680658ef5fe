//! The sockets of a participant: what comes of any of them, and what else its program waits for, comes through one channel.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream, UdpSocket};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use livekit_micro::participant::Output;
use livekit_micro::participant::peer::ice::{Transport, tcp};
use livekit_micro::signal::ServerUrl;

/// What the program waits for; `I` is its own.
pub enum Arrived<I> {
    /// The connection for signalling is open.
    Opened,
    /// It is closed, or could not be opened.
    Closed,
    Signal(Vec<u8>),
    Datagram(SocketAddr, Vec<u8>),
    Input(I),
}

pub struct Net<I> {
    host: (String, u16),
    arrived: Receiver<(u64, Arrived<I>)>,
    sender: Sender<(u64, Arrived<I>)>,
    signal: Option<TcpStream>,
    /// Which connection for signalling is the current one: of those before, nothing counts.
    turn: u64,
    udp: Option<UdpSocket>,
    /// ICE over TCP: a connection for each address of the server's.
    tcp: Vec<(SocketAddr, TcpStream)>,
}

impl<I: Send + 'static> Net<I> {
    pub fn new(url: &ServerUrl<'_>, transport: Transport) -> io::Result<Self> {
        if url.is_tls {
            return Err(io::Error::other("this example has no TLS: give a ws:// URL"));
        }
        let (sender, arrived) = channel();
        let udp = match transport {
            Transport::Udp => Some(UdpSocket::bind("0.0.0.0:0")?),
            Transport::Tcp => None,
        };
        if let Some(socket) = &udp {
            let (socket, sender) = (socket.try_clone()?, sender.clone());
            thread::spawn(move || {
                let mut datagram = [0; 2048];
                while let Ok((len, from)) = socket.recv_from(&mut datagram) {
                    let _ = sender.send((0, Arrived::Datagram(from, datagram[..len].to_vec())));
                }
            });
        }
        let host = (url.host.to_owned(), url.port);
        Ok(Self { host, arrived, sender, signal: None, turn: 0, udp, tcp: Vec::new() })
    }

    /// For a thread that waits for something else: `false` when the program has no use for it any more.
    pub fn input(&self) -> impl Fn(I) -> bool + use<I> {
        let sender = self.sender.clone();
        move |input| sender.send((0, Arrived::Input(input))).is_ok()
    }

    /// Does what the participant wants done.
    pub fn act(&mut self, output: Output<'_>) {
        match output {
            Output::Connect => {
                self.close();
                self.turn += 1;
                let (host, sender, turn) = (self.host.clone(), self.sender.clone(), self.turn);
                match TcpStream::connect(host) {
                    Ok(stream) => {
                        self.signal = stream.try_clone().ok();
                        let _ = sender.send((turn, Arrived::Opened));
                        thread::spawn(move || read(stream, turn, &sender));
                    }
                    Err(_) => _ = sender.send((turn, Arrived::Closed)),
                }
            }
            Output::Signal(bytes) => {
                // If it breaks, its reader says so.
                if let Some(stream) = &mut self.signal {
                    let _ = stream.write_all(bytes);
                }
            }
            Output::Close => self.close(),
            Output::Datagram { to, bytes } => match &self.udp {
                Some(socket) => _ = socket.send_to(bytes, to),
                None => self.send_over_tcp(to, bytes),
            },
        }
    }

    fn close(&mut self) {
        if let Some(stream) = self.signal.take() {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// RFC 4571: each datagram after its length.
    fn send_over_tcp(&mut self, to: SocketAddr, bytes: &[u8]) {
        if !self.tcp.iter().any(|(address, _)| *address == to)
            && let Ok(stream) = TcpStream::connect(to)
            && let Ok(mut reader) = stream.try_clone()
        {
            self.tcp.push((to, stream));
            let sender = self.sender.clone();
            thread::spawn(move || {
                let mut len = [0; 2];
                while reader.read_exact(&mut len).is_ok() {
                    let mut datagram = vec![0; u16::from_be_bytes(len).into()];
                    if reader.read_exact(&mut datagram).is_err() {
                        return;
                    }
                    let _ = sender.send((0, Arrived::Datagram(to, datagram)));
                }
            });
        }
        if let Some((_, stream)) = self.tcp.iter_mut().find(|(address, _)| *address == to) {
            let mut framed = [0; 2048];
            let len = tcp::frame(&mut framed, |room| {
                room.get_mut(..bytes.len())?.copy_from_slice(bytes);
                Some(bytes.len())
            });
            let _ = stream.write_all(&framed[..len.unwrap_or(0)]);
        }
    }

    /// What arrives next, within a time.
    pub fn arrived(&mut self, wait_ms: u32) -> Option<Arrived<I>> {
        let wait = Duration::from_millis(wait_ms.into());
        let (turn, arrived) = self.arrived.recv_timeout(wait).ok()?;
        (turn == 0 || turn == self.turn).then_some(arrived)
    }
}

fn read<I>(mut stream: TcpStream, turn: u64, sender: &Sender<(u64, Arrived<I>)>) {
    let mut bytes = [0; 4096];
    loop {
        let arrived = match stream.read(&mut bytes) {
            Ok(0) | Err(_) => Arrived::Closed,
            Ok(len) => Arrived::Signal(bytes[..len].to_vec()),
        };
        let is_over = matches!(arrived, Arrived::Closed);
        if sender.send((turn, arrived)).is_err() || is_over {
            return;
        }
    }
}
