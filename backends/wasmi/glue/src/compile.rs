//! Compiling, so that modules that are refused leave nothing behind.
//!
//! An engine of wasmi keeps each function that it has translated until it ends, also those of a module that it refuses for
//! a later function. To know first that the whole module is valid takes a fourth more time than to validate while
//! translating, so an engine does that only once it has refused a module, which alone may leave something.
//!
//! wasmi still refuses a valid function that needs more slots than it can number. The functions that might are translated
//! in an engine of their own first.

use crate::abi::Kind;
use crate::error::Fault;
use crate::leb128::number;
use crate::segments::with_start_function;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use wasmi::{Engine, Module};
use wasmparser::{FunctionBody, Parser, Payload};

const CODE: u8 = 10;
/// A function's size and body: no locals, unreachable, end.
const STUB: [u8; 4] = [3, 0, 0, 0x0b];
/// wasmi has 32,767 slots in a function for locals and operands, 30,000 of them for locals, and as many for constants. A
/// function that cannot need half of that is not refused.
const SAFE_SLOTS: usize = 16_000;

/// Compiles, and notes in `has_refused` that a module was refused.
pub fn compile(engine: &Engine, has_refused: &AtomicBool, bytes: &[u8]) -> Result<Module, Fault> {
    // No other data goes with it, and it is never unset.
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
    // What is wrong with a valid module is its size.
    translate(engine, &rewritten).map_err(|_| Fault::Plain(Kind::ResourceLimit))
}

fn translate_at_once(engine: &Engine, bytes: &[u8]) -> Result<Module, Fault> {
    Ok(Module::new(engine, bytes)?)
}

fn translate_valid(engine: &Engine, bytes: &[u8]) -> Result<Module, Fault> {
    Module::validate(engine, bytes)?;
    if let Some(large) = with_large_functions(bytes) {
        // SAFETY: the bytes are valid. Bodies are validated one by one, and stubs are valid for each type.
        unsafe { Module::new_unchecked(&Engine::new(engine.config()), &large)? };
    }
    // SAFETY: the bytes are valid, by the features of this engine.
    Ok(unsafe { Module::new_unchecked(engine, bytes)? })
}

/// The valid module with stubs in place of those functions that wasmi translates for sure. None if these are all.
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

/// No fewer than the function needs: an operator, of a byte at least, pushes what a type of the module has at most.
fn most_slots(body: &FunctionBody<'_>, widest: usize) -> Option<usize> {
    let mut slots = body.range().len().saturating_mul(widest).saturating_add(widest);
    for locals in body.get_locals_reader().ok()? {
        slots = slots.saturating_add(locals.ok()?.0 as usize);
    }
    Some(slots)
}
