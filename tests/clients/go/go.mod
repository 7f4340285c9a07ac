module latchkey.internal/client-test

go 1.19

require latchkey.internal/client v0.0.0

require gopkg.in/validator.v2 v2.0.1 // indirect

replace latchkey.internal/client => ../../../generated/clients/go
