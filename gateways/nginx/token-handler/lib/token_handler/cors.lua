-- CORS for the exact trusted origins, and for no other.
local gmatch, lower, match = string.gmatch, string.lower, string.match

local M = {}

M.EXPOSED = "WWW-Authenticate, Retry-After"

-- Chrome caps the preflight cache at two hours; more would only mislead.
local PREFLIGHT_MAX_AGE = "7200"

-- Adds the headers of every answer, errors included: a page that cannot read an error cannot act on it.
function M.add(headers, origin, is_trusted)
  if origin == nil or not is_trusted[origin] then return end
  headers["Access-Control-Allow-Origin"] = origin
  headers["Access-Control-Allow-Credentials"] = "true"
  headers["Access-Control-Expose-Headers"] = M.EXPOSED
end

-- Allows a trusted page whatever headers it asks for: what each of them may say is the API's affair.
local function allowed_headers(asked)
  local names, seen = { "token-handler-version" }, { ["token-handler-version"] = true }
  for item in gmatch(asked or "", "[^,]+") do
    local name = match(lower(item), "^%s*([%w!#$%%&'*+.^_`|~-]+)%s*$")
    if name and not seen[name] then
      seen[name] = true
      names[#names + 1] = name
    end
  end
  return table.concat(names, ", ")
end

-- Adds the headers of the 204 that answers a preflight. For an untrusted origin they grant nothing, and the browser
-- keeps the request to itself.
function M.add_preflight(headers, origin, is_trusted, methods, asked)
  headers["Vary"] = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
  if not is_trusted[origin] then return end
  headers["Access-Control-Allow-Origin"] = origin
  headers["Access-Control-Allow-Credentials"] = "true"
  headers["Access-Control-Allow-Methods"] = methods
  headers["Access-Control-Allow-Headers"] = allowed_headers(asked)
  headers["Access-Control-Max-Age"] = PREFLIGHT_MAX_AGE
end

return M
