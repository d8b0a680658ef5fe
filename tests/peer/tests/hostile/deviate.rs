//! Ways to make an honest server send something else.

use peer_tests::servers::hostile::hello::{list, take, vector};
use peer_tests::servers::hostile::wire::{Fragment, HANDSHAKE, Message, Record, number};
use peer_tests::servers::hostile::{Flight, Server};

/// Changes the body of each message of a kind. The server's transcript has it as it is afterwards.
pub fn message(server: &mut Server, kind: u8, change: impl Fn(&mut Vec<u8>) + 'static) {
    server.deviations.messages = Box::new(move |_, messages| {
        messages
            .iter_mut()
            .filter(|message| message.kind == kind)
            .for_each(|it| change(&mut it.body));
    });
}

/// Changes the messages of a flight, and numbers them anew. The server's transcript has what is left.
pub fn messages(server: &mut Server, flight: Flight, change: impl Fn(&mut Vec<Message>) + 'static) {
    server.deviations.messages = Box::new(move |of, messages| {
        if of == flight {
            let first = messages[0].seq;
            change(messages);
            messages.iter_mut().zip(first..).for_each(|(message, seq)| message.seq = seq);
        }
    });
}

/// Changes the records of a flight, the first time that it is sent.
pub fn records(server: &mut Server, flight: Flight, change: impl Fn(&mut Vec<Record>) + 'static) {
    server.deviations.records = Box::new(move |of, attempt, records| {
        if of == flight && attempt == 0 {
            change(records);
        }
    });
}

/// Changes the datagrams of a flight, the first time that it is sent.
pub fn datagrams(
    server: &mut Server,
    flight: Flight,
    change: impl Fn(&mut Vec<Vec<u8>>) + 'static,
) {
    server.deviations.datagrams = Box::new(move |of, attempt, datagrams| {
        if of == flight && attempt == 0 {
            change(datagrams);
        }
    });
}

/// A handshake record of epoch 0 with a fragment in it.
pub fn fragment(fragment: &Fragment) -> Record {
    Record::plain(HANDSHAKE, fragment.bytes())
}

/// A ServerHello in its parts.
pub struct ServerHello {
    pub version: [u8; 2],
    pub random: Vec<u8>,
    pub session: Vec<u8>,
    pub suite: u16,
    pub compression: u8,
    pub extensions: Vec<(u16, Vec<u8>)>,
}

/// Changes the ServerHello.
pub fn hello(server: &mut Server, change: impl Fn(&mut ServerHello) + 'static) {
    message(server, 2, move |body| {
        let mut hello = ServerHello::read(body).unwrap();
        change(&mut hello);
        *body = hello.bytes();
    });
}

impl ServerHello {
    fn read(mut body: &[u8]) -> Result<Self, String> {
        let rest = &mut body;
        let version = take(rest, 2)?.try_into().unwrap();
        let random = take(rest, 32)?.to_vec();
        let session = vector(rest, 1)?.to_vec();
        let suite = number(take(rest, 2)?) as u16;
        let compression = take(rest, 1)?[0];
        let mut all = vector(rest, 2)?;
        let mut extensions = Vec::new();
        while !all.is_empty() {
            let kind = number(take(&mut all, 2)?) as u16;
            extensions.push((kind, vector(&mut all, 2)?.to_vec()));
        }
        Ok(Self { version, random, session, suite, compression, extensions })
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.version.to_vec();
        bytes.extend(&self.random);
        bytes.push(self.session.len() as u8);
        bytes.extend(&self.session);
        bytes.extend(self.suite.to_be_bytes());
        bytes.push(self.compression);
        bytes.extend(list(&self.extensions));
        bytes
    }

    /// Removes an extension.
    pub fn remove(&mut self, kind: u16) {
        self.extensions.retain(|(found, _)| *found != kind);
    }

    /// Replaces the data of an extension.
    pub fn replace(&mut self, kind: u16, data: &[u8]) {
        let extension = self.extensions.iter_mut().find(|(found, _)| *found == kind);
        extension.unwrap().1 = data.to_vec();
    }
}
