//! Paints the stack, before anything is on it.

use core::arch::global_asm;

global_asm!(
    ".section .text.paint, \"ax\"",
    ".global __pre_init",
    "__pre_init:",
    "la t0, __estack",
    "li t1, {paint}",
    "1: bgeu t0, sp, 2f",
    "sw t1, 0(t0)",
    "addi t0, t0, 4",
    "j 1b",
    "2: ret",
    paint = const emulated::STACK_PAINT,
);
