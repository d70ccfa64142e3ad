# The crate, compiled to a guest (guest.c). The build defines WRL_WAT_GUEST, the path of its file.
    .section .rodata.wrl__wat_guest,"",@
    .hidden wrl__wat_guest
    .globl wrl__wat_guest
    .p2align 2
wrl__wat_guest:
    .incbin WRL_WAT_GUEST
.Lend:
    .size wrl__wat_guest, .Lend-wrl__wat_guest

    .section .rodata.wrl__wat_guest_size,"",@
    .hidden wrl__wat_guest_size
    .globl wrl__wat_guest_size
    .p2align 2
wrl__wat_guest_size:
    .int32 .Lend-wrl__wat_guest
    .size wrl__wat_guest_size, 4
