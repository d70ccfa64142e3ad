//! The format of the scripts that wrl_spec reads: see ../../README.md.

pub const MAGIC: &[u8; 8] = b"WRLSPEC1";

/// The kinds of records, with their numbers in a script.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(u8)]
pub enum Op {
    Module = 1,
    ModuleDefinition = 2,
    ModuleInstance = 3,
    Register = 4,
    Action = 5,
    AssertReturn = 16,
    AssertTrap = 17,
    AssertExhaustion = 18,
    AssertException = 19,
    AssertSuspension = 20,
    AssertInvalid = 21,
    AssertMalformed = 22,
    AssertUnlinkable = 23,
    Text = 32,
    LeftOut = 33,
}

/// The kinds of actions.
#[repr(u8)]
pub enum Exec {
    Invoke = 0,
    Get = 1,
    Module = 2,
}

/// The kinds of values and of expected results.
#[repr(u8)]
pub enum Tag {
    I32 = 1,
    I64 = 2,
    F32 = 3,
    F64 = 4,
    V128 = 5,
    RefNull = 6,
    RefExtern = 7,
    RefHost = 8,
    RefFunc = 9,
    RefAny = 10,
    RefEq = 11,
    RefArray = 12,
    RefStruct = 13,
    RefI31 = 14,
    Either = 15,
}

#[derive(Clone, Copy)]
#[repr(u8)]
pub enum Nan {
    None = 0,
    Canonical = 1,
    Arithmetic = 2,
}

/// The interpretation of the 16 bytes of a vector.
#[repr(u8)]
pub enum Shape {
    Bytes = 0,
    I8x16 = 1,
    I16x8 = 2,
    I32x4 = 3,
    I64x2 = 4,
    F32x4 = 5,
    F64x2 = 6,
}

/// The bytes of records, or of a part of a record.
#[derive(Debug, Default)]
pub struct Bytes(pub Vec<u8>);

impl Bytes {
    pub fn record(&mut self, op: Op, line: u32) -> &mut Self {
        self.u8(op as u8).u32(line)
    }

    pub fn u8(&mut self, value: u8) -> &mut Self {
        self.0.push(value);
        self
    }

    pub fn u32(&mut self, value: u32) -> &mut Self {
        self.raw(&value.to_le_bytes())
    }

    pub fn u64(&mut self, value: u64) -> &mut Self {
        self.raw(&value.to_le_bytes())
    }

    pub fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// Appends the number of bytes, and then the bytes.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.count(bytes.len()).raw(bytes)
    }

    pub fn str(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }

    /// # Panics
    /// If the count does not fit into 32 bits. `main` rejects texts that are large enough for such counts.
    pub fn count(&mut self, count: usize) -> &mut Self {
        self.u32(u32::try_from(count).expect("a count has 32 bits"))
    }
}

/// Returns the script of one .wast file: its name and its records. Scripts can be concatenated.
pub fn file(name: &str, records: &[u8]) -> Vec<u8> {
    let mut bytes = Bytes::default();
    bytes.raw(MAGIC).str(name).bytes(records);
    bytes.0
}
