# shellcheck shell=bash
# The steps of .ci/run, one function each. The last line a step prints is its line of figures.

TARGETS=(thumbv6m-none-eabi thumbv7em-none-eabihf thumbv8m.main-none-eabihf riscv32imac-unknown-none-elf)

features() { # one feature a line, without `default` and `full`
    sed -n '/^\[features\]/,/^\[dep/p' Cargo.toml | sed -nE 's/^([a-z-]+) = .*/\1/p' | grep -vxE 'default|full'
}

step_lint() {
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- "$WARNINGS"
    cargo clippy --no-default-features -- "$WARNINGS"
    bash -n .ci/run .ci/steps.sh .ci/sysroot
    local files
    files=$(git ls-files '*.rs' | wc -l)
    echo "$files Rust files formatted, no warning of clippy"
}

step_build() {
    local count=0 feature
    export RUSTFLAGS="${RUSTFLAGS:-} $WARNINGS"
    cargo check --no-default-features
    for feature in $(features) full full,defmt; do
        cargo check --no-default-features --features "$feature"
        count=$((count + 1))
    done
    unset RUSTFLAGS
    normal_dependencies
    build_cost
    echo "none, $count features or sets, no warning; $COST"
}

# micropb and heapless and what they need, nothing else.
normal_dependencies() {
    local tree
    tree=$(cargo tree -e normal --prefix none --no-default-features --features data | sed 's/ .*//' | sort -u | xargs)
    echo "cargo tree -e normal: $tree"
    [ "$tree" = "byteorder hash32 heapless livekit-micro micropb num-traits stable_deref_trait" ]
}

# CPU seconds of a clean build of a firmware that uses the default features, against those of
# micropb-gen alone, both cold and in this run.
build_cost() {
    local dir firmware generator
    dir=$(mktemp -d)
    for name in firmware generator; do
        mkdir -p "$dir/$name/src"
        printf '[package]\nname = "%s"\nversion = "0.0.0"\nedition = "2024"\n[workspace]\n' "$name" >"$dir/$name/Cargo.toml"
        echo 'fn main() {}' >"$dir/$name/src/main.rs"
        cp Cargo.lock "$dir/$name/"
    done
    printf '[dependencies]\nlivekit-micro = { path = "%s" }\n' "$PWD" >>"$dir/firmware/Cargo.toml"
    printf '[build-dependencies]\nmicropb-gen = "0.7"\n' >>"$dir/generator/Cargo.toml"
    echo 'fn main() {}' >"$dir/generator/build.rs"
    for name in firmware generator; do cargo fetch --manifest-path "$dir/$name/Cargo.toml"; done
    firmware=$(cpu_seconds "$dir/firmware")
    generator=$(cpu_seconds "$dir/generator")
    rm -rf "$dir"
    COST=$(awk -v f="$firmware" -v g="$generator" 'BEGIN {
        printf "clean build %.1f s of CPU, micropb-gen alone %.1f s, ratio %.2f", f, g, f / g }')
    awk -v f="$firmware" -v g="$generator" 'BEGIN { exit !(f <= 1.5 * g) }'
}

cpu_seconds() { # of a clean build of the package in folder $1
    local TIMEFORMAT='%U %S'
    { time cargo build --offline --quiet --manifest-path "$1/Cargo.toml" --target-dir "$1/target" >&2; } 2>&1 |
        tail -n 1 | awk '{ print $1 + $2 }'
}

# The README's own command.
step_test() {
    local command
    command=$(sed -nE 's/^(cargo test .*)$/\1/p' README.md | head -n 1)
    [ -n "$command" ]
    echo "$command"
    $command | tee /dev/stderr | awk '/^test result: ok/ { ok += $4 } END { print ok " tests passed by the command of the README" }'
}

step_crosscheck() {
    cargo test -p tests --test crosscheck -- --nocapture | grep -E '^[0-9]+ messages'
}

# With capacities raised until every recorded frame fits.
step_corpus() {
    LIVEKIT_MICRO_LIMITS=$PWD/tests/corpus/limits.toml \
        cargo test -p tests --test corpus -- --nocapture | grep -E '^ *[0-9]+ (livekit|frames)' | tee /dev/stderr |
        awk '/over capacity/ { bad = 1 } { last = $0 } END { print last; exit bad }'
}

step_schema() {
    cargo test -p schema 2>&1 | awk '/^test result: ok/ { ok += $4 } { print } END { print ok " tests of the schema passed" }'
}

step_config_errors() {
    cargo test -p tests --test config_errors -- --nocapture | tee /dev/stderr | grep -E '^[0-9]+ mistakes'
}

# The examples run, and what they print is what the files beside them say.
step_examples() {
    local out
    out=$(mktemp -d)
    cargo run --quiet --example quickstart --features models | diff examples/quickstart.out -
    cargo run --quiet --example publisher | diff examples/publisher/expected.out -
    cargo run --quiet --example publisher -- --out "$out/readings.frames"
    cargo run --quiet --example publisher -- --read "$out/readings.frames" >"$out/read"
    [ "$(wc -l <"$out/read")" -eq 8 ]
    local frames
    frames=$(cargo run --quiet --example publisher -- --read tests/corpus/*-DataPacket-*.bin | tail -n +2 | wc -l)
    rm -rf "$out"
    echo "2 examples print what they should, $frames recorded frames read by publisher"
}

step_docs() {
    local pages
    RUSTDOCFLAGS="$WARNINGS -Dmissing-docs -Drustdoc::all -Arustdoc::missing-doc-code-examples" \
        cargo doc --no-deps --features full
    RUSTDOCFLAGS="$WARNINGS" cargo doc --no-deps
    cargo test --doc --features full
    pages=$(find target/doc/livekit_micro -name '*.html' | wc -l)
    echo "$pages pages without a warning"
}

# Compiles for bare metal against a sysroot that holds `core` and nothing else, so whatever asked
# for `alloc` would not compile. Then the sizes that the README states.
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
        for set in data full full,defmt; do
            env "$variable=--sysroot=$core $WARNINGS" cargo build --lib --target "$target" \
                --target-dir target/bare-metal --no-default-features --features "$set"
            count=$((count + 1))
        done
    done
    rm -rf "$core"
    stated_sizes
    echo "$count builds for ${#TARGETS[@]} targets against core alone; DataPacket takes $(.ci/sizes livekit.DataPacket | cut -d' ' -f1) bytes"
}

# The README's sizes are the real ones, and a data packet stays within its budget.
stated_sizes() {
    local table name size
    table=$(.ci/sizes)
    while read -r name size; do
        grep -qx "$size $name" <<<"$table" || {
            echo "README.md says $name takes $size bytes; .ci/sizes says $(grep " $name\$" <<<"$table")"
            return 1
        }
    done < <(sed -nE 's/^\| `(livekit\.[A-Za-z.]+)` \| ([0-9]+) \|.*/\1 \2/p' README.md)
    size=$(awk '$2 == "livekit.DataPacket" { print $1 }' <<<"$table")
    [ "$size" -le 1600 ]
}
