# shellcheck shell=bash
# Instructions on the host, beside prost and micropb. measure/host/README.md states them.

step_bench() {
    local version runner=target/gungraun
    if ! command -v valgrind; then
        apt-get -qq update
        apt-get -qq install -y --no-install-recommends valgrind
    fi
    cd measure
    version=$(awk '/^name = "gungraun"$/ { getline; gsub(/version = |"/, ""); print }' Cargo.lock)
    # The runner takes benchmarks of its own version only.
    [ -x "$runner-$version/bin/gungraun-runner" ] ||
        cargo install --quiet --debug --locked gungraun-runner --version "$version" --root "$runner-$version" --target-dir "$runner-build"
    export GUNGRAUN_RUNNER=$PWD/$runner-$version/bin/gungraun-runner
    cargo clippy --quiet --package host --all-targets -- "$WARNINGS"
    # Built as the benchmark is, so that it is built once.
    cargo run --quiet --profile bench --package host | cargo run --quiet --manifest-path ../Cargo.toml --package figures -- check host
}
