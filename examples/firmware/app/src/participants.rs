//! Who is in the room: a list of any length through a buffer of one size.

use defmt::info;
use embassy_time::with_timeout;
use embedded_io_async::{Read, Write};
use livekit_micro::borrowed::{ListParticipantsRequest, ParticipantInfo};
use livekit_micro::tags::participant_info;
use livekit_micro::server::{Endpoint, ListParticipants, Record, Records};
use livekit_micro::{Reader, from_bytes};

use crate::call::ANSWER;
use crate::{Connector, Failure, Provisioning};

/// Logs everybody in the room; returns how many there are.
pub async fn participants<C: Connector>(
    device: &Provisioning<'_>,
    connector: &mut C,
) -> Result<u32, Failure> {
    let mut connection = connector.connect().await?;
    let listed = with_timeout(ANSWER, list(device, &mut connection)).await;
    C::close(connection).await;
    listed.unwrap_or(Err(Failure::Timeout))
}

async fn list<C: Read + Write>(
    device: &Provisioning<'_>,
    connection: &mut C,
) -> Result<u32, Failure> {
    let endpoint = Endpoint { host: device.host, token: device.token, close: true };
    let mut buf = [0; 1024];
    let call = ListParticipantsRequest { room: device.room };
    let request =
        endpoint.request::<ListParticipants>(&call, &mut buf).map_err(Failure::Request)?;
    connection.write_all(request).await.map_err(|_| Failure::Lost)?;

    let mut list = Records::new(&mut buf);
    let mut count = 0;
    loop {
        while let Some(record) = list.next().map_err(Failure::Call)? {
            count += 1;
            match record {
                Record::Whole(bytes) => {
                    let somebody: ParticipantInfo = from_bytes(bytes).map_err(|error| {
                        Failure::Call(livekit_micro::server::CallError::Decode(error))
                    })?;
                    info!("{=str} is here, {=usize} bytes", somebody.identity, bytes.len());
                }
                Record::Start { bytes, len } => {
                    let mut identity = "";
                    Reader::new(bytes).fields(|r, key| {
                        if key == participant_info::IDENTITY {
                            identity = r.str();
                        }
                    });
                    info!("{=str} is here, {=usize} bytes: more than fits", identity, len);
                }
            }
        }
        if list.is_complete() {
            return Ok(count);
        }
        let count = connection.read(list.space()).await.map_err(|_| Failure::Lost)?;
        list.advance(count).map_err(|error| Failure::Call(error.into()))?;
    }
}
