# shellcheck shell=bash
# The templates for boards that one can buy: each builds where it is copied to. None has run: CI has none of these boards.

# Copies each template out of the repository, builds and links it there by its README's command, and prints its figures.
step_boards() {
    local dir board line lines=()
    [ "$(wc -l <examples/boards/pico-2-w/src/main.rs)" -le 80 ]
    for board in examples/boards/*/; do
        cmp "$board/src/main.rs" examples/boards/pico-2-w/src/main.rs # only board.rs differs
        cargo fmt --manifest-path "$board/Cargo.toml" --check
    done
    dir=$(mktemp -d)
    # What build scripts and macros need is built once for all; debug information is not flashed.
    export CARGO_TARGET_DIR=$dir/target CARGO_PROFILE_RELEASE_DEBUG=none LIVEKIT_MICRO=$PWD
    # A file that the user gets elsewhere, and that no crate has.
    export CYW43_NVRAM=$dir/nvram-stand-in.bin
    printf 'stand-in' >"$CYW43_NVRAM"
    for board in examples/boards/*/; do
        cp -r "$board" "$dir"
        line=$(copied_board "$dir/$(basename "$board")") || { rm -rf "$dir"; return 1; }
        echo "$line"
        lines+=("$line")
    done
    rm -rf "$dir"
    printf '%s; ' "${lines[@]}" | sed 's/; $/\n/'
}

# Builds the template in folder $1; prints its name, flash and RAM. Its README states them, within 5 %.
copied_board() {
    local name=${1##*/} start=$SECONDS target sysroot build
    target=$(sed -n 's/^target = "\(.*\)"/\1/p' "$1/.cargo/config.toml")
    sysroot=$(.ci/sysroot "$target") || return 1
    mkdir -p "$1/../.cargo"
    echo "build.rustflags = ['--sysroot=$sysroot']" >"$1/../.cargo/config.toml"
    build=$(sed -n '/^cargo build /p' "$1/README.md")
    cp "$1/Cargo.lock" "$1/../before.lock"
    (
        # Chained: `set -e` does not reach into a command substitution.
        cd "$1" && bash -euc "${build:?}" && cmp Cargo.lock ../before.lock &&
            # Clippy for the template alone, over the crates that were built for it. It is not to be linked again.
            RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS="${WARNINGS}__CLIPPY_HACKERY__" \
                bash -euc "${build/build/rustc} -- -Clto=off -Clinker=true"
    ) >&2 || return 1
    {
        sed -nE 's/^\| [^|]+ \| [^|]+ \| ([0-9]+) KB \| ([0-9]+) KB \|.*/stated \1 \2/p' "$1/README.md"
        size -A "$CARGO_TARGET_DIR/$target/release/$name"
    } | awk -v name="$name" -v start="$start" -v now="$SECONDS" '
        function is(kb, bytes) { return kb > 0 && bytes / 1024 / kb > 0.95 && bytes / 1024 / kb < 1.05 }
        /^stated/ { stated_flash = $2; stated_ram = $3 }
        /^\.(vector_table|start_block|flash\.appdesc|text|rodata|trap|rwtext|data)(\.wifi)? / { flash += $2 }
        # Code that runs from RAM, static memory and heaps; the stack has the rest.
        /^\.(trap|rwtext|data|bss|uninit|noinit|dram2_uninit)(\.wifi)? / { ram += $2 }
        END {
            printf "%s: flash %d B, RAM %d B, linked in %d s\n", name, flash, ram, now - start
            if (!is(stated_flash, flash) || !is(stated_ram, ram)) {
                print "its README states " stated_flash " KB and " stated_ram " KB" >"/dev/stderr"
                exit 1
            }
        }'
}
