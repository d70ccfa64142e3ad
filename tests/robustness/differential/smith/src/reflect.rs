//! Lists the imports and exports that wasmparser reads in a module, one a line, in the notation of ../../items.c.

use wasmparser::{
    AbstractHeapType, BinaryReaderError, CompositeInnerType, ExternalKind, FuncType, GlobalType, HeapType, MemoryType,
    Parser, Payload, RefType, TableType, TypeRef, UnpackedIndex, ValType,
};

/// Encodings of heap types, as signed numbers (core specification, "Heap Types").
fn heap(ty: HeapType) -> i64 {
    let ty = match ty {
        HeapType::Concrete(UnpackedIndex::Module(index)) | HeapType::Exact(UnpackedIndex::Module(index)) => {
            return index.into();
        }
        HeapType::Concrete(_) | HeapType::Exact(_) => return i64::MAX,
        HeapType::Abstract { ty, .. } => ty,
    };
    match ty {
        AbstractHeapType::NoExn => -0x0c,
        AbstractHeapType::NoFunc => -0x0d,
        AbstractHeapType::NoExtern => -0x0e,
        AbstractHeapType::None => -0x0f,
        AbstractHeapType::Func => -0x10,
        AbstractHeapType::Extern => -0x11,
        AbstractHeapType::Any => -0x12,
        AbstractHeapType::Eq => -0x13,
        AbstractHeapType::I31 => -0x14,
        AbstractHeapType::Struct => -0x15,
        AbstractHeapType::Array => -0x16,
        AbstractHeapType::Exn => -0x17,
        _ => i64::MIN,
    }
}

fn reftype(ty: RefType) -> String {
    match ty {
        RefType::FUNCREF => "funcref".into(),
        RefType::EXTERNREF => "externref".into(),
        _ => format!("ref{} {}", if ty.is_nullable() { " null" } else { "" }, heap(ty.heap_type())),
    }
}

fn valtype(ty: &ValType) -> String {
    match ty {
        ValType::Ref(ty) => reftype(*ty),
        _ => ty.to_string(),
    }
}

fn valtypes(types: &[ValType]) -> String {
    types.iter().map(valtype).collect::<Vec<_>>().join(" ")
}

fn limits(min: u64, max: Option<u64>, is_64: bool) -> String {
    let max = max.map_or("-".into(), |max| max.to_string());
    format!("{min} {max}{}", if is_64 { " 64" } else { "" })
}

fn memory(ty: &MemoryType) -> String {
    let shared = if ty.shared { " shared" } else { "" };
    format!("memory {}{shared} {}", limits(ty.initial, ty.maximum, ty.memory64), ty.page_size_log2.unwrap_or(16))
}

fn table(ty: &TableType) -> String {
    format!("table {} {}", limits(ty.initial, ty.maximum, ty.table64), reftype(ty.element_type))
}

fn global(ty: &GlobalType) -> String {
    format!("global{} {}", if ty.mutable { " mut" } else { "" }, valtype(&ty.content_type))
}

/// Quotes a name, which may contain any characters.
fn quoted(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let byte = |byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02x}") };
    format!("'{}'", name.bytes().map(byte).collect::<String>())
}

/// The items of a module: the text of each, by kind, in the order of the sections.
#[derive(Default)]
struct Items {
    types: Vec<FuncType>,
    spaces: [Vec<String>; 5],
    /// The lines for imports and exports, in the module's order.
    lines: Vec<String>,
}

const FUNC: usize = 0;
const GLOBAL: usize = 1;
const MEMORY: usize = 2;
const TABLE: usize = 3;
const TAG: usize = 4;

type Done = Result<(), BinaryReaderError>;

impl Items {
    fn func(&self, kind: &str, index: u32) -> String {
        let ty = &self.types[index as usize];
        format!("{kind} ({}) ({})", valtypes(ty.params()), valtypes(ty.results()))
    }

    fn import(&mut self, module: &str, name: &str, ty: TypeRef) {
        let (space, words) = match ty {
            TypeRef::Func(index) | TypeRef::FuncExact(index) => (FUNC, self.func("func", index)),
            TypeRef::Global(ty) => (GLOBAL, global(&ty)),
            TypeRef::Memory(ty) => (MEMORY, memory(&ty)),
            TypeRef::Table(ty) => (TABLE, table(&ty)),
            TypeRef::Tag(ty) => (TAG, self.func("tag", ty.func_type_idx)),
        };
        self.lines.push(format!("import {} {} {words}", quoted(module), quoted(name)));
        self.spaces[space].push(words);
    }

    fn export(&mut self, name: &str, kind: ExternalKind, index: u32) {
        let space = match kind {
            ExternalKind::Func | ExternalKind::FuncExact => FUNC,
            ExternalKind::Global => GLOBAL,
            ExternalKind::Memory => MEMORY,
            ExternalKind::Table => TABLE,
            ExternalKind::Tag => TAG,
        };
        self.lines.push(format!("export {} {}", quoted(name), self.spaces[space][index as usize]));
    }

    fn add(&mut self, payload: Payload<'_>) -> Done {
        match payload {
            Payload::TypeSection(section) => {
                for group in section {
                    self.types.extend(group?.into_types().map(|ty| match ty.composite_type.inner {
                        CompositeInnerType::Func(ty) => ty,
                        // A placeholder, so that later types keep their indices.
                        _ => FuncType::new([], []),
                    }));
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    self.import(import.module, import.name, import.ty);
                }
            }
            Payload::FunctionSection(section) => {
                for index in section {
                    let words = self.func("func", index?);
                    self.spaces[FUNC].push(words);
                }
            }
            Payload::GlobalSection(section) => {
                for item in section {
                    self.spaces[GLOBAL].push(global(&item?.ty));
                }
            }
            Payload::MemorySection(section) => {
                for ty in section {
                    self.spaces[MEMORY].push(memory(&ty?));
                }
            }
            Payload::TableSection(section) => {
                for item in section {
                    self.spaces[TABLE].push(table(&item?.ty));
                }
            }
            Payload::TagSection(section) => {
                for ty in section {
                    let words = self.func("tag", ty?.func_type_idx);
                    self.spaces[TAG].push(words);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    self.export(export.name, export.kind, export.index);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// Returns a line for each import and export of a valid module.
pub fn items(bytes: &[u8]) -> Result<String, String> {
    let mut items = Items::default();
    for payload in Parser::new(0).parse_all(bytes) {
        payload.and_then(|payload| items.add(payload)).map_err(|error| error.to_string())?;
    }
    Ok(items.lines.into_iter().fold(String::new(), |text, line| text + &line + "\n"))
}
