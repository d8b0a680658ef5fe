# shellcheck shell=bash
# The peer of data channels, beside other implementations of each of its layers and of the whole.

step_peer() {
    local missing=() waiting=() computing=() package suite log told
    # tests/peer compiles the servers in C itself.
    for package in gcc libc6-dev libgnutls28-dev libmbedtls-dev libssl-dev libusrsctp-dev libwolfssl-dev openssl; do
        dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
    done
    if [ ${#missing[@]} -gt 0 ]; then
        apt-get -qq update
        DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}"
    fi
    tests/peers/get webrtc browser chromium
    cargo test --locked --package livekit-micro-peer --features defmt
    # Suites with programs on the other end mostly wait: the others are run meanwhile.
    for suite in tests/peer/tests/*; do
        suite=$(basename "$suite" .rs)
        case $suite in
            channel | dtls | dtls_servers | whole) waiting+=(--test "$suite") ;;
            *) computing+=(--test "$suite") ;;
        esac
    done
    cargo test --locked --manifest-path tests/peer/Cargo.toml --target-dir target --no-run
    log=$(mktemp)
    cargo test --locked --manifest-path tests/peer/Cargo.toml --target-dir target --no-fail-fast "${waiting[@]}" -- --nocapture >"$log" 2>&1 &
    told=$(cargo test --locked --manifest-path tests/peer/Cargo.toml --target-dir target --no-fail-fast "${computing[@]}" -- --nocapture 2>&1) || { echo "$told"; return 1; }
    wait $! || { cat "$log"; return 1; }
    told+=$'\n'$(cat "$log")
    rm "$log"
    echo "$told"
    cargo build --locked --package livekit-micro-peer --example echo
    with_example "$(tests/peers/get webrtc)/caller"
    with_example node tests/peer/browser/echo.mjs "$(tests/peers/get browser)" "$(tests/peers/get chromium)"
    # What measure/ has of the budgets.
    grep -E '^\| [^|]*/peer/' measure/README.md
    # A cell of the servers' matrix: how many handshakes of how many, and in which time.
    awk '/^test result: ok/ { ok += $4 } / opponents$/ { opponents += $(NF - 1) }
        { for (i = 1; i < NF - 1; i++) if ($i ~ "^[0-9]+/[0-9]+$" && $(i + 2) == "ms") { split($i, of, "/"); made += of[1]; all += of[2] } }
        END { print ok " tests, " opponents " opponents of DTLS, " made " of " all " handshakes with its servers"; exit made != all }' <<<"$told"
}

# with_example COMMAND…    runs the example, and a command with its address: the other end
with_example() {
    local log url example status=0
    log=$(mktemp)
    target/debug/examples/echo >"$log" &
    example=$!
    for _ in {1..50}; do
        url=$(sed -n 's/^open //p' "$log")
        [ -z "$url" ] || break
        sleep 0.1
    done
    "$@" "$url" || status=1
    kill $example || status=1
    cat "$log"
    rm "$log"
    return $status
}
