//! What becomes of an instance whose segments do not all fit.
//!
//! A segment may put the new instance's functions into an imported table before another segment fails. By the
//! specification they stay there and can be called, and what was written stays written. In wasmi they then belong to an
//! instance without memories, globals or tables, and their code, which expects to find these, reads beyond it.
//!
//! So the instance is made once more, of a module in which the segments from the failing one on are passive: for code
//! they are the same as active ones that were not reached. The segments before it write what they wrote before, but for
//! functions that are whole. A start function was not reached either, and is left out.

use crate::store::Store;
use std::sync::OnceLock;
use wasmi::{Extern, Instance, Module};
use wasmparser::{DataKind, Element, ElementItems, ElementKind, Parser, Payload, SectionLimited, TypeRef};

const START: u8 = 8;
const ELEMENT: u8 = 9;
const DATA: u8 = 11;
/// Flags of passive segments.
const PASSIVE: u8 = 1;
const PASSIVE_EXPRESSIONS: u8 = 5;
const FUNCREF: u8 = 0x70;
/// The kind of elements that are functions.
const FUNCTIONS: u8 = 0;

/// A module that may leave functions in imported tables when it fails.
pub struct Segments {
    bytes: Box<[u8]>,
    /// For each number of segments that may stay active, the module, once it was needed: wasmi never frees one's code.
    modules: Vec<OnceLock<Option<Module>>>,
}

impl Segments {
    /// None for modules that leave nothing: no segment fails after one that writes to an imported table.
    pub fn of(bytes: &[u8]) -> Option<Segments> {
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
        let bytes = (active > first? + 1).then(|| bytes.into())?;
        Some(Segments { bytes, modules: (0..active).map(|_| OnceLock::new()).collect() })
    }

    /// Makes the instance again, after it failed. Returns whether the functions in tables are whole now.
    pub fn instantiate(&self, store: &Store, imports: &[Extern]) -> bool {
        // The first segment that fails is after `good`, and not after `bad`.
        let (mut good, mut bad) = (0, self.modules.len());
        while bad - good > 1 {
            let middle = good.midpoint(bad);
            if self.attempt(middle, store, imports) {
                good = middle;
            } else {
                bad = middle;
            }
        }
        self.attempt(good, store, imports)
    }

    fn attempt(&self, active: usize, store: &Store, imports: &[Extern]) -> bool {
        let module = self.modules[active].get_or_init(|| {
            let bytes = first_segments(&self.bytes, active)?;
            Module::new(store.context().engine(), &bytes).ok()
        });
        module.as_ref().is_some_and(|module| Instance::new(store.context(), module, imports).is_ok())
    }
}

/// The module without its start function, in which the first `active` of its active segments still are.
fn first_segments(bytes: &[u8], mut active: usize) -> Option<Vec<u8>> {
    let mut module = Vec::with_capacity(bytes.len());
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.ok()? {
            Payload::Version { range, .. } => module.extend(&bytes[range]),
            Payload::ElementSection(elements) => {
                section(&mut module, ELEMENT, &element_section(bytes, elements, &mut active)?);
            }
            Payload::DataSection(data) => section(&mut module, DATA, &data_section(bytes, data, &mut active)?),
            payload => {
                if let Some((id, range)) = payload.as_section()
                    && id != START
                {
                    section(&mut module, id, &bytes[range]);
                }
            }
        }
    }
    Some(module)
}

/// Whether one more segment stays active.
fn stays(active: &mut usize) -> bool {
    let stays = *active > 0;
    *active = active.saturating_sub(1);
    stays
}

fn element_section(bytes: &[u8], elements: SectionLimited<'_, Element<'_>>, active: &mut usize) -> Option<Vec<u8>> {
    let mut contents = Vec::new();
    number(&mut contents, elements.count() as usize);
    for element in elements {
        let Element { kind, items, range } = element.ok()?;
        match kind {
            ElementKind::Active { table_index, offset_expr } if !stays(active) => {
                // Without an index of a table, the kind of the elements is not there either.
                match (items, table_index) {
                    (ElementItems::Functions(_), None) => contents.extend([PASSIVE, FUNCTIONS]),
                    (ElementItems::Functions(_), Some(_)) => contents.push(PASSIVE),
                    (ElementItems::Expressions(..), None) => contents.extend([PASSIVE_EXPRESSIONS, FUNCREF]),
                    (ElementItems::Expressions(..), Some(_)) => contents.push(PASSIVE_EXPRESSIONS),
                }
                contents.extend(&bytes[offset_expr.get_binary_reader().range().end..range.end]);
            }
            _ => contents.extend(&bytes[range]),
        }
    }
    Some(contents)
}

fn data_section(bytes: &[u8], segments: wasmparser::DataSectionReader<'_>, active: &mut usize) -> Option<Vec<u8>> {
    let mut contents = Vec::new();
    number(&mut contents, segments.count() as usize);
    for segment in segments {
        let segment = segment.ok()?;
        match segment.kind {
            DataKind::Active { offset_expr, .. } if !stays(active) => {
                contents.push(PASSIVE);
                contents.extend(&bytes[offset_expr.get_binary_reader().range().end..segment.range.end]);
            }
            _ => contents.extend(&bytes[segment.range]),
        }
    }
    Some(contents)
}

fn section(module: &mut Vec<u8>, id: u8, contents: &[u8]) {
    module.push(id);
    number(module, contents.len());
    module.extend(contents);
}

/// A LEB128 number.
fn number(out: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
