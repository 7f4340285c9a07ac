-- The action `latchkey`: asks Latchkey, at the address given, whether a request may pass. One that may gets headers that
-- say who asks, and the variable `txn.latchkey`; one that may not is answered as Latchkey answered.

-- What Latchkey is told of a request, and nothing else: neither its body nor its cookies.
local TOLD = { "x-api-key", "authorization", "x-forwarded-for" }
-- Who asks.
local IDENTITY = {
    "x-latchkey-key-id", "x-latchkey-user-id", "x-latchkey-username", "x-latchkey-scopes", "x-latchkey-stale",
}
-- What the client is told of a refusal.
local REFUSAL = { "content-type", "www-authenticate", "retry-after", "ratelimit", "ratelimit-policy", "cache-control" }
-- For each of the four times that HAProxy tries.
local PATIENCE_IN_MILLISECONDS = 2500

-- Headers of these names. HAProxy counts the values of each from 0, Lua from 1.
local function chosen(headers, names)
    local some = {}
    for _, name in ipairs(names) do
        for index, value in pairs(headers[name] or {}) do
            some[name] = some[name] or {}
            some[name][index + 1] = value
        end
    end
    return some
end

core.register_action("latchkey", { "http-req" }, function(txn, address)
    local answer = core.httpclient():get({
        url = address,
        headers = chosen(txn.http:req_get_headers(), TOLD),
        timeout = PATIENCE_IN_MILLISECONDS,
    })
    if answer.status == 200 then
        for name, values in pairs(chosen(answer.headers, IDENTITY)) do
            txn.http:req_set_header(name, values[1])
        end
        txn:set_var("txn.latchkey", true)
    elseif answer.status and answer.status >= 400 then
        local headers = chosen(answer.headers, REFUSAL)
        txn:done(txn:reply({ status = answer.status, headers = headers, body = answer.body }))
    end
end, 1)
