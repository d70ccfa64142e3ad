//! Makes a module from a seed. The same seed and proposals yield the same bytes.

use crate::features::*;
use crate::panics;
use arbitrary::Unstructured;
use wasm_encoder::reencode::{self, Reencode, utils};
use wasm_encoder::{
    AbstractHeapType, CodeSection, EntityType, ExportKind, ExportSection, GlobalType, HeapType, ImportSection,
    Instruction, RefType, TableType, TagKind, TagType, TypeSection, ValType,
};
use wasm_smith::{Config, Module};
use wasmparser::Operator;

/// The initial value of the fuel global. The fuzzer sets the global before each call that it makes.
const FUEL: u32 = 1000;
/// The name of the fuel global's export.
const FUEL_EXPORT: &str = "fuel";

/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}

/// Limits modules to a few small items of every kind. A difference that only a large module shows is rare, and small
/// modules compile quickly, so thousands can be tried.
fn config(random: &mut Random, proposals: u32) -> Config {
    let has = |bit: u32| proposals & bit != 0;
    let several = if has(MULTI_MEMORY) { 3 } else { 1 };
    Config {
        allow_start_export: random.below(4) == 0,
        bulk_memory_enabled: true,
        canonicalize_nans: true,
        compact_imports_enabled: false,
        custom_page_sizes_enabled: has(CUSTOM_PAGE_SIZES),
        // Traps end calls early. Half of the modules avoid them, so that their calls run longer.
        disallow_traps: random.below(2) == 0,
        exceptions_enabled: has(EXCEPTIONS),
        export_everything: true,
        extended_const_enabled: has(EXTENDED_CONST),
        gc_enabled: has(GC),
        generate_custom_sections: random.below(8) == 0,
        limit_arrays_in_const_exprs: true,
        max_data_segments: 4,
        max_element_segments: 4,
        max_elements: 8,
        max_funcs: 2 + random.below(8),
        max_globals: 6,
        max_imports: random.below(8),
        max_instructions: 20 << random.below(6),
        max_memories: several,
        max_memory32_bytes: 8 << 16,
        max_memory64_bytes: 8 << 16,
        max_table_elements: 64,
        max_tables: 3,
        max_tags: 4,
        max_type_size: 100,
        max_types: 12,
        memory64_enabled: has(MEMORY64),
        memory_max_size_required: true,
        min_funcs: 2,
        min_types: 4,
        min_memories: u32::from(random.below(2) == 0),
        multi_value_enabled: true,
        reference_types_enabled: true,
        relaxed_simd_enabled: has(RELAXED_SIMD),
        simd_enabled: random.below(2) == 0,
        table_max_size_required: true,
        tail_call_enabled: has(TAIL_CALL),
        threads_enabled: has(THREADS),
        wide_arithmetic_enabled: has(WIDE_ARITHMETIC),
        ..Config::default()
    }
}

/// Exports the fuel global from a module that has an export section, and keeps instructions from waiting for other
/// threads.
struct Tamer {
    fuel: u32,
}

impl Reencode for Tamer {
    type Error = std::convert::Infallible;

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: wasmparser::FunctionBody<'_>,
    ) -> Result<(), reencode::Error<Self::Error>> {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        let mut reader = body.get_operators_reader()?;
        while !reader.eof() {
            let instruction = self.parse_instruction(&mut reader)?;
            if matches!(instruction, Instruction::MemoryAtomicWait32(_) | Instruction::MemoryAtomicWait64(_)) {
                // No other thread would wake this one, so the timeout becomes 0.
                function.instruction(&Instruction::Drop).instruction(&Instruction::I64Const(0));
            }
            function.instruction(&instruction);
        }
        code.function(&function);
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: wasmparser::ExportSectionReader<'_>,
    ) -> Result<(), reencode::Error<Self::Error>> {
        utils::parse_export_section(self, exports, section)?;
        exports.export(FUEL_EXPORT, ExportKind::Global, self.fuel);
        Ok(())
    }
}

fn tame(bytes: &[u8], fuel: u32) -> Result<Vec<u8>, String> {
    let mut module = wasm_encoder::Module::new();
    Tamer { fuel }
        .parse_core_module(&mut module, wasmparser::Parser::new(0), bytes)
        .map_err(|error| error.to_string())?;
    Ok(module.finish())
}

/// Replaces instructions by others, to imitate an engine that computes wrongly.
struct Faulty;

impl Reencode for Faulty {
    type Error = std::convert::Infallible;

    fn instruction<'a>(&mut self, instruction: Operator<'a>) -> Result<Instruction<'a>, reencode::Error<Self::Error>> {
        Ok(match utils::instruction(self, instruction)? {
            Instruction::I32Add => Instruction::I32Sub,
            Instruction::I64Add => Instruction::I64Sub,
            Instruction::I32Clz => Instruction::I32Ctz,
            Instruction::I64Clz => Instruction::I64Ctz,
            Instruction::I32Or => Instruction::I32And,
            Instruction::F64Add => Instruction::F64Sub,
            other => other,
        })
    }
}

pub fn with_fault(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut module = wasm_encoder::Module::new();
    Faulty.parse_core_module(&mut module, wasmparser::Parser::new(0), bytes).map_err(|error| error.to_string())?;
    Ok(module.finish())
}

fn choices(random: &mut Random, size: usize) -> Vec<u8> {
    (0..size / 8).flat_map(|_| random.next().to_le_bytes()).collect()
}

/// Returns a module whose imports the host can make. With GC, most types in a random module are its own types, and the
/// host cannot make items of such types. The imports are therefore those of another random module, without GC, or those
/// of references().
fn imports_that_can_be_made(random: &mut Random, proposals: u32) -> Result<Vec<u8>, String> {
    if random.below(2) == 0 {
        return Ok(references(proposals & EXCEPTIONS != 0));
    }
    let config = Config { max_imports: 16, ..config(random, proposals & !(GC | CUSTOM_PAGE_SIZES)) };
    let choices = choices(random, 1024);
    let module = Module::new(config, &mut Unstructured::new(&choices)).map_err(|error| error.to_string())?;
    Ok(module.to_bytes())
}

/// Returns a module that imports functions, globals, tables and tags of all abstract reference types.
fn references(has_exceptions: bool) -> Vec<u8> {
    let heaps = [
        ("any", AbstractHeapType::Any),
        ("eq", AbstractHeapType::Eq),
        ("i31", AbstractHeapType::I31),
        ("struct", AbstractHeapType::Struct),
        ("array", AbstractHeapType::Array),
        ("func", AbstractHeapType::Func),
        ("extern", AbstractHeapType::Extern),
        ("exn", AbstractHeapType::Exn),
    ];
    let mut types = TypeSection::new();
    let mut imports = ImportSection::new();
    for (name, ty) in &heaps[..heaps.len() - usize::from(!has_exceptions)] {
        let reference = |nullable| RefType { nullable, heap_type: HeapType::Abstract { shared: false, ty: *ty } };
        for (kind, nullable) in [("null", true), ("some", false)] {
            types.ty().function([ValType::Ref(reference(nullable))], [ValType::Ref(reference(nullable))]);
            imports.import(kind, name, EntityType::Function(types.len() - 1));
        }
        types.ty().function([ValType::Ref(reference(true)), ValType::I32], []);
        if has_exceptions {
            imports.import("tag", name, TagType { kind: TagKind::Exception, func_type_idx: types.len() - 1 });
        }
        let val_type = ValType::Ref(reference(true));
        imports.import("global", name, GlobalType { val_type, mutable: true, shared: false });
        let element_type = reference(true);
        imports.import(
            "table",
            name,
            TableType { element_type, minimum: 2, maximum: Some(9), table64: false, shared: false },
        );
    }
    let mut module = wasm_encoder::Module::new();
    module.section(&types).section(&imports);
    module.finish()
}

fn try_module(random: &mut Random, proposals: u32) -> Result<Vec<u8>, String> {
    let mut config = config(random, proposals);
    if proposals & GC != 0 {
        config.available_imports = Some(imports_that_can_be_made(random, proposals)?);
    }
    let size = 1024 << random.below(5);
    let choices = choices(random, size);
    let mut module = Module::new(config, &mut Unstructured::new(&choices)).map_err(|error| error.to_string())?;
    let fuel = module.ensure_termination(FUEL).map_err(|error| error.to_string())?;
    tame(&module.to_bytes(), fuel)
}

/// Makes the module of a seed. For some choices wasm-smith returns an error or fails an assertion of its own. This
/// function then tries the next choices.
pub fn module(seed: u64, proposals: u32) -> Result<Vec<u8>, String> {
    let mut random = Random(seed);
    let mut tries = (0..20).map(|_| panics::catch(|| try_module(&mut random, proposals)).unwrap_or_else(Err));
    tries.find(Result::is_ok).unwrap_or_else(|| Err(format!("seed {seed}: no attempt made a valid module")))
}
