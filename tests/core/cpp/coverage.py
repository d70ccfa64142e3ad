"""Checks that the C++ headers use every function of the C headers, except those listed here with a reason.

Usage: coverage.py INCLUDE
"""

import pathlib
import re
import sys

LEFT_OUT = {
    "wrl_version": "a plain function, which C++ calls directly",
    "wrl_allocator_set": "a plain function",
    "wrl_error_kind_name": "a plain function",
    "wrl_trap_code_name": "a plain function",
    "wrl_feature_name": "a plain function",
    "wrl_val_i32": "wrl::Val has a constructor for int32_t",
    "wrl_val_i64": "wrl::Val has a constructor for int64_t",
    "wrl_val_f32": "wrl::Val has a constructor for float",
    "wrl_val_f64": "wrl::Val has a constructor for double",
    "wrl_val_v128": "wrl::Val has a constructor for wrl_v128_t",
    "wrl_val_funcref": "wrl::Val has a constructor for wrl::Func",
    "wrl_val_externref": "wrl::Val has a constructor for wrl::Externref",
    "wrl_instance_get_export": "names are std::string_view: the function with a size is used",
    "wrl_instance_get_func": "get_export() and Extern::as() replace it",
    "wrl_instance_get_global": "as above",
    "wrl_instance_get_memory": "as above",
    "wrl_instance_get_table": "as above",
    "wrl_instance_get_tag": "as above",
    "wrl_instance_require_export": "names are std::string_view: the function with a size is used",
    "wrl_instance_require_func": "get_func() checks the kind",
    "wrl_instance_require_global": "as above",
    "wrl_instance_require_memory": "as above",
    "wrl_instance_require_table": "as above",
    "wrl_instance_require_tag": "as above",
    "wrl_caller_require_export": "names are std::string_view: the function with a size is used",
    "wrl_caller_require_func": "get_func() checks the kind",
    "wrl_caller_require_global": "as above",
    "wrl_caller_require_memory": "as above",
    "wrl_caller_require_table": "as above",
    "wrl_caller_require_tag": "as above",
    "wrl_caller_get_export": "names are std::string_view: the function with a size is used",
    "wrl_caller_get_func": "get_export() and Extern::as() replace it",
    "wrl_caller_get_global": "as above",
    "wrl_caller_get_memory": "as above",
    "wrl_caller_get_table": "as above",
    "wrl_caller_get_tag": "as above",
    "wrl_module_get_export": "names are std::string_view: the function with a size is used",
    "wrl_imports_remove": "names are std::string_view: the function with a size is used",
    "wrl_imports_get": "names are std::string_view: the function with a size is used",
}
LEFT_OUT["wrl_functype_parse"] = "for tests and tools: C++ has wrl::FuncType::of()"
HANDLES = ("instance", "func", "global", "memory", "table", "tag", "externref", "ref")
for noun in HANDLES:
    LEFT_OUT[f"wrl_{noun}_null"] = "a default-constructed handle is null"
    LEFT_OUT[f"wrl_{noun}_is_null"] = "a handle converts to bool"
    LEFT_OUT[f"wrl_{noun}_equal"] = "handles have == and !="
del LEFT_OUT["wrl_func_null"]  # wrl::Func uses it.
DECLARATION = re.compile(r"(?:WRL_API|static inline)[^;{(]*[ *](wrl_[a-z0-9_]+)\(")
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)


def code(files):
    return "\n".join(COMMENT.sub("", file.read_text(encoding="utf-8")) for file in sorted(files))


def main():
    include = pathlib.Path(sys.argv[1])
    functions = sorted(set(DECLARATION.findall(code((include / "wrl").glob("*.h")))))
    cpp = code([include / "wrl.hpp", *(include / "wrl").glob("*.hpp")])
    used = {name for name in functions if re.search(rf"\b{name}\b", cpp)}
    problems = []
    if len(functions) < 100:
        problems.append(f"only {len(functions)} functions were found in {include}: the pattern no longer fits them")
    problems += [f"{name} is not used by the C++ header" for name in functions if name not in used | LEFT_OUT.keys()]
    problems += [f"{name} is used, and listed as left out" for name in LEFT_OUT if name in used]
    problems += [f"{name} is listed as left out, but does not exist" for name in LEFT_OUT if name not in functions]
    for problem in problems:
        print(f"FAIL {problem}")
    print(f"{len(functions) - len(problems)} passed, {len(problems)} failed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
