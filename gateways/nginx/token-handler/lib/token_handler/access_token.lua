-- From the cookies of a request to the access token that goes to the API.
local audiences = require "token_handler.audiences"
local cookies = require "token_handler.cookies"
local memory = require "token_handler.memory"
local proxy_cookie = require "token_handler.proxy_cookie"

local M = {}

-- Cookies that a worker keeps opened; each is a few kilobytes.
local MAX_COOKIES = 1000

-- Seconds that an opened cookie is kept if the expiry of its access token is unknown.
local KEPT_WITHOUT_EXPIRY = 300

-- The audiences of an access token as a set, or nil of an opaque one. Only asked for where a route or the settings
-- depend on it: to read a JWT takes longer than to open its cookie.
function M.audiences_of(entry)
  if entry.audiences == nil then
    entry.audiences = audiences.read(string.sub(entry.authorization, #"Bearer " + 1)) or false
  end
  return entry.audiences or nil
end

-- Creates the reader of a tenant: a function of the `Cookie` header (or nil) and of the time in seconds. It returns
-- what is known about the access token (with `authorization`), or nil, whether there was a cookie of ours at all, and
-- the reason, which is for developers.
function M.new_reader(keys, cookie_prefix)
  local prefix, name = cookie_prefix .. "-", cookie_prefix .. "-at"
  -- The whole header first: it is the same for as long as the cookies are, and then nothing has to be parsed.
  local by_header, by_value = memory.new(MAX_COOKIES), memory.new(MAX_COOKIES)

  local function open(value, now)
    local token, expires_at = proxy_cookie.open(keys, value)
    if token == nil then return nil, "The proxy cookie is not readable." end
    local kept_until = expires_at and expires_at / 1000 or now + KEPT_WITHOUT_EXPIRY
    if kept_until <= now then return nil, "The access token has expired." end
    local entry = { authorization = "Bearer " .. token, kept_until = kept_until }
    by_value.keep(value, entry, now)
    return entry
  end

  return function(header, now)
    if header == nil then return nil, false, "There is no proxy cookie." end
    local entry = by_header.find(header, now)
    if entry ~= nil then return entry end
    local value, is_duplicate = cookies.find(header, prefix, name)
    if is_duplicate then return nil, true, "A cookie name of ours occurs twice." end
    if value == nil then return nil, false, "There is no proxy cookie." end
    local reason
    entry = by_value.find(value, now)
    if entry == nil then entry, reason = open(value, now) end
    if entry == nil then return nil, true, reason end
    by_header.keep(header, entry, now)
    return entry
  end
end

return M
