//! Certificates that a device makes, as OpenSSL reads them.

use std::path::Path;

use livekit_micro_peer::Crypto;
use livekit_micro_peer::certificate::{
    Fingerprint, SELF_SIGNED_BYTES, SelfSignedError, fingerprint, self_signed,
};

use crate::device::{Device, DeviceCrypto, crypto};
use crate::server::openssl;

fn file(name: &str) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    folder.join(format!("{name}-{}", std::process::id())).to_str().unwrap().to_owned()
}

#[test]
fn openssl_reads_a_self_signed_certificate_and_accepts_its_signature() {
    // Numbers of a signature have a zero before them in half of all cases.
    for _ in 0..16 {
        let (der, pem) = (file("device.der"), file("device.pem"));
        std::fs::write(&der, Device::new().certificate).unwrap();
        openssl(&["x509", "-inform", "der", "-in", &der, "-out", &pem]);
        let verified = openssl(&["verify", "-check_ss_sig", "-CAfile", &pem, &pem]);
        assert!(String::from_utf8(verified).unwrap().ends_with(": OK\n"));
        let dates = openssl(&["x509", "-in", &pem, "-noout", "-dates", "-subject", "-issuer"]);
        assert_eq!(
            String::from_utf8(dates).unwrap(),
            "notBefore=Jan  1 00:00:00 2020 GMT\nnotAfter=Dec 31 23:59:59 2049 GMT\n\
             subject=CN = device\nissuer=CN = device\n"
        );
    }
}

#[test]
fn a_fingerprint_is_written_as_openssl_writes_it() {
    let device = Device::new();
    let der = file("fingerprint.der");
    std::fs::write(&der, &device.certificate).unwrap();
    let line =
        openssl(&["x509", "-inform", "der", "-in", &der, "-noout", "-sha256", "-fingerprint"]);
    let ours = Fingerprint(&fingerprint::<DeviceCrypto>(&device.certificate)).to_string();
    assert_eq!(String::from_utf8(line).unwrap(), format!("sha256 Fingerprint={ours}\n"));
}

#[test]
fn a_certificate_fits_the_constant_and_a_shorter_buffer_is_named() {
    let mut crypto = crypto();
    let (key, public) = crypto.generate();
    for _ in 0..16 {
        let mut buf = [0; SELF_SIGNED_BYTES];
        let len = self_signed(&mut crypto, &key, &public, &mut buf).unwrap().len();
        assert!((SELF_SIGNED_BYTES - 6..=SELF_SIGNED_BYTES).contains(&len), "{len}");
    }
    let error = self_signed(&mut crypto, &key, &public, &mut [0; 100]).unwrap_err();
    assert!(matches!(error, SelfSignedError::Space { bytes: 200.., capacity: 100 }), "{error}");
}
