# Access to the C stack pointer. Emscripten has functions for this as well, but has renamed them several times.
    .globaltype __stack_pointer, i32

    .section .text.wrl__js_get_stack,"",@
    .hidden wrl__js_get_stack
    .globl wrl__js_get_stack
    .type wrl__js_get_stack,@function
wrl__js_get_stack:
    .functype wrl__js_get_stack () -> (i32)
    global.get __stack_pointer
    end_function

    .section .text.wrl__js_set_stack,"",@
    .hidden wrl__js_set_stack
    .globl wrl__js_set_stack
    .type wrl__js_set_stack,@function
wrl__js_set_stack:
    .functype wrl__js_set_stack (i32) -> ()
    local.get 0
    global.set __stack_pointer
    end_function
