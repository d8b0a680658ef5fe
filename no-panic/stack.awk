# How much stack functions take at most, whatever they are given: the sum of the frames on the deepest
# path of calls. Reads what `nm`, `llvm-readobj --stack-sizes`, `llvm-objdump -d --no-show-raw-insn` and
# the program itself print, in this order.
#
# Prints for each message: name, size, then how deep `decode_into`, `to_slice` and `from_bytes` go.
# The sum is no bound if a function on the path calls itself or is not known: then a `?` stands there.

function hex(text,   n, i) {
    sub(/^0x/, "", text)
    for (i = 1; i <= length(text); i++) n = n * 16 + index("123456789abcdef", tolower(substr(text, i, 1)))
    return n
}

# Odd addresses mean Thumb code, which is all there is.
function even(n) { return n - n % 2 }

FNR == 1 { part++ }

part == 1 && $2 ~ /^[tTwW]$/ { address[$3] = even(hex($1)); begins[address[$3]] = 1 }

part == 2 && $1 == "Functions:" { sub(/.*\[/, ""); sub(/[],].*/, ""); of = address[$0] }
part == 2 && $1 == "Size:" { frame[of] = hex($2); sized[of] = 1 }

part == 3 && /^[0-9a-f]+ <[^$]/ { caller = even(hex($1)) }
# A branch to the first instruction of another function is a call; without return, the caller's frame is gone.
part == 3 && $2 ~ /^(b|bl|cb)[a-z]*(\.w|\.n)?$/ && match($0, /0x[0-9a-f]+ </) {
    callee = even(hex(substr($0, RSTART, RLENGTH - 2)))
    if ($2 ~ /^blx?(\.w)?$/) calls[caller] = calls[caller] " " callee
    else if (callee in begins && callee != caller) jumps[caller] = jumps[caller] " " callee
}
# The sysroot's own functions (memcpy and its like) come without a size: what they push and subtract.
part == 3 && !(caller in sized) {
    if ($2 ~ /^push/) frame[caller] += 4 * split($0, pushed, ",")
    if ($2 ~ /^sub/ && $3 == "sp," && match($0, /#[0-9]+/)) frame[caller] += substr($0, RSTART + 1, RLENGTH - 1)
    if (/\[sp, #-[0-9]+\]!/ && match($0, /#-[0-9]+/)) frame[caller] += substr($0, RSTART + 2, RLENGTH - 2)
}
part == 3 && $2 == "blx" && $3 ~ /^r/ { unbounded[caller] = 1 }

function depth(f,   i, n, list, deepest, d) {
    if (f in known) return known[f]
    if (open[f]++ || !(f in begins)) unbounded[f] = 1
    if (open[f] > 1) return 0
    deepest = frame[f] + 0
    n = split(calls[f], list, " ")
    for (i = 1; i <= n; i++) {
        d = frame[f] + depth(list[i])
        if (list[i] in unbounded) unbounded[f] = 1
        if (d > deepest) deepest = d
    }
    n = split(jumps[f], list, " ")
    for (i = 1; i <= n; i++) {
        d = depth(list[i])
        if (list[i] in unbounded) unbounded[f] = 1
        if (d > deepest) deepest = d
    }
    return known[f] = deepest
}

part == 4 && $1 == "message" {
    row = $2 " " $3
    for (i = 4; i <= NF; i++) {
        f = even($i)
        bytes = depth(f)
        row = row " " bytes (f in unbounded ? "?" : "")
    }
    print row
}
