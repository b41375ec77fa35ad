-- The tenants of a gateway: made of settings and keys, and found by the host of a request, then by its path.
local access_token = require "token_handler.access_token"
local jwe = require "token_handler.jwe"
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

-- Makes a tenant of its settings (see settings.lua) and its keys.
function M.new(settings, keys)
  local tenant = {
    resolve = new_resolver(routes.new_router(settings.routes)),
    read_token = access_token.new_reader(jwe.new_keys(keys), settings.cookie_prefix),
  }
  for name, value in pairs(settings) do tenant[name] = value end
  return tenant
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
