-- Which headers of an API's answer reach the client, and which are changed on the way.
local api_cookies = require "token_handler.api_cookies"
local cache_control = require "token_handler.cache_control"
local cors = require "token_handler.cors"
local header_names = require "token_handler.header_names"
local public_urls = require "token_handler.public_urls"
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

-- Whether a `Set-Cookie` names no cookie of any tenant's prefix: an API of one may share its host with another. Browsers
-- send a cookie without a name back as its bare value, which may look like one of ours.
local function is_foreign_cookie(set_cookie, prefixes)
  local start = lower((gsub(set_cookie, "^[%s=]+", "")))
  for _, prefix in ipairs(prefixes) do
    if sub(start, 1, #prefix) == prefix then return false end
  end
  return true
end

-- Keeps the lines of a header that may stay. (A function made for each answer would keep LuaJIT from compiling.)
local function keep_lines(name, value, is_kept, prefixes)
  local lines = type(value) == "table" and value or { value }
  local kept = {}
  for _, line in ipairs(lines) do
    if is_kept(line, prefixes) then kept[#kept + 1] = line end
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

-- Of all lines of a header what a function makes of them.
local function change_lines(name, value, change)
  if type(value) ~= "table" then
    local changed = change(value)
    if changed ~= value then ngx.header[name] = changed end
    return
  end
  local changed = {}
  for index, line in ipairs(value) do changed[index] = change(line) end
  ngx.header[name] = changed
end

-- From a URL of the API to that of pages.
local function new_rewriter(tenant)
  local route = tenant.routes_by_path[ngx.var.token_handler_prefix]
  local host = route.preserves_host and ngx.var.http_host or nil
  return function(url) return tenant.public_url(url, route, host) end, route
end

local function rewrite_urls(tenant, name, value)
  local rewrite = new_rewriter(tenant)
  change_lines(name, value, function(line) return public_urls.rewrite(name, line, rewrite) end)
end

local function place_cookies(tenant)
  local rewrite, route = new_rewriter(tenant)
  local lines = ngx.header["Set-Cookie"]
  if route.cookies == nil or lines == nil then return end
  change_lines("Set-Cookie", lines, function(line) return api_cookies.place(line, route.cookies, rewrite) end)
end

-- Changes the headers of an answer that comes from an API.
function M.filter(tenant, origin)
  local headers = ngx.resp.get_headers(0)
  local header = ngx.header
  local caching, varies, exposed = "", "", nil
  local is_stream, is_buffering_decided = false, false
  -- RFC 9110 section 8.6: an answer without content states no length. nginx by itself would hand it on.
  if ngx.status == 204 then header["Content-Length"] = nil end

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
      keep_lines(name, value, is_foreign_cookie, tenant.cookie_starts)
      if tenant.places_cookies then place_cookies(tenant) end
    elseif rule == "url" then
      rewrite_urls(tenant, name, value)
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
  if origin ~= nil and tenant.is_trusted[origin] then
    header["Access-Control-Allow-Origin"] = origin
    header["Access-Control-Allow-Credentials"] = "true"
    header["Access-Control-Expose-Headers"] = exposed and cors.EXPOSED .. ", " .. exposed or cors.EXPOSED
  elseif exposed then
    header["Access-Control-Expose-Headers"] = nil
  end
end

return M
