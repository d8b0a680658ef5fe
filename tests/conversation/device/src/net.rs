//! The sockets of the device, and whatever is wrong with its network.

use std::collections::VecDeque;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream, UdpSocket};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use livekit_micro::participant::Output;
use livekit_micro::participant::peer::ice::{Transport, tcp};
use livekit_micro::participant::peer::stun::is_stun;
use livekit_micro::signal::ServerUrl;

use crate::command::Command;
use crate::faults::Faults;

/// What the device waits for.
pub enum Arrived {
    /// The connection for signalling is open.
    Opened,
    /// It is closed, or could not be opened.
    Closed,
    Signal(Vec<u8>),
    Datagram(SocketAddr, Vec<u8>),
    Command(Command),
    /// stdin has ended.
    Leave,
}

/// Which connection something came by, of those that follow each other; 0 for what comes by none.
type Turn = u64;
type Inputs = Sender<(Turn, Arrived)>;
type Sent = (SocketAddr, Vec<u8>);

pub struct Net {
    host: (String, u16),
    inputs: Inputs,
    arrived: Receiver<(Turn, Arrived)>,
    ready: VecDeque<Arrived>,
    /// Of the last connection that was made.
    turn: Turn,
    signal: Option<(Turn, TcpStream)>,
    /// `None` with ICE over TCP. Its reader ends when the last of it is dropped.
    udp: Option<(Turn, Arc<UdpSocket>)>,
    /// ICE over TCP: a connection for each address of the server's.
    tcp: Vec<(Turn, SocketAddr, TcpStream)>,
    is_cut: bool,
    outward: Faults<Sent>,
    inward: Faults<Sent>,
}

impl Net {
    pub fn new(url: &ServerUrl<'_>, transport: Transport) -> Self {
        let (inputs, arrived) = channel();
        let mut net = Self {
            host: (url.host.to_owned(), url.port),
            inputs,
            arrived,
            ready: VecDeque::new(),
            turn: 0,
            signal: None,
            udp: None,
            tcp: Vec::new(),
            is_cut: false,
            outward: Faults::new(0),
            inward: Faults::new(1),
        };
        if transport == Transport::Udp {
            net.bind();
        }
        net
    }

    /// For those who pass commands.
    pub fn inputs(&self) -> Inputs {
        self.inputs.clone()
    }

    /// Does what the participant wants done.
    pub fn act(&mut self, output: Output<'_>) {
        match output {
            Output::Connect => self.connect(),
            Output::Signal(bytes) => {
                // If it breaks, its reader says so.
                if let Some((_, stream)) = &mut self.signal {
                    let _ = stream.write_all(bytes);
                }
            }
            Output::Close => {
                self.close_signal();
                self.signal = None;
            }
            Output::Datagram { to, bytes } => {
                for (to, bytes) in self.outward.pass((to, bytes.to_vec())) {
                    if !self.is_cut {
                        self.send(to, &bytes);
                    }
                }
            }
        }
    }

    /// The network is gone.
    pub fn cut(&mut self) {
        self.is_cut = true;
        self.close_signal();
        for (_, _, stream) in self.tcp.drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// It is there again.
    pub fn resume(&mut self) {
        self.is_cut = false;
    }

    /// Closes the connection for signalling; its reader tells.
    pub fn close_signal(&mut self) {
        if let Some((_, stream)) = &self.signal {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Sends and receives by another socket from now on.
    pub fn bind(&mut self) {
        let socket = UdpSocket::bind("0.0.0.0:0").expect("a socket");
        // So that the reader of one that is not used any more ends.
        socket.set_read_timeout(Some(Duration::from_millis(500))).expect("it is not 0");
        let (turn, socket, inputs) = (self.next(), Arc::new(socket), self.inputs.clone());
        let reader = Arc::downgrade(&socket);
        self.udp = Some((turn, socket));
        thread::spawn(move || {
            let mut datagram = [0; 2048];
            while let Some(socket) = reader.upgrade() {
                if let Ok((len, from)) = socket.recv_from(&mut datagram) {
                    let _ = inputs.send((turn, Arrived::Datagram(from, datagram[..len].to_vec())));
                }
            }
        });
    }

    fn next(&mut self) -> Turn {
        self.turn += 1;
        self.turn
    }

    fn connect(&mut self) {
        let (turn, inputs) = (self.next(), self.inputs.clone());
        let stream = if self.is_cut { None } else { TcpStream::connect(&self.host).ok() };
        let Some(stream) = stream else {
            self.signal = None;
            return self.ready.push_back(Arrived::Closed);
        };
        let mut reader = stream.try_clone().expect("a second handle");
        self.signal = Some((turn, stream));
        self.ready.push_back(Arrived::Opened);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(len @ 1..) = reader.read(&mut bytes) {
                let _ = inputs.send((turn, Arrived::Signal(bytes[..len].to_vec())));
            }
            let _ = inputs.send((turn, Arrived::Closed));
        });
    }

    fn send(&mut self, to: SocketAddr, bytes: &[u8]) {
        if let Some((_, socket)) = &self.udp {
            // As a lost one, if it cannot be sent.
            let _ = socket.send_to(bytes, to);
            return;
        }
        if !self.tcp.iter().any(|(_, address, _)| *address == to) {
            // A server closes a connection that does not begin with a check.
            if !is_stun(bytes) {
                return;
            }
            self.connect_ice(to);
        }
        // RFC 4571: each datagram after its length.
        let mut framed = [0; 2048];
        let len = tcp::frame(&mut framed, |space| {
            space.get_mut(..bytes.len())?.copy_from_slice(bytes);
            Some(bytes.len())
        });
        let framed = &framed[..len.expect("datagrams are short")];
        // A broken one is made again with the next datagram.
        self.tcp
            .retain_mut(|(_, address, stream)| *address != to || stream.write_all(framed).is_ok());
    }

    fn connect_ice(&mut self, to: SocketAddr) {
        let Ok(stream) = TcpStream::connect(to) else { return };
        let mut reader = stream.try_clone().expect("a second handle");
        let (turn, inputs) = (self.next(), self.inputs.clone());
        self.tcp.push((turn, to, stream));
        thread::spawn(move || {
            let mut len = [0; 2];
            while reader.read_exact(&mut len).is_ok() {
                let mut datagram = vec![0; u16::from_be_bytes(len).into()];
                if reader.read_exact(&mut datagram).is_err() {
                    return;
                }
                let _ = inputs.send((turn, Arrived::Datagram(to, datagram)));
            }
        });
    }

    /// What arrives next, within a time.
    pub fn arrived(&mut self, wait: Duration) -> Option<Arrived> {
        loop {
            if let Some(arrived) = self.ready.pop_front() {
                return Some(arrived);
            }
            let (turn, arrived) = self.arrived.recv_timeout(wait).ok()?;
            match arrived {
                _ if !self.is_current(turn) => {}
                Arrived::Datagram(from, bytes) => {
                    let passed = self.inward.pass((from, bytes));
                    let passed = passed.into_iter().filter(|_| !self.is_cut);
                    self.ready.extend(passed.map(|(from, bytes)| Arrived::Datagram(from, bytes)));
                }
                arrived => return Some(arrived),
            }
        }
    }

    /// Of connections that were there before nothing counts.
    fn is_current(&self, turn: Turn) -> bool {
        let mut tcp = self.tcp.iter().map(|(turn, ..)| *turn);
        let (udp, signal) = (self.udp.as_ref(), self.signal.as_ref());
        turn == 0
            || udp.is_some_and(|(it, _)| *it == turn)
            || signal.is_some_and(|(it, _)| *it == turn)
            || tcp.any(|it| it == turn)
    }
}
