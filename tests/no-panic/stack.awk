# How much stack functions take at most, whatever they are given: the sum of the frames on the deepest
# path of calls. Reads what `nm`, `llvm-readobj --stack-sizes`, `llvm-objdump -d --no-show-raw-insn` and
# the program itself print, in this order.
#
# Prints for each message: name, size, then each verb and how deep it goes. The sum is no bound if a
# function on the path calls itself or is not known: then a `?` stands there.
#
# Calls through pointers are known where there is one place for them: a message that is read takes its
# fields by `Merge::field`, one that was received is forwarded by `copy_fields`, which copies by `copy`.
# (`borrowed` calls an encoder too, but only of a message of the caller.) And `next` calls `group`, which
# reads its fields by `next` again; a `group` inside of that one returns at once and calls nothing.

function hex(text,   n, i) {
    sub(/^0x/, "", text)
    for (i = 1; i <= length(text); i++) n = n * 16 + index("123456789abcdef", tolower(substr(text, i, 1)))
    return n
}

# Odd addresses mean Thumb code, which is all there is.
function even(n) { return n - n % 2 }

FNR == 1 { part++ }

part == 1 && $2 ~ /^[tTwW]$/ { address[$3] = even(hex($1)); begins[address[$3]] = 1; symbol[address[$3]] = $3 }

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
part == 3 && $2 ~ /^b(l?)x$/ && $3 ~ /^r/ { by_pointer[caller] = 1 }

# The functions that `f` calls through pointers.
function targets(f,   name) {
    name = symbol[f]
    if (name ~ /6Reader5merge$/) return all("5Merge5field")
    if (name ~ /6Writer8received$/) return all("6fields11copy_fields")
    if (name ~ /6fields11copy_fields$/) return all("4copy4copy")
    if (name !~ /6Writer8borrowed$/) unbounded[f] = 1
    return ""
}

function all(part,   name, list) {
    for (name in address) if (index(name, part)) list = list " " address[name]
    return list
}

function depth(f,   i, n, list, deepest, d) {
    if (f in known) return known[f]
    open[f]++
    if (open[f] > 1 && !(open[f] == 2 && symbol[f] ~ /6Reader4next$/)) {
        if (symbol[f] !~ /6Reader5group$/) unbounded[f] = 1
        open[f]--
        return frame[f] + 0
    }
    if (!(f in begins)) unbounded[f] = 1
    if (f in by_pointer) calls[f] = calls[f] targets(f)
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
    open[f]--
    # What `next` takes inside of a group is not all that it takes.
    if (!open[f]) known[f] = deepest
    return deepest
}

part == 4 && $1 == "message" {
    row = $2 " " $3
    for (i = 4; i < NF; i += 2) {
        f = even($(i + 1))
        bytes = depth(f)
        row = row " " $i " " bytes (f in unbounded ? "?" : "")
    }
    print row
}
