-- The requests that wrk sends, and what it reports.
-- Arguments after the URL and `--`: method, path before the id, first key, number of ids (0: no id), bearer token, seed.
-- With the method PATCH, the body is PATCH_BODY from the environment, with a random number in place of `%d`.
-- With the method VERIFY, the file KEYS in the environment has a key in each line: with 0 ids they are verified in the
-- order of the file from the first key on, else at random among that many. With the method POST, the body is one of the first lines
-- of that file. The method FORWARD sends its token as X-API-Key.

-- The next key in the order of the file, read when it is needed: a table of a million would keep the garbage collector
-- busy, and so the measured processors.
local function in_order(file, first)
  local keys = io.open(file)
  local length = #keys:read("*L")
  keys:seek("set", (first - 1) * length)
  return function()
    local key = keys:read("*l")
    if not key then
      keys:seek("set", 0)
      key = keys:read("*l")
    end
    return key
  end
end

local function at_random(file, count)
  local keys = {}
  for key in io.lines(file) do
    keys[#keys + 1] = key
    if #keys == count then break end
  end
  return function() return keys[math.random(1, #keys)] end
end

function init(arguments)
  local method, path, token = arguments[1], arguments[2], arguments[5]
  local first, ids = tonumber(arguments[3]), tonumber(arguments[4])
  local head = " HTTP/1.1\r\nHost: latchkey\r\nAuthorization: Bearer " .. token .. "\r\n"
  local random = math.random
  math.randomseed(tonumber(arguments[6]))

  if method == "VERIFY" then
    local key = ids > 0 and at_random(os.getenv("KEYS"), ids) or in_order(os.getenv("KEYS"), first)
    head = "POST " .. path .. head .. "Content-Type: application/json\r\nContent-Length: "
    request = function()
      local body = '{"key":"' .. key() .. '"}'
      return head .. #body .. "\r\n\r\n" .. body
    end
  elseif method == "POST" then
    local body = at_random(os.getenv("KEYS"), ids)
    head = "POST " .. path .. head .. "Content-Type: application/json\r\nContent-Length: "
    request = function()
      local text = body()
      return head .. #text .. "\r\n\r\n" .. text
    end
  elseif method == "FORWARD" then
    local text = "GET " .. path .. " HTTP/1.1\r\nHost: latchkey\r\nX-API-Key: " .. token .. "\r\n\r\n"
    request = function() return text end
  elseif method == "PATCH" then
    local template = os.getenv("PATCH_BODY")
    head = head .. "Content-Type: application/json\r\nContent-Length: "
    request = function()
      local body = template:format(random(100000, 999999))
      local id = random(1, ids)
      return "PATCH " .. path .. id .. head .. #body .. "\r\n\r\n" .. body
    end
  elseif ids > 0 then
    request = function()
      return "GET " .. path .. random(1, ids) .. head .. "\r\n"
    end
  else
    local text = "GET " .. path .. head .. "\r\n"
    request = function() return text end
  end
end

-- wrk fills its histogram up as if requests had arrived at a fixed rate ("coordinated omission"): for each latency of at
-- least twice the mean time between two requests of a connection, it adds those that would have waited behind it.
-- pgbench does not, so the additions are taken out again; what is left must be as many as there were requests.
local function measured(latency, between)
  local values, counts = {}, {}
  for i = 1, #latency do
    local value, count = latency(i)
    values[i], counts[value] = value, count
  end
  for i = #values, 1, -1 do
    local value = values[i]
    if value < 2 * between then break end
    local m = value - between
    while m > between and counts[value] > 0 do
      counts[m] = counts[m] - counts[value]
      m = m - between
    end
  end
  local total = 0
  for _, value in ipairs(values) do total = total + counts[value] end
  return values, counts, total
end

local function percentile(values, counts, total, share)
  local seen = 0
  for _, value in ipairs(values) do
    seen = seen + counts[value]
    if seen >= share * total then return value end
  end
end

function done(summary, latency)
  local per_connection = math.floor(summary.requests / tonumber(os.getenv("CONNECTIONS")))
  local between = math.floor(summary.duration / per_connection)
  local values, counts, total = measured(latency, between)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"microseconds":%d,"measured":%d,"p50":%d,"p99":%d,"longest":%d,"bad_status":%d,"bad_socket":%d}\n',
    summary.requests, summary.duration, total,
    percentile(values, counts, total, 0.5), percentile(values, counts, total, 0.99), percentile(values, counts, total, 1),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
