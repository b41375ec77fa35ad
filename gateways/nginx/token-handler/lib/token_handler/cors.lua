-- CORS for the exact trusted origins, and for no other.
local find, gmatch, lower, match = string.find, string.gmatch, string.lower, string.match
local concat = table.concat

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

local TOKEN = "^[%w!#$%%&'*+.^_`|~-]+$"

-- The names in `Access-Control-Request-Headers`, in lower case.
local function list_names(asked)
  local names = {}
  for item in gmatch(asked or "", "[^,]+") do
    local name = match(lower(item), "^%s*(.-)%s*$")
    if find(name, TOKEN) then names[#names + 1] = name end
  end
  return names
end

-- Allows a trusted page whatever headers it asks for: what each of them may say is the API's affair.
function M.allowed_headers(asked)
  local names, seen = { "token-handler-version" }, { ["token-handler-version"] = true }
  for _, name in ipairs(list_names(asked)) do
    if not seen[name] then
      seen[name] = true
      names[#names + 1] = name
    end
  end
  return concat(names, ", ")
end

-- What a preflight of a path that nothing serves, or that is refused, may be answered with: method and headers that were
-- asked for, so that the page sends its request and can read the 404 or 400; or nil where no method was asked for.
function M.allowance_of_unserved(method, asked)
  if method == nil or not find(method, TOKEN) then return nil end
  return method, concat(list_names(asked), ", ")
end

-- Adds the headers of the 204 that answers a preflight. For an untrusted origin they grant nothing, and the browser
-- keeps the request to itself.
function M.add_preflight(headers, origin, is_trusted, methods, allowed)
  headers["Vary"] = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
  if origin == nil or not is_trusted[origin] then return end
  headers["Access-Control-Allow-Origin"] = origin
  headers["Access-Control-Allow-Credentials"] = "true"
  headers["Access-Control-Allow-Methods"] = methods
  headers["Access-Control-Allow-Headers"] = allowed
  headers["Access-Control-Max-Age"] = PREFLIGHT_MAX_AGE
end

return M
