//! Detects copies between two indices of the same memory or table, which a module has imported twice. wasmi panics in
//! such a copy. If panics can be caught, the copy traps. If a panic ends the program, as on wasm32, instantiation fails
//! instead.

use crate::abi::{EXTERN_MEMORY, EXTERN_TABLE, Extern, ExternKind};
use wasmparser::{FunctionBody, Operator, Parser, Payload, TypeRef};

/// Whether a panic ends the program.
const PANICS_END: bool = cfg!(any(panic = "abort", target_family = "wasm"));

/// Whether panics end the program and a function copies between two imported memories or two imported tables. Returns
/// false for malformed modules, which wasmi rejects.
pub fn copies_between_imports(bytes: &[u8]) -> bool {
    PANICS_END && has_copies(bytes)
}

fn has_copies(bytes: &[u8]) -> bool {
    let (mut memories, mut tables) = (0, 0);
    for payload in Parser::new(0).parse_all(bytes) {
        match payload {
            Ok(Payload::ImportSection(imports)) => {
                for import in imports.into_iter().flatten() {
                    match import.ty {
                        TypeRef::Memory(_) => memories += 1,
                        TypeRef::Table(_) => tables += 1,
                        _ => {}
                    }
                }
            }
            Ok(Payload::CodeSectionStart { .. }) if memories < 2 && tables < 2 => return false,
            Ok(Payload::CodeSectionEntry(body)) if copies(&body, memories, tables) => return true,
            Err(_) => return false,
            Ok(_) => {}
        }
    }
    false
}

fn copies(body: &FunctionBody<'_>, memories: u32, tables: u32) -> bool {
    let Ok(operators) = body.get_operators_reader() else { return false };
    operators.into_iter().flatten().any(|operator| match operator {
        Operator::MemoryCopy { dst_mem, src_mem } => dst_mem != src_mem && dst_mem.max(src_mem) < memories,
        Operator::TableCopy { dst_table, src_table } => dst_table != src_table && dst_table.max(src_table) < tables,
        _ => false,
    })
}

/// Whether a memory or a table is in the list twice.
pub fn has_one_twice(imports: &[Extern]) -> bool {
    let twice = |wanted: ExternKind| {
        let mut items: Vec<_> = imports.iter().filter(|item| item.kind == wanted).map(|item| item.item.words).collect();
        items.sort_unstable();
        items.windows(2).any(|pair| pair[0] == pair[1])
    };
    twice(EXTERN_MEMORY) || twice(EXTERN_TABLE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::abi::Ref;

    #[test]
    fn copies_between_two_imports_are_found() {
        // (import "" "" (memory 0)) twice, (func (memory.copy 1 0 (i32.const 0) (i32.const 0) (i32.const 0))), or 0 0.
        let module = |target: u8| {
            let mut bytes = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02\x0b\x02\0\0\x02\0\0\0\0\x02\0\0".to_vec();
            bytes.extend(b"\x03\x02\x01\0\x0a\x0e\x01\x0c\0\x41\0\x41\0\x41\0\xfc\x0a");
            bytes.extend([target, 0, 0x0b]);
            bytes
        };
        assert!(has_copies(&module(1)));
        assert!(!has_copies(&module(0)));
        assert!(!has_copies(b"\0asm\x01\0\0\0"));
        let item = |kind, word| Extern { kind, item: Ref { words: [word, 0] } };
        assert!(has_one_twice(&[item(EXTERN_MEMORY, 1), item(EXTERN_TABLE, 1), item(EXTERN_MEMORY, 1)]));
        assert!(!has_one_twice(&[item(EXTERN_MEMORY, 1), item(EXTERN_TABLE, 1), item(EXTERN_MEMORY, 2)]));
    }
}
