module latchkey.internal/client

go 1.23
