//! Rewrites modules in which a segment may fail after another segment has put functions into an imported table.
//!
//! According to the specification, these functions stay in the table and can be called. In wasmi, they then belong to
//! an instance without memories, globals or tables. Their code expects these and reads beyond the instance.
//!
//! Such a module is therefore rewritten to the form by which the specification defines active segments: all segments
//! are passive, and a start function initialises tables and memories from them, then calls the module's own start
//! function. At that point the instance is complete.

use crate::leb128::{self, number_size};
use wasmparser::{
    DataKind, DataSectionReader, Element, ElementItems, ElementKind, Parser, Payload, SectionLimited, TypeRef,
};

const TYPE: u8 = 1;
const FUNCTION: u8 = 3;
const START: u8 = 8;
const ELEMENT: u8 = 9;
const CODE: u8 = 10;
const DATA: u8 = 11;
const DATA_COUNT: u8 = 12;
/// The order of sections in a module.
const ORDER: [u8; 12] = [TYPE, 2, FUNCTION, 4, 5, 6, 7, START, ELEMENT, DATA_COUNT, CODE, DATA];

/// Flags of passive segments.
const PASSIVE: u8 = 1;
const PASSIVE_EXPRESSIONS: u8 = 5;
const FUNCREF: u8 = 0x70;
/// The element kind "function".
const FUNCTIONS: u8 = 0;

/// The function type without parameters and results.
const NOTHING_TO_NOTHING: [u8; 3] = [0x60, 0, 0];
const END: u8 = 0x0b;
const CALL: u8 = 0x10;
const I32_CONST: u8 = 0x41;
const MEMORY_INIT: [u8; 2] = [0xfc, 8];
const DATA_DROP: [u8; 2] = [0xfc, 9];
const TABLE_INIT: [u8; 2] = [0xfc, 12];
const ELEM_DROP: [u8; 2] = [0xfc, 13];

/// Returns a valid module with a start function in place of its active segments. None if no segment can fail after a
/// segment that writes to an imported table.
pub fn with_start_function(bytes: &[u8]) -> Option<Vec<u8>> {
    is_needed(bytes)?.then(|| rewrite(bytes))?
}

fn is_needed(bytes: &[u8]) -> Option<bool> {
    let (mut tables, mut active, mut first) = (0, 0, None);
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.ok()? {
            Payload::ImportSection(imports) => {
                tables = imports.into_iter().flatten().filter(|it| matches!(it.ty, TypeRef::Table(_))).count();
            }
            Payload::ElementSection(elements) => {
                for element in elements.into_iter().flatten() {
                    if let ElementKind::Active { table_index, .. } = element.kind {
                        let imported = (table_index.unwrap_or(0) as usize) < tables;
                        first = first.or(imported.then_some(active));
                        active += 1;
                    }
                }
            }
            Payload::CodeSectionStart { .. } if first.is_none() => return None,
            Payload::DataSection(data) => {
                let is_active = |kind| matches!(kind, DataKind::Active { .. });
                active += data.into_iter().flatten().filter(|it| is_active(it.kind.clone())).count();
            }
            _ => {}
        }
    }
    Some(active > first? + 1)
}

fn rewrite(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut sections: [Option<Vec<u8>>; ORDER.len() + 1] = Default::default();
    let (mut types, mut functions) = (0, 0);
    let mut start = None;
    // No locals.
    let mut body = vec![0];
    let mut module = Vec::with_capacity(bytes.len());
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.ok()?;
        if let Some((id, range)) = payload.as_section()
            && let Some(section) = sections.get_mut(usize::from(id)).filter(|_| id != 0)
        {
            *section = Some(bytes[range].to_vec());
        }
        match payload {
            Payload::Version { range, .. } => module.extend(&bytes[range]),
            Payload::TypeSection(section) => types = section.count(),
            Payload::ImportSection(imports) => {
                functions += imports.into_iter().flatten().filter(|it| matches!(it.ty, TypeRef::Func(_))).count();
            }
            Payload::FunctionSection(section) => functions += section.count() as usize,
            Payload::StartSection { func, .. } => start = Some(func),
            Payload::ElementSection(elements) => {
                sections[usize::from(ELEMENT)] = Some(element_section(bytes, elements, &mut body)?);
            }
            Payload::DataSection(data) => {
                sections[usize::from(DATA_COUNT)] = Some(number(data.count() as usize));
                sections[usize::from(DATA)] = Some(data_section(bytes, data, &mut body)?);
            }
            _ => {}
        }
    }
    if let Some(start) = start {
        body.push(CALL);
        body.extend(number(start as usize));
    }
    body.push(END);
    let mut code = number(body.len());
    code.extend(body);

    add(&mut sections[usize::from(TYPE)], &NOTHING_TO_NOTHING);
    add(&mut sections[usize::from(FUNCTION)], &number(types as usize));
    add(&mut sections[usize::from(CODE)], &code);
    sections[usize::from(START)] = Some(number(functions));
    for id in ORDER {
        if let Some(contents) = &sections[usize::from(id)] {
            module.push(id);
            module.extend(number(contents.len()));
            module.extend(contents);
        }
    }
    Some(module)
}

/// Appends an entry to a section, which may be missing.
fn add(section: &mut Option<Vec<u8>>, entry: &[u8]) {
    let old = section.take().unwrap_or_else(|| number(0));
    let size = number_size(&old);
    let count = old[..size].iter().rev().fold(0, |count, byte| count << 7 | usize::from(byte & 0x7f));
    let mut new = number(count + 1);
    new.extend(&old[size..]);
    new.extend(entry);
    *section = Some(new);
}

/// Appends code that initialises a table or memory from a whole segment. `offset` is a constant expression, `end`
/// included.
fn initialise(body: &mut Vec<u8>, offset: &[u8], len: usize, init: [u8; 2], drop: [u8; 2], segment: usize, to: u32) {
    body.extend(&offset[..offset.len() - 1]);
    body.extend([I32_CONST, 0, I32_CONST]);
    body.extend(signed(len));
    body.extend(init);
    body.extend(number(segment));
    body.extend(number(to as usize));
    body.extend(drop);
    body.extend(number(segment));
}

fn element_section(bytes: &[u8], elements: SectionLimited<'_, Element<'_>>, body: &mut Vec<u8>) -> Option<Vec<u8>> {
    let mut contents = number(elements.count() as usize);
    for (index, element) in elements.into_iter().enumerate() {
        let Element { kind, items, range } = element.ok()?;
        let ElementKind::Active { table_index, offset_expr } = kind else {
            contents.extend(&bytes[range]);
            continue;
        };
        // A segment without a table index has no element kind either.
        let len = match (items, table_index) {
            (ElementItems::Functions(items), None) => {
                contents.extend([PASSIVE, FUNCTIONS]);
                items.count()
            }
            (ElementItems::Functions(items), Some(_)) => {
                contents.push(PASSIVE);
                items.count()
            }
            (ElementItems::Expressions(_, items), None) => {
                contents.extend([PASSIVE_EXPRESSIONS, FUNCREF]);
                items.count()
            }
            (ElementItems::Expressions(_, items), Some(_)) => {
                contents.push(PASSIVE_EXPRESSIONS);
                items.count()
            }
        };
        let offset = offset_expr.get_binary_reader().range();
        contents.extend(&bytes[offset.end..range.end]);
        initialise(body, &bytes[offset], len as usize, TABLE_INIT, ELEM_DROP, index, table_index.unwrap_or(0));
    }
    Some(contents)
}

fn data_section(bytes: &[u8], segments: DataSectionReader<'_>, body: &mut Vec<u8>) -> Option<Vec<u8>> {
    let mut contents = number(segments.count() as usize);
    for (index, segment) in segments.into_iter().enumerate() {
        let segment = segment.ok()?;
        let DataKind::Active { memory_index, offset_expr } = segment.kind else {
            contents.extend(&bytes[segment.range]);
            continue;
        };
        let offset = offset_expr.get_binary_reader().range();
        contents.push(PASSIVE);
        contents.extend(&bytes[offset.end..segment.range.end]);
        initialise(body, &bytes[offset], segment.data.len(), MEMORY_INIT, DATA_DROP, index, memory_index);
    }
    Some(contents)
}

fn number(value: usize) -> Vec<u8> {
    leb128::number(value as u64)
}

fn signed(value: usize) -> Vec<u8> {
    leb128::signed(value as u64)
}
