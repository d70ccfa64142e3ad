#!/bin/sh
# private_object.sh LD OBJCOPY NM OBJECT LD-ARGUMENT… -- OBJCOPY-ARGUMENT…
# Links objects into one (ld -r) and changes its symbols (objcopy).
#
# ld -r keeps undefined symbols whose only callers were in dropped sections. Programs that contain the object would have to
# resolve these symbols, and glibc warns if some of them, such as getaddrinfo(), are linked statically. This script therefore
# removes undefined symbols that no relocation uses. objcopy can only remove them together with the symbols that debuggers and
# profilers need, so a second, fully stripped copy shows which symbols are unneeded.
set -eu
ld=$1
objcopy=$2
nm=$3
object=$4
shift 4

work=$(mktemp -d "$object.XXXXXX")
trap 'rm -rf "$work"' EXIT

count=$#
link=1
while [ "$count" -gt 0 ]; do
    argument=$1
    shift
    count=$((count - 1))
    if [ "$argument" = -- ] && [ "$link" -eq 1 ]; then
        link=0
    elif [ "$link" -eq 1 ]; then
        printf '"%s"\n' "$argument" >>"$work/link"
    else
        set -- "$@" "$argument"
    fi
done

"$ld" -r -o "$work/joined.o" "@$work/link"
# Rust's standard library contains bitcode for link-time optimisation. ld -r concatenates it, which makes it invalid, but tools
# with an LTO plug-in would still read it.
"$objcopy" --remove-section=.llvmbc --remove-section=.llvmcmd "$@" "$work/joined.o" "$work/linked.o"
"$objcopy" --strip-unneeded "$work/linked.o" "$work/needed.o"
"$nm" -u "$work/linked.o" | sed 's/.* //' | LC_ALL=C sort >"$work/all"
"$nm" -u "$work/needed.o" | sed 's/.* //' | LC_ALL=C sort >"$work/needed"
LC_ALL=C comm -23 "$work/all" "$work/needed" >"$work/unneeded"
# objcopy fails without a message if the list is empty.
if [ -s "$work/unneeded" ]; then
    "$objcopy" --strip-symbols="$work/unneeded" "$work/linked.o" "$work/done.o"
    mv "$work/done.o" "$object"
else
    mv "$work/linked.o" "$object"
fi
