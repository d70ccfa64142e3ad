;; Nothing at all.
(module)
