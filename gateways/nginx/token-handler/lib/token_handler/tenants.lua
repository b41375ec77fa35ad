-- The tenants of a gateway: made of settings and keys, and found by the host of a request, then by its path.
local access_token = require "token_handler.access_token"
local cookie_worth = require "token_handler.cookie_worth"
local ended_sessions = require "token_handler.ended_sessions"
local handler = require "token_handler.handler"
local jwe = require "token_handler.jwe"
local public_urls = require "token_handler.public_urls"
local remember = require "token_handler.remember"
local routes = require "token_handler.routes"
local target = require "token_handler.target"

local gsub, lower, match, sub = string.gsub, string.lower, string.match, string.sub

local M = {}

-- Where a request line leads: method, route and URL, or a code and the reason.
local function new_resolver(find_route)
  return remember.function_of(function(line)
    local method = match(line, "^([^ ]+) ") or ""
    local path, decoded_path, query = target.read(target.of_request_line(line, method))
    if path == nil then return { code = "invalid_request", reason = decoded_path, method = method } end
    local route, url = find_route(path, decoded_path)
    if route == nil then return { code = "not_found", reason = "No route has this path.", method = method } end
    return { method = method, route = route, url = url .. query }
  end)
end

-- What a tenant asks the handler, by the names that access_token.lua has for it.
local function new_questions(settings, keys, server)
  if not settings.needs_handler then return {} end
  if keys == nil then
    error('token-handler: the key file has no keys for the handler; make it with "token-handler keys"', 0)
  end
  -- What workers share stays when nginx reloads: names of tenants do, and their numbers may not.
  local name = (settings.host or "") .. (settings.path or "")
  local ask = handler.new(server, settings, keys)
  local asks_worth = settings.opaque_tokens or settings.stored_sessions
  return {
    has_ended = settings.ended_sessions and ended_sessions.follow(name, ask) or nil,
    worth_of = asks_worth and cookie_worth.new(name, ask) or nil,
    exchanges_opaque = settings.opaque_tokens,
  }
end

-- Makes a tenant of its settings (see settings.lua), its keys (see key_file.lua), and the place of the handler.
function M.new(settings, keys, handler_keys, server)
  local questions = new_questions(settings, handler_keys, server)
  local tenant = {
    resolve = new_resolver(routes.new_router(settings.routes)),
    read_token = access_token.new_reader(jwe.new_keys(keys), settings.cookie_prefix, questions),
  }
  for name, value in pairs(settings) do tenant[name] = value end
  tenant.public_url = public_urls.new_rewriter(settings.routes)
  tenant.routes_by_path = {}
  for _, route in ipairs(settings.routes) do
    tenant.routes_by_path[route.path] = route
    tenant.places_cookies = tenant.places_cookies or route.cookies ~= nil
  end
  return tenant
end

-- Tells all tenants how the cookies of all of them begin, in lower case.
function M.share_cookie_starts(tenants)
  local starts, known = {}, {}
  for _, tenant in ipairs(tenants) do
    local prefix = lower(tenant.cookie_prefix)
    -- The bound cookie of device binding has no "Http-" in its name.
    local bound = (gsub(prefix, "^__host%-http%-", "__host-")) .. "-bound="
    for _, start in ipairs({ prefix .. "-", bound }) do
      if not known[start] then starts[#starts + 1] = start end
      known[start] = true
    end
    tenant.cookie_starts = starts
  end
end

local function is_below(parent, path)
  return parent == nil or path == parent or sub(path, 1, #parent + 1) == parent .. "/"
end

-- Creates the function that finds the tenant of a request, by its host and its request line. A host that belongs to
-- some tenant belongs to no other: what none of its tenants' paths contain, goes to no tenant. The second result is the
-- tenant that every request belongs to, if there is such a one.
function M.new_selector(tenants)
  local first = tenants[1]
  if #tenants == 1 and first.host == nil and first.path == nil then
    return function() return first end, first
  end
  local by_host, elsewhere = {}, {}
  for _, tenant in ipairs(tenants) do
    if tenant.host then by_host[tenant.host] = by_host[tenant.host] or {} end
    local neighbours = tenant.host and by_host[tenant.host] or elsewhere
    neighbours[#neighbours + 1] = tenant
  end
  return function(host, line)
    local name = type(host) == "string" and gsub(lower(host), ":%d*$", "") or ""
    local path = match(line, "^[^ ]+ ([^ ?#]*)") or ""
    for _, tenant in ipairs(by_host[name] or elsewhere) do
      if is_below(tenant.path, path) then return tenant end
    end
    return nil
  end
end

return M
