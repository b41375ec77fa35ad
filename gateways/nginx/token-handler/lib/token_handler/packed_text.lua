-- Unpacking text that was packed for a cookie: stretches of text, each ended by NUL and followed by the length
-- (two bytes) and the bytes of a stretch of base64url.
local base64url = require "token_handler.base64url"

local byte, find, sub = string.byte, string.find, string.sub
local encode = base64url.encode

local M = {}

-- The text, or nil when it is cut off.
function M.unpack(packed)
  local text, start = "", 1
  local nul = find(packed, "\0", 1, true)
  while nul do
    local high, low = byte(packed, nul + 1, nul + 2)
    if low == nil then return nil end
    local last = nul + 2 + high * 256 + low
    if last > #packed then return nil end
    text = text .. sub(packed, start, nul - 1) .. encode(sub(packed, nul + 3, last))
    start = last + 1
    nul = find(packed, "\0", start, true)
  end
  return text .. sub(packed, start)
end

return M
