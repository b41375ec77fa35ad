-- What the answer of an API depends on, as it looks to caches between browser and proxy.
local header_names = require "token_handler.header_names"
local remember = require "token_handler.remember"
local request_headers = require "token_handler.request_headers"

local gmatch, gsub = string.gmatch, string.gsub

local M = {}

-- Whether caches between browser and proxy see the header that the API sees.
local function is_seen(name)
  return name == "host" or name == "authorization" or request_headers.is_forwarded(name)
end

local function write(upstream, is_personal)
  local names, needs_cookie = "", is_personal
  for item in gmatch(upstream, "[^,]+") do
    local name = gsub(item, "^%s*(.-)%s*$", "%1")
    local normalized = header_names.normalize(name)
    if normalized == "*" then return "*" end
    if normalized == "authorization" then needs_cookie = true end
    if normalized == "cookie" then
      needs_cookie = true
    elseif not is_seen(normalized) then
      return "*"
    elseif normalized ~= "origin" and name ~= "" then
      names = names .. name .. ", "
    end
  end
  return names .. (needs_cookie and "Cookie, Origin" or "Origin")
end

-- The one `Vary` line of an answer, from the API's (its lines joined; empty if it has none): by `Cookie`, unless the
-- API shares the answer among users, and `*` alone where the API varies by what only the proxy tells it.
M.of_shared = remember.function_of(function(upstream) return write(upstream, false) end)
M.of_personal = remember.function_of(function(upstream) return write(upstream, true) end)

return M
