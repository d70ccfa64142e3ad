//! The Rust layer's side of the benchmark: the crate `wasm_runtime_layer` over wasmi and wasmtime, used as its
//! documentation recommends. The engines have their default configuration, except that wasmtime's garbage collector is
//! disabled, because that crate does not include it. `bench/rust_layer.c` defines the side that calls these functions.

#[path = "../../guests.rs"]
mod guests;

use anyhow::{Context, Result, bail};
use guests::{Guests, STORE_INSTANCES, bytes};
use std::ffi::{CStr, c_char, c_void};
use std::hint::black_box;
use std::process::exit;
use wasm_runtime_layer::backend::WasmEngine;
use wasm_runtime_layer::{
    Engine, Extern, Func, FuncType, Global, Imports, Instance, Memory, Module, Store, Table, Val, ValType,
};

/// The operations on one engine.
trait Side {
    fn run(&mut self, op: u32, count: u64) -> Result<()>;
}

struct Layer<E: WasmEngine> {
    engine: Engine<E>,
    empty: Module,
    store: Store<(), E>,
    instance: Instance,
    add: Func,
    call_checked: Func,
    memory: Memory,
    global: Global,
    table: Table,
}

impl<E: WasmEngine> Layer<E> {
    fn open(backend: E, guest: &[u8], empty: &[u8]) -> Result<Self> {
        let engine = Engine::new(backend);
        let mut store = Store::new(&engine, ());
        let module = Module::new(&engine, guest)?;
        let host = Func::new(&mut store, FuncType::new([ValType::I32], [ValType::I32]), |_store, params, results| {
            let Val::I32(value) = params[0] else { bail!("kind") };
            results[0] = Val::I32(value + 1);
            Ok(())
        });
        let mut imports = Imports::new();
        imports.define("host", "checked", Extern::Func(host.clone()));
        imports.define("host", "raw", Extern::Func(host));
        let instance = Instance::new(&mut store, &module, &imports)?;
        let export = |name| instance.get_export(&store, name).context("export");
        Ok(Self {
            empty: Module::new(&engine, empty)?,
            add: export("add")?.into_func().context("kind")?,
            call_checked: export("call_checked")?.into_func().context("kind")?,
            memory: export("memory")?.into_memory().context("kind")?,
            global: export("global")?.into_global().context("kind")?,
            table: export("table")?.into_table().context("kind")?,
            engine,
            store,
            instance,
        })
    }

    fn call(&mut self, count: u64) -> Result<()> {
        let mut sum = 0;
        for _ in 0..count {
            let mut results = [Val::I32(0)];
            self.add.call(&mut self.store, &[Val::I32(sum), Val::I32(1)], &mut results)?;
            let Val::I32(value) = results[0] else { bail!("kind") };
            sum = value;
        }
        expect(sum, count)
    }

    fn host_call(&mut self, count: u64) -> Result<()> {
        let mut results = [Val::I32(0)];
        self.call_checked.call(&mut self.store, &[Val::I32(count as i32)], &mut results)?;
        let Val::I32(value) = results[0] else { bail!("kind") };
        expect(value, count)
    }

    fn memory(&mut self, count: u64, write: bool) -> Result<()> {
        let mut value = [0; 8];
        for _ in 0..count {
            self.memory.read(&self.store, 64, &mut value)?;
            value = black_box(value);
            if write {
                let next = (u64::from_le_bytes(value) + 1).to_le_bytes();
                self.memory.write(&mut self.store, 64, &next)?;
            }
        }
        Ok(())
    }

    fn global(&mut self, count: u64) -> Result<()> {
        for _ in 0..count {
            let Val::I64(value) = self.global.get(&mut self.store) else { bail!("kind") };
            self.global.set(&mut self.store, Val::I64(value + 1))?;
        }
        Ok(())
    }

    fn table_get(&mut self, count: u64) -> Result<()> {
        for i in 0..count {
            black_box(self.table.get(&mut self.store, (i % 8) as u32).context("element")?);
        }
        Ok(())
    }

    fn export_lookup(&mut self, count: u64) -> Result<()> {
        for _ in 0..count {
            let name = black_box("call_checked");
            black_box(self.instance.get_export(&self.store, name).and_then(Extern::into_func).context("export")?);
        }
        Ok(())
    }

    fn instantiate(&mut self, count: u64) -> Result<()> {
        let imports = Imports::new();
        let mut left = count;
        while left > 0 {
            let mut store = Store::new(&self.engine, ());
            let instances = left.min(STORE_INSTANCES);
            for _ in 0..instances {
                black_box(Instance::new(&mut store, &self.empty, &imports)?);
            }
            left -= instances;
        }
        Ok(())
    }

    fn create_store(&mut self, count: u64) -> Result<()> {
        for _ in 0..count {
            black_box(Store::new(&self.engine, ()));
        }
        Ok(())
    }
}

impl<E: WasmEngine> Side for Layer<E> {
    /// The numbers are those of `bench_op_t`.
    fn run(&mut self, op: u32, count: u64) -> Result<()> {
        match op {
            0 => self.call(count),
            2 => self.host_call(count),
            4 => self.memory(count, false),
            5 => self.memory(count, true),
            6 => self.global(count),
            7 => self.table_get(count),
            8 => self.export_lookup(count),
            9 => self.instantiate(count),
            11 => self.create_store(count),
            _ => bail!("operation"),
        }
    }
}

fn expect(sum: i32, count: u64) -> Result<()> {
    if sum == count as i32 { Ok(()) } else { bail!("a wrong sum") }
}

fn open(guests: &Guests, backend: &CStr) -> Result<Box<dyn Side>> {
    // SAFETY: guaranteed by bench.h.
    let (guest, empty) = unsafe { (bytes(guests.guest, guests.guest_size), bytes(guests.empty, guests.empty_size)) };
    match backend.to_bytes() {
        b"wasmi" => Ok(Box::new(Layer::open(wasmi_runtime_layer::Engine::default(), guest, empty)?)),
        b"wasmtime" => {
            let engine = wasmtime::Engine::new(wasmtime::Config::new().gc_support(false))
                .map_err(|error| anyhow::anyhow!("{error}"))?;
            Ok(Box::new(Layer::open(wasmtime_runtime_layer::Engine::new(engine), guest, empty)?))
        }
        _ => bail!("backend"),
    }
}

fn or_exit<T>(result: Result<T>) -> T {
    result.unwrap_or_else(|error| {
        eprintln!("bench: the Rust layer: {error:#}");
        exit(1)
    })
}

/// # Safety
///
/// `guests` is as bench.h requires; `backend` is NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl_bench_rust_layer_open(guests: &Guests, backend: *const c_char) -> *mut c_void {
    // SAFETY: the caller's promise.
    let backend = unsafe { CStr::from_ptr(backend) };
    Box::into_raw(Box::new(or_exit(open(guests, backend)))).cast()
}

/// # Safety
///
/// wrl_bench_rust_layer_open returned `side`, which is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl_bench_rust_layer_close(side: *mut c_void) {
    // SAFETY: the caller's promise.
    drop(unsafe { Box::from_raw(side.cast::<Box<dyn Side>>()) });
}

/// # Safety
///
/// wrl_bench_rust_layer_open returned `side`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl_bench_rust_layer_run(side: *mut c_void, op: u32, count: u64) {
    // SAFETY: the caller's promise.
    or_exit(unsafe { &mut *side.cast::<Box<dyn Side>>() }.run(op, count));
}
