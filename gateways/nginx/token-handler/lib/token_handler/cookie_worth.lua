-- Proxy cookies that only the handler can read to the end: with an opaque access token, for which APIs get a JWT, or with
-- the name of a session in its store. It is asked once, and all workers know the answer for as long as it holds.
local json = require "token_handler.json"
local proxy_cookie = require "token_handler.proxy_cookie"
local shared = require "token_handler.shared"

local sub = string.sub

local M = {}

local DICTIONARY = "token_handler_tokens"
local PATH = "/gateway/access-token"

-- Seconds that an answer is kept where no end of it is known.
local KEPT_WITHOUT_EXPIRY = 300

-- Characters at the end of a cookie whose bytes are random, or hang together with all others: its initialization vector
-- stands behind the header, and its tag at the end.
local TAG_LENGTH = 22

local function key_of(name, value)
  return name .. " " .. sub(value, 1, 128) .. sub(value, -TAG_LENGTH)
end

local function earliest(one, other)
  if one == nil or (other ~= nil and other < one) then return other end
  return one
end

local function number(value)
  return type(value) == "number" and value / 1000 or nil
end

-- What an answer says: what is known of the token, or nil, the kind of refusal and the reason.
local function read(content)
  if content[2] ~= "usable" then
    local kind = content[2] == "unavailable" and "unavailable" or "unusable"
    return nil, kind, type(content[3]) == "string" and content[3] or nil
  end
  local token, session = content[3], proxy_cookie.session_of(content, 5)
  if type(token) ~= "string" or session == false then return nil, "unavailable", "The handler's answer is unknown." end
  return { token = token, session = session, kept_until = earliest(number(content[4]), number(content[5])) }
end

-- Creates the function that finds what a cookie is worth, which has been opened before.
--
--   name   of the tenant, unlike all others
--   ask    see handler.lua
function M.new(name, ask)
  local dictionary = shared.dictionary(DICTIONARY)

  return function(value, now)
    local key = key_of(name, value)
    local known = dictionary:get(key)
    if known then
      local found = read(json.decode(known))
      if found then
        found.kept_until = found.kept_until or now + (dictionary:ttl(key) or 0)
        if found.kept_until > now then return found end
      end
    end
    local content, text = ask(PATH, "cookie=" .. value)
    if content == nil then
      ngx.log(ngx.ERR, "token-handler: ", text)
      return nil, "unavailable", "The handler, which has to be asked, gives no answer."
    end
    local found, kind, reason = read(content)
    if found == nil then return nil, kind, reason end
    found.kept_until = found.kept_until or now + KEPT_WITHOUT_EXPIRY
    local lifetime = found.kept_until - now
    if lifetime <= 0 then return nil, "unusable", "The access token has expired." end
    dictionary:set(key, text, lifetime)
    return found
  end
end

return M
