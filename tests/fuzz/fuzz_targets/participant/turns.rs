//! What the device does and is given, and how all goes on until nothing is left to do.

use std::net::SocketAddr;

use livekit_micro::data::Data;
use livekit_micro::participant::Output;
use livekit_micro::participant::peer::Datagram;
use support::peer::remote;

use crate::{Lab, Line};

impl Lab<'_> {
    pub fn receive(&mut self, from: SocketAddr, mut datagram: Vec<u8>) {
        let mut datagram = Datagram::new(from, &mut datagram);
        let mut count = 0;
        while let Some(event) = self.participant.receive(&mut datagram, self.now_ms) {
            self.model.take(&event);
            count += 1;
            assert!(count < 1_000, "a datagram without end");
        }
        self.poll();
    }

    /// The device gets at most so many bytes of the server's.
    pub fn receive_signal(&mut self, len: usize) {
        if self.line != Line::Open {
            return;
        }
        let len = len.min(self.server.outbox.len());
        let piece: Vec<_> = self.server.outbox.drain(..len).collect();
        let (mut bytes, mut count) = (&piece[..], 0);
        while let Some(event) = self.participant.receive_signal(&mut bytes, self.now_ms) {
            self.model.take(&event);
            count += 1;
            assert!(count < 1_000, "bytes without end");
        }
        assert!(bytes.is_empty(), "bytes are left");
        self.poll();
    }

    /// Does what is to be done; whether that was anything.
    pub fn poll_once(&mut self) -> bool {
        let mut out = [0; 2_048];
        if let Some(output) = self.participant.poll(self.now_ms, &mut out) {
            match output {
                Output::Connect => self.line = Line::Asked,
                Output::Close => self.line = Line::Closed,
                Output::Datagram { to, bytes } => {
                    if to == remote::address() {
                        self.remote.arriving.push(bytes.to_vec());
                    }
                }
                Output::Signal(bytes) => {
                    assert!(!bytes.is_empty() && self.line == Line::Open, "nobody hears it");
                    let begins = self.server.input(bytes, &mut self.remote, self.now_ms);
                    if begins {
                        self.to_device.clear();
                        self.model.begin();
                    }
                }
            }
            return true;
        }
        match self.participant.event(self.now_ms) {
            Some(event) => {
                self.model.take(&event);
                true
            }
            None => false,
        }
    }

    pub fn poll(&mut self) {
        let mut count = 0;
        while self.poll_once() || self.participant.poll_in(self.now_ms) == Some(0) {
            count += 1;
            assert!(count < 200, "it has something to do without end");
        }
        // What was asked for once is asked for once.
        assert!(!self.poll_once());
        self.remote.poll(self.now_ms);
        self.to_device.append(&mut self.remote.sent);
    }

    /// The peer hears what was sent to it.
    pub fn exchange(&mut self) {
        self.remote.receive(self.now_ms);
        self.to_device.append(&mut self.remote.sent);
        for (stream, message) in self.remote.received.iter_mut().flat_map(|it| it.drain(..)) {
            self.model.arrived(stream, &message);
        }
    }

    /// Lets all go on, with a network that loses nothing and connections that open, until nothing is left to do but to
    /// wait.
    pub fn settle(&mut self) {
        let (limit, mut turns) = (self.now_ms + 120_000, 0);
        self.remote.is_deaf = false;
        while self.now_ms < limit {
            turns += 1;
            assert!(turns < 5_000, "it is woken without end");
            self.poll();
            if self.line == Line::Asked {
                self.open_line();
                self.poll();
            }
            self.receive_signal(usize::MAX);
            if self.line == Line::Open && self.server.closes {
                self.line = Line::Closed;
                self.participant.signal_closed(self.now_ms);
                self.poll();
            }
            self.exchange();
            let datagrams = std::mem::take(&mut self.to_device);
            let is_quiet = datagrams.is_empty() && self.remote.arriving.is_empty();
            for datagram in datagrams {
                self.receive(remote::address(), datagram);
            }
            let waits = self.participant.unacknowledged() > 0 || self.remote.is_waiting();
            if is_quiet && (self.model.is_over() || self.model.is_up() && !waits) {
                return;
            }
            if is_quiet {
                let due = [self.participant.poll_in(self.now_ms), self.remote.poll_in(self.now_ms)];
                let Some(due) = due.into_iter().flatten().min() else { return };
                self.now_ms += u64::from(due);
            }
        }
    }

    pub fn finish(&mut self) {
        self.settle();
        self.server.refuses = None;
        // Whatever was before: it joins again, and all works.
        self.join();
        self.settle();
        assert!(self.model.is_up() && self.participant.is_connected(), "it does not join again");
        let data = Data { payload: b"last", topic: "", to: &[] };
        let now_ms = self.now_ms;
        self.participant.publish_data(&data, now_ms).expect("it is connected");
        let sequence = self.participant.session.local.last_sequence();
        self.model.sent.insert(sequence, b"last".to_vec());
        assert_eq!(sequence, 1, "numbers begin anew");
        self.settle();
        assert!(self.model.sent.is_empty(), "it never arrived");
        self.participant.leave();
        self.settle();
        assert!(self.model.is_over() && self.line == Line::Closed);
        assert_eq!(self.participant.poll_in(self.now_ms), None);
    }
}
