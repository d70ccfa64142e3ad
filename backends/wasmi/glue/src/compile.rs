//! Compiles modules so that rejected modules do not use memory.
//!
//! Until a wasmi engine is deleted, it keeps every function that it has translated. If the engine rejects a module
//! because of one function, it keeps the functions before that one. Validating the whole module first avoids this, but
//! takes a quarter longer than validating while translating. So an engine validates first only once it has rejected a
//! module. Only that first rejected module may leave functions behind.
//!
//! wasmi also rejects a valid function that needs more slots than wasmi can number. Functions that might exceed this
//! limit are therefore first translated in a temporary engine.

use crate::abi::Kind;
use crate::error::Fault;
use crate::leb128::number;
use crate::segments::with_start_function;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use wasmi::{Engine, Module};
use wasmparser::{FunctionBody, Parser, Payload};

const CODE: u8 = 10;
/// The size and body of a function without locals: unreachable, end.
const STUB: [u8; 4] = [3, 0, 0, 0x0b];
/// In wasmi, a function has 32,767 slots for locals and operands, and as many again for constants. At most 30,000 slots
/// can be locals. wasmi accepts every valid function that needs less than half of these slots.
const SAFE_SLOTS: usize = 16_000;

/// Compiles a module. Sets `has_refused` if the module is rejected.
pub fn compile(engine: &Engine, has_refused: &AtomicBool, bytes: &[u8]) -> Result<Module, Fault> {
    // Relaxed: the flag guards no other data, and is never cleared.
    let translate = if has_refused.load(Ordering::Relaxed) { translate_valid } else { translate_at_once };
    let made = compile_with(translate, engine, bytes);
    if made.is_err() {
        has_refused.store(true, Ordering::Relaxed);
    }
    made
}

type Translate = fn(&Engine, &[u8]) -> Result<Module, Fault>;

fn compile_with(translate: Translate, engine: &Engine, bytes: &[u8]) -> Result<Module, Fault> {
    let Some(rewritten) = with_start_function(bytes) else {
        return translate(engine, bytes);
    };
    Module::validate(engine, bytes)?;
    // A valid module is only rejected for its size.
    translate(engine, &rewritten).map_err(|_| Fault::Plain(Kind::ResourceLimit))
}

fn translate_at_once(engine: &Engine, bytes: &[u8]) -> Result<Module, Fault> {
    Ok(Module::new(engine, bytes)?)
}

fn translate_valid(engine: &Engine, bytes: &[u8]) -> Result<Module, Fault> {
    Module::validate(engine, bytes)?;
    if let Some(large) = with_large_functions(bytes) {
        // SAFETY: the bytes are valid: function bodies are valid independently of each other, and a stub is valid for
        // any type.
        unsafe { Module::new_unchecked(&Engine::new(engine.config()), &large)? };
    }
    // SAFETY: the bytes were validated with the features of this engine.
    Ok(unsafe { Module::new_unchecked(engine, bytes)? })
}

/// Returns the valid module with stubs in place of the functions that wasmi certainly accepts. None if it accepts all.
fn with_large_functions(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut widest = 1;
    let (mut header, mut code) = (0, 0..0);
    let mut contents = Vec::new();
    let mut is_needed = false;
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.ok()?;
        match &payload {
            Payload::TypeSection(types) => {
                for ty in types.clone().into_iter_err_on_gc_types() {
                    let ty = ty.ok()?;
                    widest = widest.max(ty.params().len()).max(ty.results().len());
                }
            }
            Payload::CodeSectionStart { count, range, .. } => {
                contents = number(u64::from(*count));
                code = range.clone();
            }
            Payload::CodeSectionEntry(body) if most_slots(body, widest)? > SAFE_SLOTS => {
                let body: Range<usize> = body.range();
                contents.extend(number(body.len() as u64));
                contents.extend(&bytes[body]);
                is_needed = true;
            }
            Payload::CodeSectionEntry(_) => contents.extend(STUB),
            Payload::Version { range, .. } => header = range.end,
            _ => {}
        }
        if code.is_empty() {
            header = payload.as_section().map_or(header, |(_, range)| range.end);
        }
    }
    is_needed.then(|| {
        let mut module = bytes[..header].to_vec();
        module.push(CODE);
        module.extend(number(contents.len() as u64));
        module.extend(contents);
        module.extend(&bytes[code.end..]);
        module
    })
}

/// Returns an upper bound for the slots that the function needs. An operator has at least one byte, and pushes at most
/// `widest` values: the largest number of parameters or results of a type in the module.
fn most_slots(body: &FunctionBody<'_>, widest: usize) -> Option<usize> {
    let mut slots = body.range().len().saturating_mul(widest).saturating_add(widest);
    for locals in body.get_locals_reader().ok()? {
        slots = slots.saturating_add(locals.ok()?.0 as usize);
    }
    Some(slots)
}
