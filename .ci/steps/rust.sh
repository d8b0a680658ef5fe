# shellcheck shell=bash
# Steps about the code itself: style, builds, its own tests, examples and documentation.

step_lint() {
    local files script words
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- "$WARNINGS"
    cargo clippy --no-default-features -- "$WARNINGS"
    npm_packages
    cargo fmt --manifest-path tests/conformance/Cargo.toml --check
    cargo clippy --manifest-path tests/conformance/Cargo.toml --target-dir target -- "$WARNINGS"
    cargo fmt --manifest-path tests/peer/Cargo.toml --check
    cargo clippy --manifest-path tests/peer/Cargo.toml --all-targets --target-dir target -- "$WARNINGS"
    cargo fmt --manifest-path tests/trust/Cargo.toml --check
    cargo clippy --manifest-path tests/trust/Cargo.toml --all-targets --target-dir target -- "$WARNINGS"
    cargo run --quiet --package figures -- pages
    words=$(.ci/words)
    for script in .ci/{run,long,debian,sysroot,sizes,words} .ci/steps/*.sh tests/conformance/loader \
        tests/no-panic/{prove,run,stack,figures} measure/codecs/{nanopb,protobuf-c}/fetch measure/sizes \
        tests/{e2e,conversation}/run tests/peers/get examples/{demo,firmware}/run trust/check; do
        bash -n "$script"
    done
    python3 -m compileall -q tests/{e2e,conversation} examples
    files=$(git ls-files '*.rs' | wc -l)
    echo "$files Rust files formatted, no warning of clippy; $words"
}

step_build() {
    local count=0 feature
    export RUSTFLAGS="${RUSTFLAGS:-} $WARNINGS"
    cargo check --no-default-features
    for feature in $(features) full full,defmt full,micropb; do
        cargo check --no-default-features --features "$feature"
        count=$((count + 1))
    done
    unset RUSTFLAGS
    normal_dependencies
    build_cost
    echo "none, $count features or sets, no warning; $COST"
}

# heapless and what it needs, nothing else.
normal_dependencies() {
    local tree
    tree=$(cargo tree -e normal --prefix none --no-default-features --features data | sed 's/ .*//' | sort -u | xargs)
    echo "cargo tree -e normal: $tree"
    [ "$tree" = "byteorder hash32 heapless livekit-micro stable_deref_trait" ]
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
    # Before there was a second family it was 0.93; a fifth more is what that one may cost.
    awk -v f="$firmware" -v g="$generator" 'BEGIN { exit !(f <= 1.12 * g) }'
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
    $command | figures '/^test result: ok/ { ok += $4 } END { print ok " tests passed by the command of the README" }'
}

# The examples run, and what they print is what the files beside them say.
# The data plane: models with more cases than `test` has, recorded conversations, and the budgets that `weigh` holds it to.
step_data() {
    local tests budgets
    tests=$(PROPTEST_CASES=2000 PROPTEST_RNG_SEED=2 cargo test --package tests --test data -- models recorded remade |
        awk '/^test result: ok/ { print $4 }')
    [ "$tests" -gt 10 ]
    budgets=$(grep -E '^\| [a-z]+/([^|]*/data/s|RPC of version 2|window/|encryption/|session without)' measure/README.md)
    echo "$budgets"
    echo "$tests tests, 2000 cases a model; $(grep -c '| met |$' <<<"$budgets") of $(wc -l <<<"$budgets") budgets met"
}

step_examples() {
    local out
    out=$(mktemp -d)
    cargo run --quiet --example quickstart --features models | diff examples/quickstart.out -
    cargo run --quiet --example chat | diff examples/chat.out -
    cargo run --quiet --example publisher | diff examples/publisher/expected.out -
    quoted template | diff examples/firmware/template/src/main.rs -
    quoted template-participant | diff examples/firmware/template-participant/src/main.rs -
    quoted lamp |
        diff <(sed -n '/^    loop {/,/^    }/s/^    //p' examples/firmware/lamp/src/main.rs) -
    sed -n '/^RAM: /,/^heap/p' README.md | diff examples/publisher/expected.out -
    cargo run --quiet --example publisher -- --out "$out/readings.frames"
    cargo run --quiet --example publisher -- --read "$out/readings.frames" >"$out/read"
    [ "$(wc -l <"$out/read")" -eq 8 ]
    local frames
    mkdir "$out/recorded"
    tests/corpus/extract "$out/recorded" livekit.DataPacket
    rm "$out"/recorded/*-malformed-*
    frames=$(cargo run --quiet --example publisher -- --read "$out"/recorded/*.bin | tail -n +2 | wc -l)
    rm -rf "$out"
    cargo build --quiet --example publisher --example token --features token
    session examples/publisher/errors.out
    session examples/token.out
    echo "4 examples print what they should, $frames recorded packets read by publisher"
}

quoted() { # the program $1 as README has it
    sed -n "/^<!-- $1: /,/^<!-- end of $1 -->/p" README.md | sed '1,2d' | sed '/^```$/,$d'
}

# Runs the commands of a recorded session, its lines that begin with `$ `, and compares what they print
# and their status.
session() {
    local recorded=$PWD/$1 programs=$PWD/target/debug/examples dir command status
    dir=$(mktemp -d)
    (
        cd "$dir"
        while IFS= read -r command; do
            status=0
            echo "$command"
            PATH=$programs:$PATH bash -c "${command#\$ }" 2>&1 || status=$?
            echo "status $status"
        done < <(grep '^\$ ' "$recorded")
    ) | diff "$recorded" -
    rm -rf "$dir"
}

step_docs() {
    local pages
    RUSTDOCFLAGS="$WARNINGS -Dmissing-docs -Drustdoc::all" \
        cargo doc --no-deps --features full,deflate,e2ee,embedded-io,link,micropb,participant,server,token
    RUSTDOCFLAGS="$WARNINGS" cargo doc --no-deps
    RUSTDOCFLAGS="$WARNINGS -Dmissing-docs -Drustdoc::all" cargo doc --no-deps --package livekit-micro-peer --package livekit-micro-trust --all-features
    cargo test --doc --features full,deflate,e2ee,embedded-io,link,micropb,participant,server,token
    cargo test --doc --package livekit-micro-trust --all-features
    pages=$(find target/doc/livekit_micro -name '*.html' | wc -l)
    echo "$pages pages without a warning"
}
