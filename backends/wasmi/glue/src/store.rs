//! Stores.

use crate::abi::{Core, Raw, WrlError};
use crate::caller::Attempts;
use crate::engine::Engine;
use crate::error::{STORE, guard, guard_value};
use crate::limits::Limits;
use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use wasmi::{AsContextMut, StoreContextMut, Val};

pub type Context<'a> = StoreContextMut<'a, Limits>;
pub type Caller<'a> = wasmi::Caller<'a, Limits>;

/// How much all guests of a store may do together, about one unit for an instruction.
#[cfg(feature = "fuzz")]
const FUEL: u64 = 1_000_000;

/// What the core knows as the store. It is only ever shared: host functions come back to it while calls are under way.
pub struct Store {
    pub core: &'static Core,
    /// The context through which wasmi's store is reached just now: the one of the innermost host function that is
    /// under way, otherwise `root`.
    live: Cell<*mut Context<'static>>,
    /// The context of `owned`, on the heap.
    root: *mut Context<'static>,
    owned: *mut wasmi::Store<Limits>,
    /// Buffers that calls of many values borrow, so that they need not allocate.
    pub slots: Pool<Raw>,
    pub vals: Pool<Val>,
    pub attempts: Attempts,
}

impl Store {
    fn new(engine: &Engine) -> Store {
        let mut store = wasmi::Store::new(&engine.engine, Limits);
        store.limiter(|limits| limits);
        #[cfg(feature = "fuzz")]
        store.set_fuel(FUEL).expect("the engine consumes fuel");
        let owned = Box::into_raw(Box::new(store));
        // SAFETY: `owned` lives until the drop below, and from here on is used through its context only.
        let root = Box::into_raw(Box::new(unsafe { (*owned).as_context_mut() }));
        Store {
            core: engine.core,
            live: Cell::new(root),
            root,
            owned,
            slots: Pool::default(),
            vals: Pool::default(),
            attempts: Attempts::default(),
        }
    }

    /// The store as `void *` of the interface.
    ///
    /// # Safety
    ///
    /// wrl_wasmi_store_new made it.
    #[inline]
    pub unsafe fn from_raw<'a>(store: *mut c_void) -> &'a Store {
        // SAFETY: the caller's promise.
        unsafe { &*store.cast::<Store>() }
    }

    /// wasmi's store. Callers let go of it before they ask again.
    #[inline]
    pub fn context(&self) -> Context<'_> {
        // SAFETY: `live` points to a context whose owner waits for the call that is under way, so nobody else uses it.
        unsafe { (*self.live.get()).as_context_mut() }
    }

    /// Runs `body`, a host function that was called with `context`.
    #[inline]
    pub fn enter<T>(&self, mut context: Context<'_>, body: impl FnOnce() -> T) -> T {
        let own = (&raw mut context).cast();
        let outer = self.live.replace(own);
        let result = body();
        // A coroutine's call that was made inside of this one may still be under way. The core lets no more calls begin
        // then, and what that call finds as its outer context when it ends is gone.
        self.live.set(if self.live.get() == own { outer } else { self.root });
        result
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // SAFETY: both were made by Store::new, and no call is under way.
        unsafe {
            drop(Box::from_raw(self.root));
            drop(Box::from_raw(self.owned));
        }
    }
}

/// Buffers to borrow. Calls nest, so there may be several in use at once.
pub struct Pool<T>(RefCell<Vec<Vec<T>>>);

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Pool(RefCell::new(Vec::new()))
    }
}

impl<T: Clone> Pool<T> {
    /// Runs `body` with a buffer of `len` elements, of which the first `N` need no heap.
    #[inline]
    pub fn with<const N: usize, R>(&self, len: usize, fill: [T; N], body: impl FnOnce(&mut [T]) -> R) -> R {
        let mut fill = fill;
        if len <= N {
            return body(&mut fill[..len]);
        }
        let mut buffer = self.0.borrow_mut().pop().unwrap_or_default();
        buffer.clear();
        buffer.resize(len, fill[0].clone());
        let result = body(&mut buffer);
        self.0.borrow_mut().push(buffer);
        result
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl_wasmi_store_new(engine: *mut c_void, store: &mut *mut c_void) -> *mut WrlError {
    // SAFETY: wrl_wasmi_engine_new made it.
    let engine = unsafe { &*engine.cast::<Engine>() };
    guard(engine.core, STORE, || {
        *store = Box::into_raw(Box::new(Store::new(engine))).cast();
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl_wasmi_store_delete(store: *mut c_void) {
    // SAFETY: wrl_wasmi_store_new made it, and the core gives it up.
    guard_value((), || drop(unsafe { Box::from_raw(store.cast::<Store>()) }));
}
