//! Mints and verifies LiveKit's access tokens.
//!
//! ```sh
//! export LIVEKIT_API_KEY=devkey LIVEKIT_API_SECRET=devsecret-devsecret-devsecret-0123456789
//! cargo run --example token --features token -- --room lab --identity sensor-7 --admin --days 30
//! cargo run --example token --features token -- --verify TOKEN
//! ```

use std::env;
use std::error::Error;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use livekit_micro::token::{Claims, VideoGrant, mint, verify};

const USAGE: &str = "usage: token --room ROOM --identity NAME [--days N | --seconds N] [--not-before SECONDS]
       token --room ROOM --admin [--identity NAME] [--days N | --seconds N] [--not-before SECONDS]
       token --verify TOKEN
LIVEKIT_API_KEY and LIVEKIT_API_SECRET say which key signs. Without --admin the token is for joining the room.";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.to_string() == USAGE => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("token: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let secret = env::var("LIVEKIT_API_SECRET").map_err(|_| USAGE)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let mut arguments = env::args().skip(1);
    let (mut room, mut identity, mut is_admin) = (String::new(), String::new(), false);
    let (mut seconds, mut not_before) = (6 * 3600, None);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(USAGE);
        match argument.as_str() {
            "--verify" => return show(&value()?, &secret, now),
            "--admin" => is_admin = true,
            "--room" => room = value()?,
            "--identity" => identity = value()?,
            "--days" => seconds = number(&argument, &value()?)?.saturating_mul(86_400),
            "--seconds" => seconds = number(&argument, &value()?)?,
            "--not-before" => {
                not_before = Some(now.saturating_add_signed(number(&argument, &value()?)?));
            }
            _ => return Err(USAGE.into()),
        }
    }
    if room.is_empty() {
        return Err(USAGE.into());
    }

    let key = env::var("LIVEKIT_API_KEY").map_err(|_| USAGE)?;
    let claims = Claims {
        identity: &identity,
        not_before,
        video: if is_admin { VideoGrant::admin(&room) } else { VideoGrant::join(&room) },
        ..Claims::new(&key, now.saturating_add_signed(seconds))
    };
    let mut buf = [0; 2048];
    println!("{}", mint(&claims, secret.as_bytes(), &mut buf)?);
    Ok(())
}

fn number(argument: &str, value: &str) -> Result<i64, String> {
    value.parse().map_err(|error| format!("{argument} {value}: {error}"))
}

fn show(token: &str, secret: &str, now: u64) -> Result<(), Box<dyn Error>> {
    let mut buf = vec![0; token.len() * 3 / 2];
    let seen = verify(token, secret.as_bytes(), now, &mut buf)?;
    // A caller with several keys would look here for the secret, first.
    if env::var("LIVEKIT_API_KEY").is_ok_and(|key| key != seen.claims.issuer) {
        return Err(format!("the token is signed by the API key {:?}", seen.claims.issuer).into());
    }
    println!("{}", seen.json);
    eprintln!("{:#?}", seen.claims);
    Ok(())
}
