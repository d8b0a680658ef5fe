//! The token of the provisioning. The server renews it while the device is connected.

use app::{Provisioning, ProvisioningError};
use livekit_micro_embassy::Sockets;

use crate::board;
use crate::device::Member;
use crate::handler::Panel;

pub type Token = &'static str;

/// Knows no further key of the provisioning.
pub struct Keys;

impl Keys {
    pub const NONE: Self = Self;

    pub fn take(&mut self, _key: &str, _value: &'static str) -> bool {
        false
    }

    pub fn finish(
        &self,
        page: &Provisioning<'static>,
    ) -> Result<Token, ProvisioningError<'static>> {
        let token = Some(page.token).filter(|token| !token.is_empty());
        token.ok_or(ProvisioningError::Missing("token"))
    }
}

/// Stays in the room until the device leaves it or the server does not want it any more.
pub async fn stay(
    member: &Member<'_>,
    token: &Token,
    sockets: &'static mut Sockets,
    panel: &mut Panel<'_>,
) {
    if let Err(error) = member.join(token) {
        defmt::error!("provisioning: {}", error);
        board::exit(false)
    }
    member.run(sockets, panel).await;
}
