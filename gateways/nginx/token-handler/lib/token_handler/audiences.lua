-- For which APIs an access token says it is. No signature is verified: the token comes from the authorization
-- server, and APIs verify it.
local base64url = require "token_handler.base64url"
local json = require "token_handler.json"

local match = string.match

local M = {}

-- The audiences of a token as a set: empty when it names none, nil when it is no JWT.
function M.read(token)
  local payload = match(token, "^[^.]*%.([^.]*)%.[^.]*$")
  if payload == nil then return nil end
  local text = base64url.decode(payload)
  local claims = text and json.decode(text)
  if type(claims) ~= "table" or claims == json.null or match(text, "^%s*%[") then return nil end
  -- An introspection response has the claims in a member of its own (RFC 9701 section 5).
  local inner = claims.token_introspection
  if type(inner) == "table" and inner ~= json.null then claims = inner end
  local named = claims.aud
  local audiences = {}
  if type(named) == "string" then audiences[named] = true end
  if type(named) == "table" and named ~= json.null then
    for _, audience in ipairs(named) do
      if type(audience) == "string" then audiences[audience] = true end
    end
  end
  return audiences
end

return M
