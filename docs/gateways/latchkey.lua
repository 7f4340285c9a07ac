-- The action `latchkey` authorizes a request with a subrequest to Latchkey at the given URL. If the request is allowed, the
-- action sets the headers with the caller's identity and the variable `txn.latchkey`. Otherwise it returns Latchkey's
-- response to the client.

-- Headers of the request that are sent to Latchkey. Neither the body nor cookies are sent.
local FORWARDED_HEADERS = { "x-api-key", "authorization", "x-forwarded-for" }
-- Headers of the response that identify the caller to the upstream.
local IDENTITY_HEADERS = {
    "x-latchkey-key-id", "x-latchkey-user-id", "x-latchkey-username", "x-latchkey-project", "x-latchkey-owner",
    "x-latchkey-scopes", "x-latchkey-stale",
}
-- Headers of an error response that are returned to the client.
local ERROR_HEADERS = { "content-type", "www-authenticate", "retry-after", "ratelimit", "ratelimit-policy", "cache-control" }
-- For each attempt. HAProxy makes four.
local TIMEOUT_IN_MILLISECONDS = 2500

-- Returns the headers with these names. HAProxy numbers the values of a header from 0, Lua from 1.
local function select_headers(headers, names)
    local selected = {}
    for _, name in ipairs(names) do
        for index, value in pairs(headers[name] or {}) do
            selected[name] = selected[name] or {}
            selected[name][index + 1] = value
        end
    end
    return selected
end

core.register_action("latchkey", { "http-req" }, function(txn, url)
    local response = core.httpclient():get({
        url = url,
        headers = select_headers(txn.http:req_get_headers(), FORWARDED_HEADERS),
        timeout = TIMEOUT_IN_MILLISECONDS,
    })
    if response.status == 200 then
        for name, values in pairs(select_headers(response.headers, IDENTITY_HEADERS)) do
            txn.http:req_set_header(name, values[1])
        end
        txn:set_var("txn.latchkey", true)
    elseif response.status and response.status >= 400 then
        local headers = select_headers(response.headers, ERROR_HEADERS)
        txn:done(txn:reply({ status = response.status, headers = headers, body = response.body }))
    end
end, 1)
