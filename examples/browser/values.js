// Converts text to arguments, and results to text. A slot is 16 bytes of the program's memory, little-endian.

function integer(text, bits, kind) {
    let value;
    try {
        value = BigInt(text.trim() || "none");
    } catch {
        throw new Error(`${text || "nothing"} is not an ${kind}`);
    }
    const limit = 1n << BigInt(bits);
    if (value >= limit || value < -limit / 2n) {
        throw new Error(`${text} is out of range for an ${kind}`);
    }
    return value;
}

function float(text, kind) {
    const word = text.trim().toLowerCase();
    const named = { nan: NaN, inf: Infinity, "+inf": Infinity, "-inf": -Infinity };
    const value = word in named ? named[word] : Number(word || "none");
    if (Number.isNaN(value) && word !== "nan") {
        throw new Error(`${text || "nothing"} is not an ${kind}`);
    }
    return value;
}

function vector(text) {
    const value = /^0x[0-9a-f]{1,32}$/i.test(text.trim()) ? BigInt(text.trim()) : null;
    if (value === null) {
        throw new Error(`${text || "nothing"} is not a v128: 0x and up to 32 hexadecimal digits`);
    }
    return value;
}

/** Writes an argument to its slot. The only reference that the page supports is null. */
export function writeSlot(view, offset, kind, text) {
    view.setBigUint64(offset, 0n, true);
    view.setBigUint64(offset + 8, 0n, true);
    if (kind === "i32") {
        view.setUint32(offset, Number(BigInt.asUintN(32, integer(text, 32, kind))), true);
    } else if (kind === "i64") {
        view.setBigUint64(offset, BigInt.asUintN(64, integer(text, 64, kind)), true);
    } else if (kind === "f32") {
        view.setFloat32(offset, float(text, kind), true);
    } else if (kind === "f64") {
        view.setFloat64(offset, float(text, kind), true);
    } else if (kind === "v128") {
        const value = vector(text);
        view.setBigUint64(offset, BigInt.asUintN(64, value), true);
        view.setBigUint64(offset + 8, value >> 64n, true);
    } else if (text.trim() !== "null") {
        throw new Error(`the only ${kind} that the page can pass is null`);
    }
}

const floatText = (value) => (Object.is(value, -0) ? "-0" : String(value));

/** Returns the shortest decimal that rounds to the same f32. */
function shortest(value) {
    for (let digits = 1; digits < 9; digits++) {
        const short = Number(value.toPrecision(digits));
        if (Math.fround(short) === value) {
            return short;
        }
    }
    return value;
}

/** Returns the result in a slot as text. */
export function readSlot(view, offset, kind) {
    const low = view.getBigUint64(offset, true);
    switch (kind) {
        case "i32":
            return String(view.getInt32(offset, true));
        case "i64":
            return String(view.getBigInt64(offset, true));
        case "f32":
            return floatText(shortest(view.getFloat32(offset, true)));
        case "f64":
            return floatText(view.getFloat64(offset, true));
        case "v128":
            return `0x${((view.getBigUint64(offset + 8, true) << 64n) | low).toString(16).padStart(32, "0")}`;
        default:
            return low === 0n ? "null" : `a ${kind}`;
    }
}
