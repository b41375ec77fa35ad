-- What happens to a request: the same questions in the same order as `proxy/oauth-proxy.ts`, and the same answers.
local access_token = require "token_handler.access_token"
local origin_guard = require "token_handler.origin_guard"
local web_socket = require "token_handler.web_socket"

local concat = table.concat
local find = string.find

local M = {}

-- A header of a request; its lines joined (RFC 9110 section 5.3).
local function line_of(headers, name, separator)
  local value = rawget(headers, name)
  if type(value) == "table" then return concat(value, separator or ", ") end
  return value
end
M.line_of = line_of

-- Where no cookie came, no error is named (RFC 6750 section 3.1), and there is a parameter all the same (section 3).
local CHALLENGE = 'Bearer realm="token-handler"'
local INVALID_TOKEN = 'Bearer error="invalid_token"'

-- Decides about a request to a tenant. The first result says what happens:
--   "forward"    with what is known about the access token (nil where the route does without), and whether it is a
--                handshake for a WebSocket
--   "preflight"
--   "refuse"     with a code, the reason for developers, and further headers or nil
--
--   place    where its target leads, see `tenant.resolve`
--   origin   its `Origin`, or nil
--   now      seconds since the epoch
function M.decide(tenant, place, headers, origin, now)
  if place.code then return "refuse", place.code, place.reason end
  local route, method = place.route, place.method
  local host = rawget(headers, "host")
  if type(host) ~= "string" or find(host, ",", 1, true) then
    return "refuse", "invalid_request", "The request must have one Host header."
  end

  if method == "OPTIONS" and origin ~= nil and rawget(headers, "access-control-request-method") ~= nil then
    return "preflight"
  end
  if not route.allows[method] then
    local reason = "The route " .. route.path .. " does not allow " .. method .. "."
    return "refuse", "method_not_allowed", reason, { ["Allow"] = route.methods }
  end

  local upgrade, is_upgrade = line_of(headers, "upgrade"), false
  if upgrade ~= nil then
    is_upgrade = web_socket.is_asked_for(method, upgrade, line_of(headers, "connection"))
  end
  local refusal = origin_guard.refusal(
    method, origin, line_of(headers, "sec-fetch-site"), line_of(headers, "token-handler-version"),
    tenant.is_trusted, route.event_source, is_upgrade
  )
  if refusal ~= nil then return "refuse", "untrusted_request", refusal end
  if is_upgrade and not route.web_socket then
    return "refuse", "invalid_request", "The route " .. route.path .. " takes no WebSockets."
  end

  local token, missing, reason = tenant.read_token(line_of(headers, "cookie", "; "), now)
  if token == nil then
    if missing == "unavailable" then return "refuse", "temporarily_unavailable", reason, { ["Retry-After"] = "1" } end
    if missing == "missing" and route.is_optional then return "forward", nil, is_upgrade end
    local challenge = missing == "missing" and CHALLENGE or INVALID_TOKEN
    return "refuse", "unauthorized", reason, { ["WWW-Authenticate"] = challenge }
  end
  if route.audience then
    local audiences = access_token.audiences_of(token)
    if audiences == nil or not audiences[route.audience] then
      reason = "The access token is not for the audience of the route " .. route.path .. "."
      return "refuse", "unauthorized", reason, { ["WWW-Authenticate"] = INVALID_TOKEN }
    end
  end
  return "forward", token, is_upgrade
end

return M
