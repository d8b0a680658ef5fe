//! The publisher: a reading every interval, delivered in order.

use core::pin::pin;

use defmt::info;
use embassy_futures::join::join;
use embassy_time::{Duration, Ticker};
use livekit_micro::borrowed::{PerformRpcRequest, SendDataRequest};
use livekit_micro::server::{
    CallError, Counts, Endpoint, PerformRpc, Reply, ReplyError, RequestError, SendData, Sending,
};
use static_cell::StaticCell;

use crate::call::{ANSWER, exchange};
use crate::queue::Queue;
use crate::{Connector, Entropy, Failure, Mode, Provisioning, reading};

/// How long the receiver of a call may take for its answer.
const RECEIVER: Duration = Duration::from_secs(3);

/// Takes and publishes readings: for ever, or as many as the provisioning says. To be called once.
pub async fn publish<C: Connector>(
    device: &Provisioning<'_>,
    entropy: Entropy,
    connector: &mut C,
) -> Counts {
    // Not in the future of this function, which would be built on the stack.
    static QUEUE: StaticCell<Queue> = StaticCell::new();

    let queue = &*QUEUE.init_with(Queue::new);
    let boot = random(entropy);
    info!("boot {=u32:08x}, room {=str}", boot, device.room);

    let sampler = pin!(sample(device, boot, queue, entropy));
    let sender = pin!(deliver(device, queue, connector, entropy));
    join(sampler, sender).await;
    let counts = queue.counts();
    info!(
        "done: taken {=u32}, accepted {=u32}, given up {=u32}, dropped {=u32}",
        counts.taken, counts.accepted, counts.given_up, counts.dropped
    );
    counts
}

fn random(entropy: Entropy) -> u32 {
    let mut bytes = [0; 4];
    entropy(&mut bytes);
    u32::from_le_bytes(bytes)
}

async fn sample(device: &Provisioning<'_>, boot: u32, queue: &Queue, entropy: Entropy) {
    let mut ticker = Ticker::every(Duration::from_millis(device.interval_ms.into()));
    let mut left = device.count;
    while left != Some(0) {
        let n = queue.next_number();
        let mut nonce = [0; 16];
        entropy(&mut nonce);
        queue.push(&reading::json(boot, n, reading::sample(n), device.name), nonce);
        left = left.map(|left| left - 1);
        ticker.next().await;
    }
    queue.close();
}

/// One connection after the other, one call after the other.
async fn deliver<C: Connector>(
    device: &Provisioning<'_>,
    queue: &Queue,
    connector: &mut C,
    entropy: Entropy,
) {
    let endpoint = Endpoint { host: device.host, token: device.token, close: false };
    // Holds the request and then the answer.
    let mut buf = [0; 1024];
    let write = |it: &Sending<'_>, buf: &mut [u8]| write(device, &endpoint, it, buf);
    let (how, time) = match device.mode {
        Mode::Send => ("accepted", ANSWER),
        Mode::Rpc { .. } => ("acknowledged", ANSWER + RECEIVER),
    };
    while let Some(mut len) = queue.next(&mut buf, &write).await {
        let mut connection = match connector.connect().await {
            Ok(connection) => connection,
            Err(failure) => {
                queue.settle(Err(failure), how, random(entropy));
                continue;
            }
        };
        let mut is_fresh = true;
        loop {
            let (keeps_alive, result) = call(&mut connection, &mut buf, len, time).await;
            // A connection that was kept is known to be dead only when it is used: at once on a new one.
            if !is_fresh && is_dead(&result) {
                queue.hurry();
            }
            queue.settle(result, how, random(entropy));
            if !keeps_alive {
                break;
            }
            is_fresh = false;
            match queue.next(&mut buf, &write).await {
                Some(next) => len = next,
                None => break,
            }
        }
        C::close(connection).await;
    }
}

/// Was the connection gone before the server said anything?
fn is_dead(result: &Result<(), Failure>) -> bool {
    matches!(result, Err(Failure::Lost | Failure::Call(CallError::Reply(ReplyError::Closed))))
}

/// Writes the call of a reading to the end of `buf`; returns its length.
fn write(
    device: &Provisioning<'_>,
    endpoint: &Endpoint<'_>,
    reading: &Sending<'_>,
    buf: &mut [u8],
) -> Result<usize, RequestError> {
    let Provisioning { room, topic, .. } = *device;
    let request = match device.mode {
        Mode::Send => endpoint.request::<SendData>(
            &SendDataRequest {
                room,
                data: reading.payload,
                topic: Some(topic),
                nonce: reading.nonce.as_bytes(),
                ..Default::default()
            },
            buf,
        ),
        Mode::Rpc { to } => endpoint.request::<PerformRpc>(
            &PerformRpcRequest {
                room,
                destination_identity: to,
                method: "reading",
                payload: str::from_utf8(reading.payload).unwrap_or_default(),
                response_timeout_ms: RECEIVER.as_millis() as u32,
            },
            buf,
        ),
    }?;
    Ok(request.len())
}

/// Makes the call that lies at the end of `buf`; can the connection be used again, and what came of it?
async fn call<C: embedded_io_async::Read + embedded_io_async::Write>(
    connection: &mut C,
    buf: &mut [u8],
    len: usize,
    time: Duration,
) -> (bool, Result<(), Failure>) {
    // The answer comes when the request has gone: one half of the buffer would do for each, but a
    // token can be long.
    let (front, request) = buf.split_at_mut(buf.len().saturating_sub(len));
    let mut reply = Reply::new(front);
    let received = exchange(connection, request, &mut reply, time).await;
    // What a successful answer says beside its status is of no interest here: read as an empty one.
    let result = match reply.message::<SendData>() {
        Err(CallError::Reply(_)) => received,
        known => known.map(drop).map_err(Failure::Call),
    };
    (received.is_ok() && reply.keeps_alive(), result)
}
