# shellcheck shell=bash
# What the steps of .ci/run have in common. Each step is a function; the last line it prints is its line of figures.

WARNINGS='--deny=warnings'

# Passes everything on, then prints what the awk program $1 makes of it.
figures() {
    local text
    text=$(cat)
    printf '%s\n' "$text"
    awk "$1" <<<"$text"
}

features() { # one feature a line, without `default` and `full`
    sed -n '/^\[features\]/,/^\[dep/p' Cargo.toml | sed -nE 's/^([a-z0-9-]+) = .*/\1/p' | grep -vxE 'default|full'
}
