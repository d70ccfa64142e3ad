/* What the compiler is told about the call path. */
#ifndef WRL_SRC_COMPILER_H
#define WRL_SRC_COMPILER_H

/* A function off the common path: kept out of line, so that the common path needs few registers and no jumps. */
#if defined(__GNUC__)
#define WRL_RARE __attribute__((noinline, cold))
#define WRL_UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#else
#define WRL_RARE
#define WRL_UNLIKELY(condition) (condition)
#endif

#endif
