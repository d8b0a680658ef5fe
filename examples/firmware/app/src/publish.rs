//! The publisher: a reading every interval, delivered in order.

use core::pin::pin;

use defmt::info;
use embassy_futures::join::join;
use embassy_time::{Duration, Ticker, with_timeout};
use embedded_io_async::{Read, Write};
use livekit_micro::borrowed::{PerformRpcRequest, SendDataRequest};
use livekit_micro::server::{
    Connection, Counts, Endpoint, PerformRpc, RequestError, SendData, Sending,
};
use static_cell::StaticCell;

use crate::failure::{RESPONSE, joined};
use crate::queue::Queue;
use crate::{Connector, Entropy, Failure, Mode, Provisioning, random, reading};

/// The deadline for the response of the receiver of a call.
const RECEIVER: Duration = Duration::from_secs(3);

/// Takes and publishes readings, as many as the provisioning says. Called once.
pub async fn publish<C: Connector, A: Copy>(
    device: &Provisioning<'_, A>,
    entropy: Entropy,
    connector: &mut C,
) -> Counts {
    // Not in this function's future, which would be built on the stack.
    static QUEUE: StaticCell<Queue> = StaticCell::new();

    let queue = &*QUEUE.init_with(Queue::new);
    let boot = random(entropy);
    info!("boot {=u32:08x}, room {=str}", boot, device.room);

    let sampler = pin!(sample(device, boot, queue, entropy));
    let sender = pin!(deliver(device, queue, connector, entropy));
    join(sampler, sender).await;
    let counts = queue.counts();
    info!(
        "done: enqueued {=u32}, accepted {=u32}, rejected {=u32}, dropped {=u32}",
        counts.enqueued, counts.accepted, counts.rejected, counts.dropped
    );
    counts
}

async fn sample<A>(device: &Provisioning<'_, A>, boot: u32, queue: &Queue, entropy: Entropy) {
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

/// Delivers readings in order: one call at a time, over a connection that is kept while it can be used.
async fn deliver<C: Connector, A: Copy>(
    device: &Provisioning<'_, A>,
    queue: &Queue,
    connector: &mut C,
    entropy: Entropy,
) {
    // Holds the request and then the response.
    let mut buf = [0; 1024];
    let encode = |reading: &Sending<'_>, buf: &mut [u8]| encode(device, reading, buf);
    let how = match device.mode {
        Mode::Send => "accepted",
        Mode::Rpc => "acknowledged",
    };
    while let Some(mut len) = queue.next(&mut buf, &encode).await {
        let mut connection = match connector.connect().await {
            Ok(socket) => Connection::new(socket),
            Err(failure) => {
                queue.complete(Err(failure), how, random(entropy));
                continue;
            }
        };
        loop {
            let result = call(device, &mut connection, &mut buf, len).await;
            if let Err(Failure::Stale) = result {
                queue.retry_now();
            }
            queue.complete(result, how, random(entropy));
            if !connection.is_reusable() {
                break;
            }
            match queue.next(&mut buf, &encode).await {
                Some(next) => len = next,
                None => break,
            }
        }
        C::close(connection.into_inner()).await;
    }
}

/// Encodes the request of a reading at the end of `buf`; returns its length.
fn encode<A: Copy>(
    device: &Provisioning<'_, A>,
    reading: &Sending<'_>,
    buf: &mut [u8],
) -> Result<usize, RequestError> {
    let Provisioning { host, token, room, topic, to, .. } = *device;
    let endpoint = Endpoint { host, token, close: false };
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
        Mode::Rpc => endpoint.request::<PerformRpc>(
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

/// Makes the call whose request of `len` bytes is at the end of `buf`.
async fn call<S: Read + Write, A: Copy>(
    device: &Provisioning<'_, A>,
    connection: &mut Connection<S>,
    buf: &mut [u8],
    len: usize,
) -> Result<(), Failure> {
    match device.mode {
        Mode::Send => {
            let call = connection.call_encoded::<SendData>(len, buf);
            joined(with_timeout(RESPONSE, call).await).map(drop)
        }
        Mode::Rpc => {
            let call = connection.call_encoded::<PerformRpc>(len, buf);
            joined(with_timeout(RESPONSE + RECEIVER, call).await).map(drop)
        }
    }
}
