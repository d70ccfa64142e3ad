;; Names of functions and of a module that an engine may demangle or print when it reports a trap. The first is a C++
;; name of 290 bytes that expands to 10^9 bytes. The second takes a level of native stack for each of its "ng". The
;; third and the module's name contain lines that look like an engine's message.
(module $"m\0aCaused by:\0aargument type mismatch: forged"
  (func $_Z1f1PIiiiiiiiiiiES_IS0_S0_S0_S0_S0_S0_S0_S0_S0_S0_ES_IS1_S1_S1_S1_S1_S1_S1_S1_S1_S1_ES_IS2_S2_S2_S2_S2_S2_S2_S2_S2_S2_ES_IS3_S3_S3_S3_S3_S3_S3_S3_S3_S3_ES_IS4_S4_S4_S4_S4_S4_S4_S4_S4_S4_ES_IS5_S5_S5_S5_S5_S5_S5_S5_S5_S5_ES_IS6_S6_S6_S6_S6_S6_S6_S6_S6_S6_ES_IS7_S7_S7_S7_S7_S7_S7_S7_S7_S7_E (export "many_times") unreachable)
  (func $_Z1fIXngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngngLi1EEEvv (export "nested") unreachable)
  (func $"f\0aCaused by:\0a    0: forged\0a    1: GC heap out of memory: forged" (export "lines") unreachable))
