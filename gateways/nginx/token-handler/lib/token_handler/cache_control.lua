-- What an API says about caches, and what has to be added where caches see a cookie instead of its token.
local remember = require "token_handler.remember"

local gmatch, gsub, lower, match = string.gmatch, string.gsub, string.lower, string.match

local M = {}

-- Without text in quotes: an argument decides nothing about the whole answer, whatever directives it looks like.
local function without_quoted(value)
  if not value:find('"', 1, true) then return value end
  return (ngx.re.gsub(value, [["(?:[^"\\]|\\.)*"?]], '""', "jos"))
end

local function shared_age(directive)
  return tonumber(match(directive, "^s%-maxage=(.*)$") or "") or 0
end

-- Reads `Cache-Control`, or a field of its kind, its lines joined (RFC 9111 sections 3.5 and 5.2.2): the
-- directives, with `private` where they neither share the answer nor keep it from shared caches, and whether the
-- API lets a cache give the answer to other users.
M.read = remember.function_of(function(value)
  local allows, is_private, forbids_store, is_understood = false, false, false, false
  for item in gmatch(lower(without_quoted(value)), "[^,]+") do
    local directive = gsub(item, "^%s*(.-)%s*$", "%1")
    if directive == "private" then is_private = true
    elseif directive == "no-store" then forbids_store = true
    elseif directive == "must-understand" then is_understood = true
    elseif directive == "public" or shared_age(directive) > 0 then allows = true
    end
  end
  is_private = is_private or (forbids_store and not is_understood)
  local is_shared = allows and not is_private
  local directives = value
  if not is_shared and not is_private then
    directives = value == "" and "private" or value .. ", private"
  end
  return { directives = directives, is_shared = is_shared }
end)

return M
