//! Frames of any length, through a buffer that is smaller.

use app::{Bridge, Failure};
use livekit_micro::data::{Event, Session, StreamPart, Streams};

/// Receives the next frame. Of one that does not fit `buf`, a chunk of a stream is received in pieces.
pub async fn receive<S: Streams>(
    bridge: &mut Bridge<'_>,
    session: &mut Session<S>,
    buf: &mut [u8],
    now_ms: u64,
    mut take: impl FnMut(&StreamPart<'_>),
) -> Result<(), Failure> {
    let Some((channel, len)) = bridge.next().await? else { return Ok(()) };
    let first = len.min(buf.len());
    let frame = &mut buf[..first];
    bridge.read(frame).await?;
    let mut rest = len - first;
    if rest == 0 {
        // There are no replies: the session has no RPC.
        if let Ok((Some(Event::Stream(part)), _)) = session.receive(channel, frame, now_ms, &mut [])
        {
            take(&part);
        }
    } else if let Some(part) = session.receive_window(frame, Some(len), now_ms) {
        take(&part);
    }
    while rest > 0 {
        let len = rest.min(buf.len());
        let piece = &mut buf[..len];
        bridge.read(piece).await?;
        rest -= len;
        if let Some(part) = session.receive_more(piece) {
            take(&part);
        }
    }
    Ok(())
}
