# The crate as a guest (guest.c). The build says where its file is.
    .section .rodata.wrl_wat_guest,"",@
    .hidden wrl_wat_guest
    .globl wrl_wat_guest
    .p2align 2
wrl_wat_guest:
    .incbin WRL_WAT_GUEST
.Lend:
    .size wrl_wat_guest, .Lend-wrl_wat_guest

    .section .rodata.wrl_wat_guest_size,"",@
    .hidden wrl_wat_guest_size
    .globl wrl_wat_guest_size
    .p2align 2
wrl_wat_guest_size:
    .int32 .Lend-wrl_wat_guest
    .size wrl_wat_guest_size, 4
