//! wasmi's side of the benchmark: the crate wasmi, used from Rust. `bench/wasmi.c` defines the side that calls these
//! functions.

// The backend's configuration and limits, so that both sides do the same work.
#[path = "../../../backends/wasmi/glue/src/config.rs"]
mod config;
#[path = "../../guests.rs"]
mod guests;
#[path = "../../../backends/wasmi/glue/src/limits.rs"]
mod limits;

use guests::{Guests, STORE_INSTANCES, bytes};
use limits::Limits;
use std::ffi::c_void;
use std::hint::black_box;
use std::process::exit;
use wasmi::{
    AsContextMut, Caller, Engine, Extern, Func, FuncType, Global, Instance, Memory, Module, Store, Table, TypedFunc,
    Val, ValType,
};

pub struct Native {
    engine: Engine,
    large: &'static [u8],
    empty: Module,
    store: Store<Limits>,
    instance: Instance,
    add: Func,
    add_typed: TypedFunc<(i32, i32), i32>,
    call_checked: TypedFunc<i32, i32>,
    call_raw: TypedFunc<i32, i32>,
    convert: TypedFunc<i32, i32>,
    call_indirect: TypedFunc<i32, i32>,
    memory: Memory,
    global: Global,
    table: Table,
}

fn new_store(engine: &Engine) -> Store<Limits> {
    let mut store = Store::new(engine, Limits);
    store.limiter(|limits| limits);
    store
}

impl Native {
    unsafe fn open(guests: &Guests) -> Result<Native, wasmi::Error> {
        // SAFETY: guaranteed by bench.h.
        let (guest, empty, large) = unsafe {
            (
                bytes(guests.guest, guests.guest_size),
                bytes(guests.empty, guests.empty_size),
                bytes(guests.large, guests.large_size),
            )
        };
        let engine = Engine::new(&config::configure(false));
        let mut store = new_store(&engine);
        let module = Module::new(&engine, guest)?;
        // The imports are used in the module's order.
        let checked = Func::new(
            &mut store,
            FuncType::new([ValType::I32], [ValType::I32]),
            |_caller: Caller<'_, Limits>, params: &[Val], results: &mut [Val]| {
                let Val::I32(value) = params[0] else { return Err(wasmi::Error::new("kind")) };
                results[0] = Val::I32(value + 1);
                Ok(())
            },
        );
        let raw = Func::wrap(&mut store, |_caller: Caller<'_, Limits>, value: i32| value + 1);
        let instance = Instance::new(&mut store, &module, &[Extern::Func(checked), Extern::Func(raw)])?;
        let func = |store: &Store<Limits>, name| instance.get_func(store, name).ok_or(wasmi::Error::new("export"));
        let add = func(&store, "add")?;
        let missing = || wasmi::Error::new("export");
        Ok(Native {
            large,
            empty: Module::new(&engine, empty)?,
            add,
            add_typed: add.typed(&store)?,
            call_checked: func(&store, "call_checked")?.typed(&store)?,
            call_raw: func(&store, "call_raw")?.typed(&store)?,
            convert: func(&store, "convert")?.typed(&store)?,
            call_indirect: func(&store, "call_indirect")?.typed(&store)?,
            memory: instance.get_memory(&store, "memory").ok_or_else(missing)?,
            global: instance.get_global(&store, "global").ok_or_else(missing)?,
            table: instance.get_table(&store, "table").ok_or_else(missing)?,
            engine,
            store,
            instance,
        })
    }

    fn call(&mut self, count: u64) -> Result<(), wasmi::Error> {
        let mut sum = 0;
        for _ in 0..count {
            let mut results = [Val::I32(0)];
            self.add.call(&mut self.store, &[Val::I32(sum), Val::I32(1)], &mut results)?;
            let Val::I32(value) = results[0] else { return Err(wasmi::Error::new("kind")) };
            sum = value;
        }
        expect(sum, count)
    }

    fn call_typed(&mut self, count: u64) -> Result<(), wasmi::Error> {
        let mut sum = 0;
        for _ in 0..count {
            sum = self.add_typed.call(&mut self.store, (sum, 1))?;
        }
        expect(sum, count)
    }

    fn memory(&mut self, count: u64, write: bool) -> Result<(), wasmi::Error> {
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

    fn global(&mut self, count: u64) -> Result<(), wasmi::Error> {
        for _ in 0..count {
            let Val::I64(value) = self.global.get(&self.store) else { return Err(wasmi::Error::new("kind")) };
            self.global.set(&mut self.store, Val::I64(value + 1))?;
        }
        Ok(())
    }

    fn table_get(&mut self, count: u64) -> Result<(), wasmi::Error> {
        for i in 0..count {
            black_box(self.table.get(&self.store, i % 8).ok_or_else(|| wasmi::Error::new("element"))?);
        }
        Ok(())
    }

    fn export_lookup(&mut self, count: u64) -> Result<(), wasmi::Error> {
        for _ in 0..count {
            let name = black_box("call_checked");
            black_box(self.instance.get_func(&self.store, name).ok_or_else(|| wasmi::Error::new("export"))?);
        }
        Ok(())
    }

    fn instantiate(&mut self, count: u64) -> Result<(), wasmi::Error> {
        let mut left = count;
        while left > 0 {
            let mut store = new_store(&self.engine);
            let instances = left.min(STORE_INSTANCES);
            for _ in 0..instances {
                black_box(Instance::new(store.as_context_mut(), &self.empty, &[])?);
            }
            left -= instances;
        }
        Ok(())
    }

    fn compile(&mut self, count: u64) -> Result<(), wasmi::Error> {
        for _ in 0..count {
            black_box(Module::new(&self.engine, self.large)?);
        }
        Ok(())
    }

    fn create_store(&mut self, count: u64) -> Result<(), wasmi::Error> {
        for _ in 0..count {
            black_box(new_store(&self.engine));
        }
        Ok(())
    }

    /// The numbers are those of `bench_op_t`.
    fn run(&mut self, op: u32, count: u64) -> Result<(), wasmi::Error> {
        match op {
            0 => self.call(count),
            1 => self.call_typed(count),
            2 => expect(self.call_checked.call(&mut self.store, count as i32)?, count),
            3 => expect(self.call_raw.call(&mut self.store, count as i32)?, count),
            4 => self.memory(count, false),
            5 => self.memory(count, true),
            6 => self.global(count),
            7 => self.table_get(count),
            8 => self.export_lookup(count),
            9 => self.instantiate(count),
            10 => self.compile(count),
            11 => self.create_store(count),
            26 => expect(self.convert.call(&mut self.store, count as i32)?, count),
            27 => expect(self.call_indirect.call(&mut self.store, count as i32)?, count),
            _ => Err(wasmi::Error::new("operation")),
        }
    }
}

fn expect(sum: i32, count: u64) -> Result<(), wasmi::Error> {
    if sum == count as i32 { Ok(()) } else { Err(wasmi::Error::new("a wrong sum")) }
}

fn or_exit<T>(result: Result<T, wasmi::Error>) -> T {
    result.unwrap_or_else(|error| {
        eprintln!("bench: wasmi: {error}");
        exit(1)
    })
}

/// # Safety
///
/// `guests` is as bench.h requires.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl_bench_wasmi_open(guests: &Guests) -> *mut c_void {
    // SAFETY: the caller's promise.
    Box::into_raw(Box::new(or_exit(unsafe { Native::open(guests) }))).cast()
}

/// # Safety
///
/// wrl_bench_wasmi_open returned `native`, which is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl_bench_wasmi_close(native: *mut c_void) {
    // SAFETY: the caller's promise.
    drop(unsafe { Box::from_raw(native.cast::<Native>()) });
}

/// # Safety
///
/// wrl_bench_wasmi_open returned `native`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl_bench_wasmi_run(native: *mut c_void, op: u32, count: u64) {
    // SAFETY: the caller's promise.
    or_exit(unsafe { &mut *native.cast::<Native>() }.run(op, count));
}
