/* What the compiler is told about the call path. */
#ifndef WRL_SRC_COMPILER_H
#define WRL_SRC_COMPILER_H

/* A function off the common path: kept out of line, so that the common path needs few registers and no jumps. */
#if defined(__GNUC__)
#define WRL_RARE __attribute__((noinline, cold))
/* One that is common as well, but not to take registers from what calls it. */
#define WRL_APART __attribute__((noinline))
#define WRL_UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#else
#define WRL_RARE
#define WRL_APART
#define WRL_UNLIKELY(condition) (condition)
#endif

/* For what looks at the frame of its caller. */
#if defined(__GNUC__)
#define WRL_INLINE inline __attribute__((always_inline))
#else
#define WRL_INLINE inline
#endif

/*
 * For a function of the call path that has no array on its stack, only a struct whose address it hands on: the check
 * for overflown arrays would cost it a good part of its time and find nothing.
 */
#define WRL_NO_ARRAYS
#ifdef __has_attribute
#if __has_attribute(no_stack_protector)
#undef WRL_NO_ARRAYS
#define WRL_NO_ARRAYS __attribute__((no_stack_protector))
#endif
#endif

/*
 * Whether C frames can vanish: an exception of JS passes through them, and nothing of them is run any more. There, who
 * ends a call puts back what was there when it began, whatever the frames inside of it had still to do.
 */
#ifdef __EMSCRIPTEN__
#define WRL_FRAMES_VANISH 1
#else
#define WRL_FRAMES_VANISH 0
#endif

/*
 * Whether engines are compilers in this very process, which takes the time and the memory. On JS hosts it is the host's
 * own engine that compiles: it has limits, and tasks of its own to keep them.
 */
#ifdef __EMSCRIPTEN__
#define WRL_COMPILES_HERE 0
#else
#define WRL_COMPILES_HERE 1
#endif

#endif
