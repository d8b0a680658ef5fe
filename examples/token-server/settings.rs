//! What the command line and the environment say.

use std::env;
use std::path::PathBuf;
use std::time::Duration;

const USAGE: &str = "usage: token-server --devices FILE [--listen ADDRESS:PORT] [--seconds N] [--nonce-seconds N]
LIVEKIT_API_KEY and LIVEKIT_API_SECRET say which key signs. FILE has a line for each device: IDENTITY ROOM KEY, the key in 64
hexadecimal digits. By default the address is 127.0.0.1:8090, tokens last 600 seconds and nonces 30.";

pub struct Settings {
    pub api_key: String,
    pub api_secret: String,
    pub devices: PathBuf,
    pub listen: String,
    pub token_lifetime: Duration,
    pub nonce_lifetime: Duration,
}

impl Settings {
    pub fn read() -> Result<Self, String> {
        let variable = |name| env::var(name).ok().filter(|it| !it.is_empty()).ok_or(USAGE);
        let mut settings = Self {
            api_key: variable("LIVEKIT_API_KEY")?,
            api_secret: variable("LIVEKIT_API_SECRET")?,
            devices: PathBuf::new(),
            listen: "127.0.0.1:8090".to_owned(),
            token_lifetime: Duration::from_secs(600),
            nonce_lifetime: Duration::from_secs(30),
        };
        let mut arguments = env::args().skip(1);
        while let Some(argument) = arguments.next() {
            let value = arguments.next().ok_or(USAGE)?;
            match argument.as_str() {
                "--devices" => settings.devices = value.into(),
                "--listen" => settings.listen = value,
                "--seconds" => settings.token_lifetime = seconds(&value)?,
                "--nonce-seconds" => settings.nonce_lifetime = seconds(&value)?,
                _ => return Err(USAGE.to_owned()),
            }
        }
        if settings.devices.as_os_str().is_empty() {
            return Err(USAGE.to_owned());
        }
        Ok(settings)
    }
}

/// At most a year: so much later LiveKit would take a token for expired, or time would overflow.
fn seconds(value: &str) -> Result<Duration, String> {
    let seconds = value.parse().map_err(|error| format!("{value}: {error}"))?;
    if seconds > 365 * 86_400 {
        return Err(format!("{value}: more than a year"));
    }
    Ok(Duration::from_secs(seconds))
}
