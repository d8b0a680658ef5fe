# shellcheck shell=bash
# What a release needs.

# What a release needs: the packaged files build and pass the cross-check by themselves, docs.rs'
# own build works, every dependency is declared low enough, new enough and under a fitting licence.
step_package() {
    local dir files licences
    dir=$(mktemp -d)
    cargo package --allow-dirty --no-verify --package livekit-micro-codegen --package livekit-micro-peer --package livekit-micro-trust \
        --package livekit-micro --target-dir "$dir/target"
    unpack "$dir" livekit-micro-0 crate
    unpack "$dir" livekit-micro-codegen-0 crate/codegen
    unpack "$dir" livekit-micro-peer-0 crate/peer
    files=$(find "$dir/crate" -type f | wc -l)
    links "$dir/crate"
    # crates.io does not have the others yet.
    cat >>"$dir/crate/Cargo.toml" <<END
[workspace]
members = ["codegen", "peer"]
[workspace.package]
rust-version = "1.88"
license = "Apache-2.0"
[patch.crates-io]
livekit-micro-codegen = { path = "codegen" }
livekit-micro-peer = { path = "peer" }
END
    minimal_versions "$dir"
    # The tests are no part of the package: here they run against it. What other crates need is built already.
    cp -r tests Cargo.lock "$dir/crate/"
    sed -i 's#^members = .*#members = ["codegen", "peer", "tests/host", "tests/testkit"]#' "$dir/crate/Cargo.toml"
    (cd "$dir/crate" && CARGO_TARGET_DIR=$OLDPWD/target cargo test --package tests \
        --test crosscheck --test corpus --test json --test delimited)

    DOCS_RS=1 RUSTC_BOOTSTRAP=1 RUSTDOCFLAGS="--cfg docsrs $WARNINGS" \
        cargo doc --no-deps --all-features --target-dir target/docsrs
    grep -q 'Available on' target/docsrs/doc/livekit_micro/owned/struct.DataPacket.html

    rust_versions
    licences=$(licences)
    rm -rf "$dir"
    echo "$files files in the package, cross-checked as packaged; minimal versions build; MSRV 1.88 holds for all dependencies; licences: $licences"
}

# Unpacks the crate whose file begins with $2 to the folder $3 of $1.
unpack() {
    mkdir -p "$1/$3"
    tar xzf "$1"/target/package/"$2"*.crate -C "$1/$3" --strip-components=1
}

# Every relative link of the package's pages leads to a file of the package: crates.io and docs.rs have no other.
links() {
    (cd "$1" && find . -name '*.md' -not -path './protocol/*' -print0 | xargs -0 python3 -c '
import pathlib, re, sys
bad = [f"{page}: {link}" for page in map(pathlib.Path, sys.argv[1:])
       for link in re.findall(r"\]\(([^)#`]+)[^)]*\)", page.read_text())
       if not re.match(r"https?:|crate::", link) and "::" not in link and not (page.parent / link).exists()
       and re.search(r"[./]", link)]
print("links without a file in the package:", *bad, sep="\n  ") if bad else None
sys.exit(bool(bad))')
}

# Builds with the lowest versions that Cargo.toml allows.
minimal_versions() {
    cp -r "$1/crate" "$1/minimal"
    (
        cd "$1/minimal"
        RUSTC_BOOTSTRAP=1 cargo update -Zdirect-minimal-versions
        cargo check --features full,defmt,deflate,e2ee,embedded-io,link,micropb,participant,server,token --target-dir "$1/target"
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
