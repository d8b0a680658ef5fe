//! Mints short-lived tokens for devices that prove a key.
//!
//! ```sh
//! export LIVEKIT_API_KEY=devkey LIVEKIT_API_SECRET=devsecret-devsecret-devsecret-0123456789
//! echo "sensor-7 lab $(openssl rand -hex 32)" > devices.txt   # a line a device: identity, room, key
//! cargo run --example token-server --features token -- --devices devices.txt --listen 127.0.0.1:8090
//! ```
//!
//! 1. `GET /nonce` is answered with a nonce, for 30 seconds.
//! 2. `POST /token` with three lines, the identity, the nonce and the [proof](proof), is answered with a token: to
//!    join the room of the device and to publish data there, for 10 minutes. 403 is the answer to all that proves
//!    nothing, and does not say why.
//!
//! A device needs no clock and no random numbers for it. It asks again when LiveKit refuses its token. While it is
//! connected LiveKit renews the token by itself.
//!
//! # What this protects from, and what not
//!
//! - Who reads a token out of a device, or a log, has it for 10 minutes (LiveKit takes it for one more), for one room,
//!   to publish data. The API secret is on no device.
//! - Who hears a proof cannot use it: a nonce counts once. The key cannot be computed from it.
//! - A device that is lost gets no more tokens once its line is deleted; the file is read for each request. Call
//!   RemoveParticipant as well, for LiveKit renews the token of a participant that is in the room; after that the last
//!   one ends within 11 minutes.
//! - **Not from who is on the path, without TLS**: the token is readable there. This listens on the loopback, for a
//!   proxy with TLS in front of it, whose certificate the device verifies, and which limits connections and rates.
//! - Not from who reads the key out of a device's flash: that is the device, until its line is deleted. So each device
//!   has a key of its own, and a chip that can forbid reading its flash should.
//! - Not from who reads this machine's memory or files: it has all keys, and the API secret.

mod devices;
mod http;
mod nonces;
mod proof;
mod settings;

use std::error::Error;
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use devices::Device;
use http::Refusal;
use livekit_micro::token::{Claims, VideoGrant, mint};
use nonces::Nonces;
use settings::Settings;

fn main() -> ExitCode {
    let Err(error) = run() else { return ExitCode::SUCCESS };
    eprintln!("token-server: {error}");
    ExitCode::FAILURE
}

fn run() -> Result<(), Box<dyn Error>> {
    let settings = Settings::read()?;
    Device::find(&settings.devices, "")?; // now, and not first when a device asks
    let nonces = Nonces::new(settings.nonce_lifetime).map_err(|error| error.to_string())?;
    let nonces = Mutex::new(nonces);
    let listener = TcpListener::bind(&settings.listen)?;
    println!("listening on {}", listener.local_addr()?);
    thread::scope(|scope| {
        for stream in listener.incoming().flatten() {
            // A slow client delays no other one. Without a thread the connection is closed.
            let serve = || serve(stream, &settings, &nonces);
            let _ = thread::Builder::new().spawn_scoped(scope, serve);
        }
    });
    Ok(())
}

fn serve(mut stream: TcpStream, settings: &Settings, nonces: &Mutex<Nonces>) {
    let answer = http::read(&mut stream).and_then(|it| answer(&it, settings, nonces));
    let answer = answer.as_ref().map_or_else(|refusal| *refusal, |text| (200, text.as_str()));
    let _ = http::respond(&mut stream, answer); // a device that is gone asks again
}

fn answer(
    request: &http::Request,
    settings: &Settings,
    nonces: &Mutex<Nonces>,
) -> Result<String, Refusal> {
    let mut nonces = nonces.lock().unwrap_or_else(PoisonError::into_inner);
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/nonce") => {
            nonces.make(Instant::now()).map_err(|error| failed(&error, "no random numbers"))
        }
        ("POST", "/token") => token(&request.body, settings, &mut nonces),
        (_, "/nonce" | "/token") => Err((405, "GET /nonce, POST /token")),
        _ => Err((404, "GET /nonce, POST /token")),
    }
}

fn token(body: &str, settings: &Settings, nonces: &mut Nonces) -> Result<String, Refusal> {
    let lines: Vec<_> = body.split('\n').collect();
    let [identity, nonce, proof] = lines[..] else { return Err((400, "not three lines")) };
    let device = Device::find(&settings.devices, identity);
    let device = device.map_err(|error| failed(&error, "the devices cannot be read"))?;
    // An unknown device takes as long as a known one: the time does not tell which there are.
    let key = device.as_ref().map_or(nonces.key_of_none(), |device| &device.key);
    let is_proved = proof::is_of(key, identity, nonce, proof);
    let is_fresh = nonces.use_up(nonce, is_proved, Instant::now());
    let Some(device) = device.filter(|_| is_proved && is_fresh) else {
        println!("refused: {identity:?}");
        return Err((403, "refused"));
    };
    println!("token for {identity:?}");
    minted(&device, settings).map_err(|error| failed(&error, "no token"))
}

fn minted(device: &Device, settings: &Settings) -> Result<String, Box<dyn Error>> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let claims = Claims {
        identity: &device.identity,
        video: VideoGrant {
            can_publish: Some(false),
            can_subscribe: Some(false),
            can_publish_data: Some(true),
            ..VideoGrant::join(&device.room)
        },
        ..Claims::new(&settings.api_key, (now + settings.token_lifetime).as_secs())
    };
    let mut buf = [0; 2048];
    Ok(mint(&claims, settings.api_secret.as_bytes(), &mut buf)?.to_owned())
}

/// Tells the operator more than the device.
fn failed(error: &impl ToString, what: &'static str) -> Refusal {
    eprintln!("{what}: {}", error.to_string());
    (500, what)
}
