;; A start function that never returns.
(module
  (func $start (loop $again (br $again)))
  (start $start))
