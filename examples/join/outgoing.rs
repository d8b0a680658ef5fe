//! What is to be sent, until there is space for it.

use std::collections::VecDeque;

use livekit_micro::data::{
    Channel, Data, Pending, PerformRpc, RpcError, StreamOptions, StreamWriter,
};
use livekit_micro::participant::SendError;

use crate::Device;
use crate::store::random;

#[derive(Default)]
pub struct Outgoing {
    queue: VecDeque<Item>,
    file: Option<File>,
}

enum Item {
    Text(String),
    Call { to: String, method: String, payload: String },
    Response(Pending, Result<String, RpcError<'static>>),
    File { name: String, content: Vec<u8> },
}

/// A file that is being streamed.
struct File {
    writer: StreamWriter<'static>,
    content: Vec<u8>,
    sent: usize,
}

impl Outgoing {
    pub fn line(&mut self, line: &str) {
        let words: Vec<&str> = line.splitn(4, ' ').collect();
        self.queue.push_back(match words[..] {
            ["/call", to, method, ref payload @ ..] => Item::Call {
                to: to.to_owned(),
                method: method.to_owned(),
                payload: payload.concat(),
            },
            ["/file", path] => match std::fs::read(path) {
                Ok(content) => Item::File { name: path.to_owned(), content },
                Err(error) => return println!("{path}: {error}"),
            },
            _ => Item::Text(line.to_owned()),
        });
    }

    pub fn respond(&mut self, caller: Pending, result: Result<String, RpcError<'static>>) {
        self.queue.push_front(Item::Response(caller, result));
    }

    /// Sends what there is space for.
    pub fn send(&mut self, device: &mut Device<'_>, now_ms: u64) {
        while let Some(item) = self.queue.pop_front() {
            match self.send_item(&item, device, now_ms) {
                Ok(()) => {}
                // Later.
                Err(SendError::Full | SendError::NotConnected) => {
                    return self.queue.push_front(item);
                }
                Err(error) => println!("not sent: {error}"),
            }
        }
        if let Err(error) = self.send_file(device, now_ms)
            && error != SendError::Full
        {
            println!("the file was not sent: {error}");
            self.file = None;
        }
    }

    fn send_item(
        &mut self,
        item: &Item,
        device: &mut Device<'_>,
        now_ms: u64,
    ) -> Result<(), SendError> {
        match item {
            Item::Text(text) => {
                let data = Data { payload: text.as_bytes(), topic: "chat", to: &[] };
                device.publish_data(&data, now_ms)
            }
            Item::Call { to, method, payload } => {
                let call = PerformRpc {
                    destination_identity: to,
                    method,
                    payload,
                    ..PerformRpc::default()
                };
                device.perform_rpc(&call, now_ms).map(|_| ())
            }
            Item::Response(caller, result) => {
                let result = result.as_ref().map(String::as_str).map_err(|error| *error);
                device.respond(&caller.caller(), result, now_ms)
            }
            Item::File { name, content } => {
                let options = StreamOptions {
                    topic: "files",
                    name,
                    total_length: u32::try_from(content.len()).ok(),
                    ..StreamOptions::default()
                };
                let mut id = [0; 16];
                random(&mut id);
                let writer = device.send(Channel::Reliable, now_ms, |session, buf| {
                    session.local.stream_bytes(&options, id, buf)
                })?;
                self.file = Some(File { writer, content: content.clone(), sent: 0 });
                Ok(())
            }
        }
    }

    fn send_file(&mut self, device: &mut Device<'_>, now_ms: u64) -> Result<(), SendError> {
        let Some(file) = &mut self.file else { return Ok(()) };
        while file.sent < file.content.len() {
            let mut rest = &file.content[file.sent..];
            device.send(Channel::Reliable, now_ms, |session, buf| {
                Ok(((), file.writer.write(&mut session.local, &mut rest, buf)?))
            })?;
            file.sent = file.content.len() - rest.len();
        }
        let writer = file.writer.clone();
        device.send(Channel::Reliable, now_ms, |session, buf| {
            Ok(((), writer.close(&mut session.local, "", &[], buf)?))
        })?;
        println!("sent the file");
        self.file = None;
        Ok(())
    }
}
