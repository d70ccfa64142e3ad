/* Attributes for the call path, and properties of the target. */
#ifndef WRL_SRC_COMPILER_H
#define WRL_SRC_COMPILER_H

/* A function off the common path. It is kept out of line, so that the common path needs few registers and no jumps. */
#if defined(__GNUC__)
#define WRL_RARE __attribute__((noinline, cold))
/* A function on the common path. It is kept out of line, so that it takes no registers or stack from its caller. */
#define WRL_APART __attribute__((noinline))
#define WRL_UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#else
#define WRL_RARE
#define WRL_APART
#define WRL_UNLIKELY(condition) (condition)
#endif

/* A function of the call path that begins a cache line. Otherwise its speed would depend on the size of what precedes
 * it: calls of host functions on wasmtime took 1.5 ns more after unrelated changes. */
#if defined(__GNUC__) && !defined(__EMSCRIPTEN__)
#define WRL_ALIGNED __attribute__((aligned(64)))
#else
#define WRL_ALIGNED
#endif

/* A function that reads the address of its caller's frame. It has to be inlined. */
#if defined(__GNUC__)
#define WRL_INLINE inline __attribute__((always_inline))
#else
#define WRL_INLINE inline
#endif

/*
 * A function of the call path that has no array on its stack, only a struct whose address it passes on. The stack
 * protector would take a good part of the function's time and detect nothing.
 */
#define WRL_NO_ARRAYS
#ifdef __has_attribute
#if __has_attribute(no_stack_protector)
#undef WRL_NO_ARRAYS
#define WRL_NO_ARRAYS __attribute__((no_stack_protector))
#endif
#endif

/*
 * Whether C frames can disappear without returning: a JS exception passes through them, and none of their remaining
 * code runs. On those hosts every call that returns restores the state that it saved on entry, whatever calls nested in
 * it left undone.
 */
#ifdef __EMSCRIPTEN__
#define WRL_FRAMES_VANISH 1
#else
#define WRL_FRAMES_VANISH 0
#endif

/*
 * Whether engines compile in this process, and so take its time and memory. On JS hosts the host's own engine compiles.
 * That engine has limits of its own, and enforces them itself.
 */
#ifdef __EMSCRIPTEN__
#define WRL_COMPILES_HERE 0
#else
#define WRL_COMPILES_HERE 1
#endif

#endif
