# shellcheck shell=bash
# Certificates of servers, beside OpenSSL, ring and Wycheproof.

# Verdicts by family of authority and by kind of fault, Wycheproof's count, and what differs from webpki on ring.
step_trust() {
    if ! command -v openssl; then
        apt-get -qq update
        apt-get -qq install -y --no-install-recommends openssl
    fi
    cargo test --locked --package livekit-micro-trust --all-features --lib
    cargo test --locked --manifest-path tests/trust/Cargo.toml --target-dir target -- --nocapture | figures '
        / good$/ { good++ }
        /^(ECDSA|RSA): [0-9]+ faults$/ { faults += $2 }
        /^(ECDSA|PKCS #1|PSS): [0-9]+ valid, / { sub(/^[^:]*: /, ""); wycheproof += $1 + $3 + $5 }
        /^[0-9]+ altered/ { altered += $1 }
        /^test result: ok/ { ok += $4 }
        END { print ok " tests: " good " good chains, " faults " faulty ones, " wycheproof " verdicts of Wycheproof, " altered " altered certificates"
            exit !(good && faults && wycheproof && altered) }'
}
