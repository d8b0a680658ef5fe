//! The token of the provisioning. The server renews it while the device is connected.

use app::ProvisioningError;
use embassy_net::Stack;

use crate::board;
use crate::connection::Connection;
use crate::device::Member;
use crate::handler::Panel;

pub type Token = &'static str;

/// The keys of the provisioning beside `token`: none.
#[derive(Default)]
pub struct Keys {}

impl Keys {
    pub fn take(&mut self, _key: &str, _value: &'static str) -> bool {
        false
    }

    pub fn read(self, token: &'static str) -> Result<Token, ProvisioningError<'static>> {
        Ok(token)
    }
}

/// Stays in the room until the device leaves it or the server does not want it any more.
pub async fn stay(
    _stack: Stack<'static>,
    member: &Member<'_>,
    token: &Token,
    connection: &mut Connection,
    panel: &mut Panel<'_>,
) {
    if let Err(error) = member.join(token) {
        defmt::error!("provisioning: {}", error);
        board::exit(false)
    }
    connection.run(member.shared, panel).await;
}
