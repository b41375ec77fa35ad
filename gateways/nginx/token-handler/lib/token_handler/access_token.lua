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

local ENDED = "The session was ended from elsewhere."
local UNREADABLE = "The proxy cookie is not readable."

-- The audiences of an access token as a set, or nil of an opaque one. Only asked for where a route or the settings
-- depend on it: to read a JWT takes longer than to open its cookie.
function M.audiences_of(entry)
  if entry.audiences == nil then
    entry.audiences = audiences.read(string.sub(entry.authorization, #"Bearer " + 1)) or false
  end
  return entry.audiences or nil
end

-- Creates the reader of a tenant: a function of the `Cookie` header (or nil) and of the time in seconds. It returns what
-- is known about the access token (with `authorization`), or nil, what kind of refusal it is ("missing" where there was
-- no cookie of ours at all, "unusable", or "unavailable"), and the reason, which is for developers.
--
--   questions   what the handler is asked, see tenants.lua
function M.new_reader(keys, cookie_prefix, questions)
  local prefix, name = cookie_prefix .. "-", cookie_prefix .. "-at"
  -- The whole header first: it is the same for as long as the cookies are, and then nothing has to be parsed.
  local by_header, by_value = memory.new(MAX_COOKIES), memory.new(MAX_COOKIES)
  local has_ended, worth_of = questions.has_ended, questions.worth_of

  -- Whether a cookie holds what an API can be sent.
  local function is_whole(cookie)
    if cookie.is_reference then return false end
    return not (questions.exchanges_opaque and audiences.read(cookie.token) == nil)
  end

  local function open(value, now)
    local cookie = proxy_cookie.open(keys, value)
    if cookie == nil or (cookie.is_reference and not worth_of) then return nil, "unusable", UNREADABLE end
    local kept_until = cookie.expires_at and cookie.expires_at / 1000
    if kept_until and kept_until <= now then return nil, "unusable", "The access token has expired." end
    if not is_whole(cookie) then
      local session = cookie.session
      if session and has_ended and has_ended(session) then return nil, "unusable", ENDED end
      local kind, reason
      cookie, kind, reason = worth_of(value, now)
      if cookie == nil then return nil, kind, reason end
      kept_until = cookie.kept_until
    end
    local entry = {
      authorization = "Bearer " .. cookie.token,
      kept_until = kept_until or now + KEPT_WITHOUT_EXPIRY,
      session = cookie.session,
    }
    by_value.keep(value, entry, now)
    return entry
  end

  local function find(header, now)
    local value, is_duplicate = cookies.find(header, prefix, name)
    if is_duplicate then return nil, "unusable", "A cookie name of ours occurs twice." end
    if value == nil then return nil, "missing", "There is no proxy cookie." end
    local entry, kind, reason = by_value.find(value, now), nil, nil
    if entry == nil then entry, kind, reason = open(value, now) end
    if entry then by_header.keep(header, entry, now) end
    return entry, kind, reason
  end

  return function(header, now)
    if header == nil then return nil, "missing", "There is no proxy cookie." end
    local entry, kind, reason = by_header.find(header, now), nil, nil
    if entry == nil then entry, kind, reason = find(header, now) end
    if entry == nil then return nil, kind, reason end
    if has_ended and entry.session and has_ended(entry.session) then
      return nil, "unusable", ENDED
    end
    return entry
  end
end

return M
