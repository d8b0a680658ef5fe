# shellcheck shell=bash
# Steps on bare metal: what it takes, what it weighs, that it cannot panic.

TARGETS=(thumbv6m-none-eabi thumbv7em-none-eabihf thumbv8m.main-none-eabihf riscv32imac-unknown-none-elf)

# Compiles for bare metal against a sysroot that holds `core` and nothing else, so whatever asked
# for `alloc` would not compile. Then the sizes that README.md and docs/COST.md state.
step_bare_metal() {
    local sysroot core target set variable count=0
    sysroot=$(.ci/sysroot "${TARGETS[@]}")
    core=$(mktemp -d)
    for target in "${TARGETS[@]}"; do
        local lib=lib/rustlib/$target/lib
        mkdir -p "$core/$lib"
        ln -s "$sysroot/$lib"/libcore-*.rlib "$sysroot/$lib"/libcompiler_builtins-*.rlib "$core/$lib"
        variable=CARGO_TARGET_${target^^}_RUSTFLAGS
        variable=${variable//[-.]/_}
        for set in data full full,defmt,deflate,e2ee,embedded-io,micropb,participant,server,token; do
            env "$variable=--sysroot=$core $WARNINGS" cargo check --lib --target "$target" \
                --no-default-features --features "$set"
            count=$((count + 1))
        done
        for set in "" embedded-tls,p384,rsa,defmt; do
            env "$variable=--sysroot=$core $WARNINGS" cargo check --lib --target "$target" \
                --package livekit-micro-trust --no-default-features --features "$set"
            count=$((count + 1))
        done
    done
    rm -rf "$core"
    measure/sizes | cargo run --quiet --package figures -- check sizes
    echo "$count builds for ${#TARGETS[@]} targets against core alone; sizes of messages are as stated"
}

# A firmware with every message links only if nothing in it can panic; then it says what stack they
# take. measure/figures/no-panic.tsv states both.
step_no_panic() {
    local target flawed now
    # One name after the other: `command -v A B` is content with one of them.
    if ! { command -v qemu-system-arm && command -v llvm-objdump && command -v llvm-readobj; } >/dev/null; then
        apt-get -qq update
        apt-get -qq install -y --no-install-recommends qemu-system-arm llvm
    fi
    cargo fmt --manifest-path tests/no-panic/Cargo.toml --check
    target=thumbv7m-none-eabi
    CARGO_TARGET_THUMBV7M_NONE_EABI_RUSTFLAGS=--sysroot=$(.ci/sysroot $target) \
        cargo clippy --quiet --release --manifest-path tests/no-panic/Cargo.toml --target-dir tests/no-panic/target \
        --target $target --features owned,borrowed,full,from-bytes,store,calls,data,e2ee,link,peer,peer-rustcrypto,signal,participant -- "$WARNINGS"

    # The proof can fail.
    flawed=$(tests/no-panic/prove thumbv7m-none-eabi s owned,borrowed,flawed)
    grep -q '/proven.no$' <<<"$flawed" || { echo "a program that can panic passes: $flawed"; return 1; }
    now=$(tests/no-panic/figures)
    echo "$now"
    cargo run --quiet --package figures -- check no-panic <<<"$now"
    if grep '/proven.no$' <<<"$now"; then return 1; fi
    awk -F '\t' '/messages\t/ && $2 + 0 > most { most = $2 + 0 }
        END { print most " messages of two families decoded, read and encoded without a panic path" }' <<<"$now"
}

# What a firmware pays, and with other codecs: flash, RAM, stack and instructions of small programs,
# held against targets and against measure/figures.
step_weigh() {
    local target missing=() package
    for package in gcc-arm-none-eabi libnewlib-arm-none-eabi protobuf-c-compiler gcc-riscv64-unknown-elf qemu-system-arm python3-venv; do
        dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
    done
    if [ ${#missing[@]} -gt 0 ]; then
        apt-get -qq update
        apt-get -qq install -y --no-install-recommends "${missing[@]}"
    fi
    NANOPB_DIR=$(measure/codecs/nanopb/fetch)
    PROTOBUF_C_DIR=$(measure/codecs/protobuf-c/fetch)
    export NANOPB_DIR PROTOBUF_C_DIR
    cd measure
    cargo fmt --all --check
    cargo clippy --quiet --package scale --package measure-schema -- "$WARNINGS"
    target=thumbv7m-none-eabi
    export CARGO_TARGET_THUMBV7M_NONE_EABI_RUSTFLAGS=--sysroot=$(../.ci/sysroot $target)
    # These two have all programs, whose sources are the same for every codec.
    for package in borrowed nanopb; do
        cargo clippy --quiet --release --target $target --target-dir target \
            --package programs --package "measure-$package" --features "$package,session,peer,participant,signalling,nanopb-callee,encode,decode,run" -- "$WARNINGS"
    done
    # shellcheck disable=SC2046
    cargo clippy --quiet --release --target $target --target-dir target \
        $(printf -- '--package measure-%s ' handshake owned micropb protobuf-c noproto femtopb quick-protobuf prost buffa) -- "$WARNINGS"
    unset CARGO_TARGET_THUMBV7M_NONE_EABI_RUSTFLAGS
    cargo run --quiet --package scale | cargo run --quiet --manifest-path ../Cargo.toml --package figures -- check device
}
