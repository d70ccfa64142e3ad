//! Shrinks a module by removing instructions, since wasm-shrink does not shrink modules that use GC or exceptions.

use crate::features;
use std::ops::Range;
use wasm_encoder::{CodeSection, RawSection};
use wasmparser::{BinaryReaderError, FunctionBody, Parser, Payload};

fn part(bytes: &[u8], range: Range<u64>) -> Vec<u8> {
    bytes[range.start as usize..range.end as usize].to_vec()
}

/// A function's code: the bytes of its locals, and its instructions.
#[derive(Clone)]
struct Body {
    locals: Vec<u8>,
    instructions: Vec<Vec<u8>>,
}

impl Body {
    fn read(bytes: &[u8], body: &FunctionBody<'_>) -> Result<Body, BinaryReaderError> {
        let mut reader = body.get_operators_reader()?;
        let locals = part(bytes, body.range().start..reader.original_position());
        let mut instructions = Vec::new();
        while !reader.eof() {
            let start = reader.original_position();
            reader.read()?;
            instructions.push(part(bytes, start..reader.original_position()));
        }
        Ok(Body { locals, instructions })
    }

    fn without(&self, range: Range<usize>) -> Body {
        let mut smaller = self.clone();
        smaller.instructions.drain(range);
        smaller
    }
}

/// A module: the bytes of its sections, and the bodies of the code section.
struct Parts {
    sections: Vec<(u8, Vec<u8>)>,
    bodies: Vec<Body>,
}

const CODE: u8 = 10;

impl Parts {
    fn read(bytes: &[u8]) -> Result<Parts, BinaryReaderError> {
        let mut parts = Parts { sections: Vec::new(), bodies: Vec::new() };
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload?;
            if let Payload::CodeSectionEntry(body) = &payload {
                parts.bodies.push(Body::read(bytes, body)?);
            } else if let Some((id, range)) = payload.as_section() {
                parts.sections.push((id, part(bytes, range)));
            }
        }
        Ok(parts)
    }

    fn with(&self, index: usize, other: &Body) -> Vec<u8> {
        let mut code = CodeSection::new();
        for (i, body) in self.bodies.iter().enumerate() {
            let body = if i == index { other } else { body };
            code.raw(&[&body.locals[..], &body.instructions.concat()].concat());
        }
        let mut module = wasm_encoder::Module::new();
        for (id, data) in &self.sections {
            if *id == CODE {
                module.section(&code);
            } else {
                module.section(&RawSection { id: *id, data });
            }
        }
        module.finish()
    }
}

/// Removes as many instructions as possible: first runs of half a body, then ever shorter runs.
pub fn cut(bytes: Vec<u8>, mut attempts: u32, is_interesting: impl Fn(&[u8]) -> bool) -> Result<Vec<u8>, String> {
    let mut parts = Parts::read(&bytes).map_err(|error| error.to_string())?;
    let mut smallest = bytes;
    let mut is_good = |module: &[u8]| {
        let is_tried = attempts > 0 && features::validator(u32::MAX).validate_all(module).is_ok();
        attempts -= u32::from(is_tried);
        is_tried && is_interesting(module)
    };
    let longest = parts.bodies.iter().map(|body| body.instructions.len()).max().unwrap_or(0);
    let mut run = longest.next_power_of_two();
    while run > 0 {
        for index in 0..parts.bodies.len() {
            let mut start = 0;
            // The last instruction is the body's end.
            while start + run < parts.bodies[index].instructions.len() {
                let smaller = parts.bodies[index].without(start..start + run);
                let module = parts.with(index, &smaller);
                if is_good(&module) {
                    parts.bodies[index] = smaller;
                    smallest = module;
                } else {
                    start += run.div_ceil(4);
                }
            }
        }
        run /= 2;
    }
    Ok(smallest)
}
