-- Requests of nginx's own to the handler: a form is posted, and the body of the answer read whole. By cosockets, because
-- timers cannot do what nginx calls a subrequest, and because a subrequest would read the client's body first.
local match, lower, sub = string.match, string.lower, string.sub
local tcp = ngx.socket.tcp

local M = {}

-- Milliseconds for each of connecting, sending and reading.
local TIME_LIMIT = 2000

-- Milliseconds that a connection waits for the next request, and how many of them wait in a worker. Less than a Node
-- server waits.
local KEPT_ALIVE, POOL_SIZE = 4000, 8

local MAX_BODY = 131072
local MAX_HEADERS = 100

-- Parts of the URL of a server, or nil. By address, because a name would need `resolver` in nginx.
--
--   name   in the server's certificate, where that is not its address
function M.read_url(url, name)
  local scheme, host, port = match(url, "^(https?)://([%w.-]+):?(%d*)$")
  if scheme == nil then scheme, host, port = match(url, "^(https?)://(%[[%x:.]+%]):?(%d*)$") end
  if scheme == nil then return nil end
  local is_tls = scheme == "https"
  return {
    host = host,
    name = name or host,
    port = tonumber(port) or (is_tls and 443 or 80),
    is_tls = is_tls,
    authority = (name or host) .. (port == "" and "" or ":" .. port),
  }
end

local function connect(socket, server)
  local ok, reason = socket:connect(server.host, server.port, { pool_size = POOL_SIZE })
  if not ok then return nil, reason end
  -- Against `lua_ssl_trusted_certificate`; a connection that was kept is not verified twice.
  if server.is_tls and socket:getreusedtimes() == 0 then return socket:sslhandshake(false, server.name, true) end
  return true
end

-- Status and headers by lower-case name, or nil and the reason.
local function read_head(socket)
  local line, reason = socket:receive("*l")
  if line == nil then return nil, reason end
  local status = tonumber(match(line, "^HTTP/1%.[01] (%d%d%d)"))
  if status == nil then return nil, "no HTTP" end
  local headers = {}
  for _ = 1, MAX_HEADERS do
    line, reason = socket:receive("*l")
    if line == nil then return nil, reason end
    if line == "" then return status, headers end
    local name, value = match(line, "^([^:]+):%s*(.-)%s*$")
    if name then headers[lower(name)] = value end
  end
  return nil, "too many headers"
end

local function read_chunks(socket)
  local parts, length = {}, 0
  while true do
    local line, reason = socket:receive("*l")
    if line == nil then return nil, reason end
    local size = tonumber(match(line, "^%x+") or "", 16)
    length = length + (size or 0)
    if size == nil or length > MAX_BODY then return nil, "a body that cannot be read" end
    local chunk
    chunk, reason = socket:receive(size + 2)
    if chunk == nil then return nil, reason end
    if size == 0 then return table.concat(parts) end
    parts[#parts + 1] = sub(chunk, 1, size)
  end
end

local function read_body(socket, headers)
  if headers["transfer-encoding"] == "chunked" then return read_chunks(socket) end
  local length = tonumber(headers["content-length"])
  if length == nil or length > MAX_BODY then return nil, "a body without end, or too long" end
  if length == 0 then return "" end
  return socket:receive(length)
end

-- Status and body, whether the connection can be used again, or nil and the reason.
local function exchange(socket, server, request)
  local ok, reason = connect(socket, server)
  if ok then ok, reason = socket:send(request) end
  if not ok then return nil, reason end
  local status, headers = read_head(socket)
  if status == nil then return nil, headers end
  local body
  body, reason = read_body(socket, headers)
  if body == nil then return nil, reason end
  return status, body, lower(headers["connection"] or "") ~= "close"
end

-- Posts a form. Returns status and body, or nil and the reason.
--
--   server   from `read_url`
--   host     what `Host` says
function M.post(server, path, host, credential, form)
  local socket = tcp()
  socket:settimeout(TIME_LIMIT)
  -- Some failures of TLS are raised by the library of nginx, and not returned.
  local ok, status, body, is_kept = pcall(exchange, socket, server, {
    "POST ", path, " HTTP/1.1\r\nHost: ", host,
    "\r\nAuthorization: Bearer ", credential,
    "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ", #form, "\r\n\r\n", form,
  })
  if not ok then status, body = nil, "the connection failed" end
  if status and is_kept then socket:setkeepalive(KEPT_ALIVE) else socket:close() end
  return status, body
end

return M
