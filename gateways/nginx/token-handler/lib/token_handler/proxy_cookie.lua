-- What a proxy cookie holds: access token, time of issue, and the expiry of the access token if it is known.
local json = require "token_handler.json"
local jwe = require "token_handler.jwe"
local packed_text = require "token_handler.packed_text"

local match = string.match

local M = {}

-- Plain as almost all are: `["token",issued at,expires at]`.
local PLAIN = '^%["([^"\\%c\128-\255]+)",(%d+),(%d+)%]$'

local function read_content(text)
  local token, _, expires_at = match(text, PLAIN)
  if token then return token, tonumber(expires_at) end

  local content = json.decode(text)
  if type(content) ~= "table" or #content ~= 3 then return nil end
  local issued_at
  token, issued_at, expires_at = content[1], content[2], content[3]
  if type(token) ~= "string" or token == "" or type(issued_at) ~= "number" then return nil end
  if expires_at == json.null then return token, nil end
  if type(expires_at) ~= "number" then return nil end
  return token, expires_at
end

-- Access token and expiry (milliseconds since the epoch, or nil), or nil when it is no proxy cookie of ours.
function M.open(keys, value)
  local packed = jwe.open(keys, value)
  if packed == nil then return nil end
  local text = packed_text.unpack(packed)
  if text == nil then return nil end
  return read_content(text)
end

return M
