# shellcheck shell=bash
# Steps with a firmware on an emulated board, LiveKit's server and its SDKs. What they need tests/peers/get fetches, builds and,
# as the steps run as root, installs.

export PEERS_INSTALL=1

# The firmware of examples/firmware for both boards with a Cortex-M, and for the smallest core; what is there for the board with
# a RISC-V core.
step_firmware() {
    local sysroot target board variable feature main programs=() count=0 copied joining
    cd examples/firmware
    cargo fmt --all --check
    for main in */src/main.rs; do programs+=(--package "${main%%/*}"); done
    for target in thumbv7m-none-eabi thumbv6m-none-eabi; do
        sysroot=$(../../.ci/sysroot $target)
        variable=CARGO_TARGET_${target^^}_RUSTFLAGS
        for board in mps2-an385 lm3s6965evb; do
            # A thumbv6m is only emulated as a thumbv7m's subset; one board shows it.
            [ $target-$board != thumbv6m-none-eabi-lm3s6965evb ] || continue
            env "${variable//-/_}=--sysroot=$sysroot" cargo clippy --quiet --release --locked --target $target \
                "${programs[@]}" --no-default-features --features $board -- "$WARNINGS"
            count=$((count + ${#programs[@]} / 2))
        done
        for feature in e2ee token-server; do
            env "${variable//-/_}=--sysroot=$sysroot" cargo clippy --quiet --release --locked --target $target \
                --package participant --features $feature -- "$WARNINGS"
            count=$((count + 1))
        done
    done
    target=riscv32imac-unknown-none-elf
    programs=()
    for main in $(grep -l '^riscv-virt = ' */Cargo.toml); do programs+=(--package "${main%%/*}"); done
    CARGO_TARGET_RISCV32IMAC_UNKNOWN_NONE_ELF_RUSTFLAGS=--sysroot=$(../../.ci/sysroot $target) cargo clippy --quiet --release \
        --locked --target $target "${programs[@]}" --no-default-features --features riscv-virt -- "$WARNINGS"
    count=$((count + ${#programs[@]} / 2))
    copied=$(copied_template template) || return 1
    joining=$(copied_template template-participant) || return 1
    echo "the templates copied elsewhere take $copied B and, of the one that joins, $joining B of flash; $count images for three boards and three instruction sets without a warning of clippy"
}

# Links a template outside of the repository, by its own files but for the paths; prints its flash.
copied_template() {
    local dir root=$PWD/../.. status=0
    dir=$(mktemp -d)
    cp -r "$1/." "$dir"
    sed -i "s#\"\.\./boards#\"$PWD/boards#; s#\"\.\./\.\./\.\.#\"$root#" "$dir/Cargo.toml"
    (
        # Chained: `set -e` does not reach into a command substitution.
        cd "$dir" && cargo build --quiet --release \
            --config "build.rustflags=['--sysroot=$("$root/.ci/sysroot" thumbv7m-none-eabi)']" >&2 &&
            size -A "target/thumbv7m-none-eabi/release/$1" |
                awk '/^\.(vector_table|text|rodata|data) / { sum += $2 } END { print sum; exit !(sum > 0) }'
    ) || status=1
    rm -rf "$dir"
    return $status
}

# Whatever may happen to a device that publishes through the server. tests/e2e/README.md says what is asserted,
# measure/figures/firmware.tsv what an image costs.
step_e2e() {
    tests/peers/get server server-1.13.4 python tls board
    tests/e2e/run devices | figures '/scenarios passed/ { line = $0 } END { print line; exit !line }'
}

# The same of devices that are participants themselves, on a board and on the host: what happened, what they did, what the SDK saw.
step_participant() {
    tests/peers/get server server-1.13.4 python board riscv participants
    tests/e2e/run joining --jobs 6 | figures '/scenarios passed/ { line = $0 } END { print line; exit !line }'
}

# Devices without a network: a link and a bridge over lines that lose, garble and double bytes, in simulated time, and over
# pseudo-terminals with the server and the SDK.
step_bridge() {
    local cases=150 tests
    tests=$(PROPTEST_CASES=$cases PROPTEST_RNG_SEED=2 cargo test --package tests --test link |
        awk '/^test result: ok/ { print $4 }')
    [ "$tests" -gt 20 ]
    tests/peers/get server python board
    tests/e2e/run bridged |
        figures "/scenarios passed/ { line = \$0 } END { print \"$tests tests of the line, $cases cases of faults; \" line; exit !line }"
}

# The data plane beside LiveKit's SDKs in rooms of the server: the matrix of tests/conversation/README.md.
step_conversation() {
    tests/peers/get server python agents participants browser chromium
    tests/conversation/run | figures '/left out for a reason/ { line = $0 } END { print line; exit !line }'
}

# The demo as a visitor runs it, with a browser that looks at the page.
step_demo() {
    local dir status=0
    tests/peers/get server python board browser chromium
    dir=$(mktemp -d)
    examples/demo/run --count 30 --interval-ms 200 --screenshot "$dir/page.png" | figures '
        /^page +│ shows the same / { for (i = 1; i < NF; i++) if ($i == "same") shown = $(i + 1) }
        /readings enqueued/ { enqueued = $3; received = $6 }
        END { print enqueued " readings enqueued, " received " received by the Python SDK, " shown + 0 " the same on the page"
            exit !(enqueued > 0 && shown == enqueued && received == enqueued) }' || status=1
    [ -s "$dir/page.png" ] || status=1
    rm -rf "$dir"
    return $status
}
