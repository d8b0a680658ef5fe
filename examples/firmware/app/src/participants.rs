//! Lists who is in the room: a list of any length through a buffer of one size.

use defmt::info;
use embassy_time::with_timeout;
use embedded_io_async::{Read, Write};
use livekit_micro::borrowed::{ListParticipantsRequest, ParticipantInfo};
use livekit_micro::server::{CallError, Connection, Endpoint, ListItem, ListParticipants};
use livekit_micro::tags::participant_info;
use livekit_micro::{Reader, from_bytes};

use crate::failure::{RESPONSE, joined};
use crate::{Connector, Failure, Provisioning};

/// Logs all participants of the room; returns how many there are.
pub async fn participants<C: Connector>(
    device: &Provisioning<'_>,
    connector: &mut C,
) -> Result<u32, Failure> {
    let mut connection = Connection::new(connector.connect().await?);
    let count = joined(with_timeout(RESPONSE, list(device, &mut connection)).await);
    C::close(connection.into_inner()).await;
    count
}

async fn list<S: Read + Write>(
    device: &Provisioning<'_>,
    connection: &mut Connection<S>,
) -> Result<u32, Failure> {
    let endpoint = Endpoint { host: device.host, token: device.token, close: true };
    let request = ListParticipantsRequest { room: device.room };
    let mut buf = [0; 1024];
    let mut list = connection.list::<ListParticipants>(&endpoint, &request, &mut buf).await?;
    let mut count = 0;
    while let Some(item) = list.next().await? {
        count += 1;
        match item {
            ListItem::Complete(bytes) => {
                let participant: ParticipantInfo =
                    from_bytes(bytes).map_err(|error| Failure::Call(CallError::Decode(error)))?;
                info!("participant {=str}, {=usize} bytes", participant.identity, bytes.len());
            }
            ListItem::Truncated { bytes, len } => {
                let mut identity = "";
                Reader::new(bytes).fields(|r, key| {
                    if key == participant_info::IDENTITY {
                        identity = r.str();
                    }
                });
                info!("participant {=str}, {=usize} bytes, more than fits", identity, len);
            }
        }
    }
    Ok(count)
}
