module latchkey.internal/client-test

go 1.23

require latchkey.internal/client v0.0.0

replace latchkey.internal/client => ../../../generated/clients/go
