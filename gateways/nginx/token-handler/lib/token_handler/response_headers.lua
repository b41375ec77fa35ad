-- Which headers of an API's answer reach the client, and which are changed on the way.
local cache_control = require "token_handler.cache_control"
local cors = require "token_handler.cors"
local header_names = require "token_handler.header_names"
local response_rules = require "token_handler.response_rules"
local vary = require "token_handler.vary"

local concat = table.concat
local gsub, lower, sub = string.gsub, string.lower, string.sub
local rule_of = response_rules.rule_of

local M = {}

local EVENT_STREAM = "text/event-stream"

local function joined(value)
  return type(value) == "table" and concat(value, ", ") or value
end

-- Of `Surrogate-Control` and nginx's `X-Accel-Expires`, what only keeps a cache from storing.
local function is_forbidding(value)
  local directive = lower(gsub(value, "^%s*(.-)%s*$", "%1"))
  return directive == "no-store" or directive == "0"
end

-- Whether a `Set-Cookie` names no cookie of a prefix. Browsers send a cookie without a name back as its bare value,
-- which may look like one of ours.
local function is_foreign_cookie(set_cookie, prefix)
  local start = lower((gsub(set_cookie, "^[%s=]+", "")))
  local own = lower(prefix)
  if sub(start, 1, #own + 1) == own .. "-" then return false end
  -- The bound cookie of device binding, which has no "Http-" in its name.
  local bound = (gsub(own, "^__host%-http%-", "__host-")) .. "-bound="
  return sub(start, 1, #bound) ~= bound
end

-- Keeps the lines of a header that may stay. (A function made for each answer would keep LuaJIT from compiling.)
local function keep_lines(name, value, is_kept, prefix)
  local lines = type(value) == "table" and value or { value }
  local kept = {}
  for _, line in ipairs(lines) do
    if is_kept(line, prefix) then kept[#kept + 1] = line end
  end
  if #kept < #lines then ngx.header[name] = #kept > 0 and kept or nil end
end

local function is_event_stream(content_type)
  return lower(sub(content_type, 1, #EVENT_STREAM)) == EVENT_STREAM
end

-- `Upgrade` in the answer to a handshake says what the connection becomes; in any other it concerns the API's own.
local function becomes_web_socket(name)
  return name == "upgrade" and ngx.status == 101
end

-- The API lists headers that concern its connection only; those for all recipients stay (RFC 9110 section 7.6.1).
local function remove_connection_options(headers, connection)
  local options = header_names.connection_options(connection)
  for name in pairs(headers) do
    local rule = rule_of(name)
    local is_for_all = rule == "cache-control" or rule == "vary" or rule == "targeted-caching"
    local is_kept = is_for_all or name == "content-length" or becomes_web_socket(name)
    if options[header_names.normalize(name)] and not is_kept then
      ngx.header[name] = nil
    end
  end
end

-- What `Connection` says of connections that are as plain as most, and lists no header.
local PLAIN_CONNECTION = { ["keep-alive"] = true, ["close"] = true, ["Keep-Alive"] = true, ["Close"] = true }

-- Changes the headers of an answer that comes from an API.
function M.filter(cookie_prefix, origin, is_trusted)
  local headers = ngx.resp.get_headers(0)
  local header = ngx.header
  local caching, varies, exposed = "", "", nil
  local is_stream, is_buffering_decided = false, false

  for name, value in pairs(headers) do
    local rule = rule_of(name)
    if rule == "pass" then -- luacheck: ignore 542
      -- As it is.
    elseif rule == "drop" then
      if not becomes_web_socket(name) then header[name] = nil end
    elseif rule == "cache-control" then caching = joined(value)
    elseif rule == "vary" then varies = joined(value)
    elseif rule == "content-type" then is_stream = is_event_stream(joined(value))
    elseif rule == "exposed" then exposed = joined(value)
    elseif rule == "x-accel-buffering" then is_buffering_decided = true
    elseif rule == "targeted-caching" then
      header[name] = cache_control.read(joined(value)).directives
    elseif rule == "forbidding" then
      keep_lines(name, value, is_forbidding)
    elseif rule == "set-cookie" then
      keep_lines(name, value, is_foreign_cookie, cookie_prefix)
    end
  end

  local connection = ngx.var.upstream_http_connection
  if connection and not PLAIN_CONNECTION[connection] then
    remove_connection_options(headers, connection)
  end

  local read = cache_control.read(caching)
  if read.directives ~= caching or type(headers["cache-control"]) == "table" then
    header["Cache-Control"] = read.directives
  end
  header["Vary"] = read.is_shared and vary.of_shared(varies) or vary.of_personal(varies)
  if is_stream and not is_buffering_decided then header["X-Accel-Buffering"] = "no" end
  if origin ~= nil and is_trusted[origin] then
    header["Access-Control-Allow-Origin"] = origin
    header["Access-Control-Allow-Credentials"] = "true"
    header["Access-Control-Expose-Headers"] = exposed and cors.EXPOSED .. ", " .. exposed or cors.EXPOSED
  elseif exposed then
    header["Access-Control-Expose-Headers"] = nil
  end
end

return M
