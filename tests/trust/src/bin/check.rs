//! `trust/check HOST[:PORT] [ROOTS]`    tells whether the firmware reaches a server, and if not, what to change. Needs `openssl` 3.
//!
//! `ROOTS` is a file or a folder, with certificates in DER or PEM; by default those that the firmware is built with.
//! The status is 0 if the firmware reaches the server, 1 if not, 2 if the arguments are wrong.

use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::path::Path;
use std::process::ExitCode;
use std::slice::from_ref;
use std::time::{Duration, Instant};

use livekit_micro_trust::embedded_tls::OpenError;
use livekit_micro_trust::{Verifier, build_time, root};
use trust_tests::advice::{OFFERS, advice, refused};
use trust_tests::device::{Profile, ask};
use trust_tests::fields::Fields;
use trust_tests::roots::{self, Root, anchors, last_of_path};
use trust_tests::sclient::{Address, Seen, offer};

const USAGE: &str = "usage: trust/check HOST[:PORT] [FILE_OR_FOLDER_OF_ROOTS]";
const FIRMWARE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/firmware/roots");
const PATIENCE: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let (host, folder) = match &*arguments {
        [host] => (&**host, FIRMWARE),
        [host, folder] => (&**host, &**folder),
        _ => ("", ""),
    };
    let Some(server) = Address::read(host) else { return usage(USAGE) };
    let known = match roots::read(Path::new(folder)) {
        Ok(known) => known,
        Err(error) => return usage(&error),
    };
    match check(&server, &known) {
        Ok(()) => {
            println!("\nThe device reaches this server.");
            ExitCode::SUCCESS
        }
        Err(change) => {
            println!("\nThe device DOES NOT reach this server: {change}");
            ExitCode::FAILURE
        }
    }
}

fn usage(text: &str) -> ExitCode {
    eprintln!("{text}");
    ExitCode::from(2)
}

/// Prints what is found; the error is what to change.
fn check(server: &Address, known: &[Root]) -> Result<(), String> {
    println!("server      {}, port {}", server.name, server.port);
    // First, as it gives up on a server that says nothing.
    let answer = ask_as_device(server, known, Profile::Any)?;
    let all: Vec<_> = OFFERS.iter().flat_map(|(_, options, _)| *options).copied().collect();
    let (wide, narrow) = (offer(server, &[]), offer(server, &all));
    for (what, seen) in [("anything:", &wide), ("a device's:", &narrow)] {
        let took = seen.as_ref().map_or("nothing".to_owned(), |it| {
            format!("{}, {}, {}", it.version, it.cipher, it.group)
        });
        println!("offered     {what:11} it takes {took}");
    }
    println!(
        "            (a device offers TLS 1.3, AES-128-GCM with SHA-256, key exchange on P-256)"
    );
    if let Some(seen) = narrow.as_ref().or(wide.as_ref()) {
        print_chain(seen);
        print_roots(server, known, &seen.chain);
    }
    let Some(seen) = narrow else { return answer.map(drop).map_err(|_| refused(server)) };
    let small = ask_as_device(server, known, Profile::Small).unwrap_or(Err(OpenError::Lost));
    for (profile, whose, answer) in [
        (Profile::Any, "for any server", &answer),
        (Profile::Small, "for servers of one's own", &small),
    ] {
        let verdict = match answer {
            Ok(_) | Err(OpenError::Server(_)) => "the chain fits",
            Err(OpenError::RecordTooLong | OpenError::Protocol) => "the chain DOES NOT FIT",
            Err(_) => "the chain fits, but what follows fails",
        };
        println!("record      {} bytes, {whose}: {verdict}", profile.bytes());
    }
    let line = answer.map_err(|error| advice(error, server, &seen))?;
    println!("answer      {}", line.escape_debug());
    Ok(())
}

/// What a device gets. The other error is that of TCP, or of a server that says nothing.
fn ask_as_device(
    server: &Address,
    known: &[Root],
    profile: Profile,
) -> Result<Result<String, OpenError>, String> {
    let addresses = (&*server.name, server.port).to_socket_addrs();
    let mut addresses = addresses
        .map_err(|error| format!("its name has no address ({error})."))?
        .filter(SocketAddr::is_ipv4);
    let stream = addresses.find_map(|it| TcpStream::connect_timeout(&it, PATIENCE).ok());
    let stream = stream.ok_or("nothing listens there over IPv4, or a firewall is in between.")?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(|error| error.to_string())?;
    let anchors = anchors(known);
    let verifier = Verifier::new(&anchors, build_time!());
    let began = Instant::now();
    let answer = ask(stream, &server.name, verifier, profile);
    if answer == Err(OpenError::Lost) && began.elapsed() >= PATIENCE {
        return Err("it accepts connections and does not answer: is there HTTPS on it?".into());
    }
    Ok(answer)
}

fn print_chain(Seen { chain, message_bytes, .. }: &Seen) {
    println!("chain       certificates: {}, in a message of {message_bytes} bytes", chain.len());
    for (place, sent) in chain.iter().enumerate() {
        let Fields { subject, issuer, key, signature, until, der, .. } = sent;
        let bytes = der.len();
        println!(
            "  {place}  {subject} | by {issuer} | {key} | {signature} | until {until} | {bytes} bytes"
        );
    }
}

/// Prints the root that is needed, and the verdict under those that are known.
fn print_roots(server: &Address, known: &[Root], chain: &[Fields]) {
    let verify = |roots: &[Root]| roots::verify(roots, chain, &server.name);
    let accepted = known.iter().find(|it| verify(from_ref(it)).is_ok());
    let Some(last) = last_of_path(chain) else { return };
    match accepted.cloned().or_else(|| roots::on_this_computer(last)) {
        Some(found) => {
            let Fields { subject, key, fingerprint, .. } = Fields::read(found.der.clone());
            println!("root needed {subject}");
            println!("  its key   {key}; SHA-256 of the certificate {fingerprint}");
            let path = found.path.display();
            if accepted.is_some() {
                println!("  its DER   is in {path}");
            } else {
                println!("  its DER   openssl x509 -in {path} -outform der -out root.der");
                let verdict = verify(from_ref(&found))
                    .map_or_else(|error| format!("rejected, {error}"), |()| "accepted".into());
                println!("  with it   {verdict}; compare the SHA-256 with the authority's page");
            }
        }
        None => {
            println!("root needed {}", last.issuer);
            println!("  its key   not known here; it signs by {}", last.signature);
            let from = last.address_of_issuer().map_or_else(
                || {
                    "openssl x509 -in root.pem -outform der -out root.der, from its authority"
                        .into()
                },
                |uri| format!("curl -o root.der {uri}, if that is a root's"),
            );
            println!("  its DER   {from}");
        }
    }
    let names: Vec<_> = known.iter().map(Root::name).collect();
    println!("roots       {}", names.join(", "));
    for it in known {
        if let Err(error) = root(&it.der) {
            println!("  of these  {} cannot be used: {error}", it.name());
        }
    }
    match verify(known) {
        Ok(()) => println!("verifier    accepts the chain"),
        Err(error) => println!("verifier    REJECTS the chain: {error}"),
    }
}
