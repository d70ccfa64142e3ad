#!/bin/sh
# private_object.sh LD OBJCOPY NM OBJECT LD-ARGUMENT… -- OBJCOPY-ARGUMENT…
# Links objects into one (ld -r) and changes its symbols (objcopy).
#
# ld -r leaves the names of functions that were only called by what it dropped. They would be looked up in every program
# that the object goes into, and glibc warns whoever links some of them statically, getaddrinfo() for one. So names that
# are undefined and that no relocation uses are taken out; objcopy finds these only together with all the names that
# debuggers and profilers want, hence the second copy.
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
# Rust's own library brings bitcode for link-time optimisation along. Joined by ld -r it is no longer bitcode, but tools
# with a plug-in for it would still read it.
"$objcopy" --remove-section=.llvmbc --remove-section=.llvmcmd "$@" "$work/joined.o" "$work/linked.o"
"$objcopy" --strip-unneeded "$work/linked.o" "$work/needed.o"
"$nm" -u "$work/linked.o" | sed 's/.* //' | LC_ALL=C sort >"$work/all"
"$nm" -u "$work/needed.o" | sed 's/.* //' | LC_ALL=C sort >"$work/needed"
LC_ALL=C comm -23 "$work/all" "$work/needed" >"$work/unneeded"
# objcopy fails, and says nothing, when the list is empty.
if [ -s "$work/unneeded" ]; then
    "$objcopy" --strip-symbols="$work/unneeded" "$work/linked.o" "$work/done.o"
    mv "$work/done.o" "$object"
else
    mv "$work/linked.o" "$object"
fi
