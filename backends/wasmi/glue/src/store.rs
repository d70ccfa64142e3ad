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

/// The fuel for all guests of a store together, about one unit for an instruction.
#[cfg(feature = "fuzz")]
const FUEL: u64 = 1_000_000;

/// The store. All references to it are shared, because host functions use it again during calls.
pub struct Store {
    pub core: &'static Core,
    /// The context for access to wasmi's store at present: that of the innermost host function that is running, or
    /// `root` if there is none.
    live: Cell<*mut Context<'static>>,
    /// The context of `owned`, on the heap.
    root: *mut Context<'static>,
    owned: *mut wasmi::Store<Limits>,
    /// Buffers that calls with many values reuse, so that these calls do not allocate.
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
        // SAFETY: `owned` lives until the drop below. From here on, all access to it is through its context.
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

    /// Returns the store behind the `void *` of the interface.
    ///
    /// # Safety
    ///
    /// wrl__wasmi_store_new made it.
    #[inline]
    pub unsafe fn from_raw<'a>(store: *mut c_void) -> &'a Store {
        // SAFETY: the caller's promise.
        unsafe { &*store.cast::<Store>() }
    }

    /// Returns wasmi's store. Callers drop the context before they call this again.
    #[inline]
    pub fn context(&self) -> Context<'_> {
        // SAFETY: `live` points to a context whose owner waits for the call in progress, so nothing else uses it.
        unsafe { (*self.live.get()).as_context_mut() }
    }

    /// Runs `body`, a host function that was called with `context`.
    #[inline]
    pub fn enter<T>(&self, mut context: Context<'_>, body: impl FnOnce() -> T) -> T {
        let own = (&raw mut context).cast();
        let outer = self.live.replace(own);
        let result = body();
        // A call that a coroutine made inside this one may still be in progress. The core then allows no new calls.
        // When that call ends, its outer context no longer exists. Because `live` is set to `root` here, the end of
        // that call sets `live` to `root` as well.
        self.live.set(if self.live.get() == own { outer } else { self.root });
        result
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // SAFETY: Store::new made both, and no call is in progress.
        unsafe {
            drop(Box::from_raw(self.root));
            drop(Box::from_raw(self.owned));
        }
    }
}

/// A pool of buffers. Calls nest, so several buffers may be in use at once.
pub struct Pool<T>(RefCell<Vec<Vec<T>>>);

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Pool(RefCell::new(Vec::new()))
    }
}

impl<T: Clone> Pool<T> {
    /// Runs `body` with a buffer of `len` elements. Up to `N` elements do not need the heap.
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
pub unsafe extern "C" fn wrl__wasmi_store_new(engine: *mut c_void, store: &mut *mut c_void) -> *mut WrlError {
    // SAFETY: wrl__wasmi_engine_new made it.
    let engine = unsafe { &*engine.cast::<Engine>() };
    guard(engine.core, STORE, || {
        *store = Box::into_raw(Box::new(Store::new(engine))).cast();
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_store_delete(store: *mut c_void) {
    // SAFETY: wrl__wasmi_store_new made it, and the core does not use it any more.
    guard_value((), || drop(unsafe { Box::from_raw(store.cast::<Store>()) }));
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_store_set_fuel(store: *mut c_void, fuel: u64) -> *mut WrlError {
    // SAFETY: wrl__wasmi_store_new made it.
    let store = unsafe { Store::from_raw(store) };
    guard(store.core, STORE, || Ok(store.context().set_fuel(fuel)?))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn wrl__wasmi_store_fuel(store: *mut c_void) -> u64 {
    // SAFETY: wrl__wasmi_store_new made it.
    let store = unsafe { Store::from_raw(store) };
    // The core calls this only if the engine consumes fuel.
    guard_value(0, || store.context().get_fuel().unwrap_or(0))
}
