-- Cookies that an API sets for itself, and gets back where its route says so.
local find, gmatch, lower, match, sub = string.find, string.gmatch, string.lower, string.match, string.sub
local concat = table.concat

local M = {}

local function trim(text)
  return match(text, "^%s*(.-)%s*$")
end

-- The cookies of a request that may go to an API, as the value of its `Cookie` header, or nil. Names are compared
-- character by character.
function M.for_upstream(header, names)
  if header == nil then return nil end
  local allowed = {}
  for item in gmatch(header, "[^;]+") do
    local pair = trim(item)
    if names[match(pair, "^([^=]*)=")] then allowed[#allowed + 1] = pair end
  end
  return #allowed > 0 and concat(allowed, "; ") or nil
end

-- A cookie of an API as the browser has to keep it to send it back: for the path of the route, and for this host alone
-- (RFC 6265 section 4.1.2). Others stay as they are.
function M.place(set_cookie, names, rewrite)
  local stop = find(set_cookie, ";", 1, true) or #set_cookie + 1
  local pair = sub(set_cookie, 1, stop - 1)
  if not names[trim(match(pair, "^([^=]*)=") or "")] then return set_cookie end
  local parts = { pair }
  for attribute in gmatch(sub(set_cookie, stop), ";([^;]*)") do
    local name, value = match(attribute, "^([^=]*)=?([^=]*)")
    name, value = lower(trim(name)), trim(value)
    if name == "path" and sub(value, 1, 1) == "/" and value ~= "/" then
      parts[#parts + 1] = " Path=" .. rewrite(value)
    elseif name ~= "domain" then
      parts[#parts + 1] = attribute
    end
  end
  return concat(parts, ";")
end

return M
