# The C stack's pointer. Emscripten has functions for this, too, but has named them anew from time to time.
    .globaltype __stack_pointer, i32

    .section .text.wrl_js_get_stack,"",@
    .hidden wrl_js_get_stack
    .globl wrl_js_get_stack
    .type wrl_js_get_stack,@function
wrl_js_get_stack:
    .functype wrl_js_get_stack () -> (i32)
    global.get __stack_pointer
    end_function

    .section .text.wrl_js_set_stack,"",@
    .hidden wrl_js_set_stack
    .globl wrl_js_set_stack
    .type wrl_js_set_stack,@function
wrl_js_set_stack:
    .functype wrl_js_set_stack (i32) -> ()
    local.get 0
    global.set __stack_pointer
    end_function
