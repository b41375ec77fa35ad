-- Base64url, strictly: no padding, no other alphabet, no character that is skipped.
local base64 = require "ngx.base64"

local encode, decode = base64.encode_base64url, base64.decode_base64url
local find = string.find

local M = { encode = encode }

-- The bytes, or nil. nginx refuses foreign characters, but stops at padding.
function M.decode(text)
  if find(text, "=", 1, true) then return nil end
  return (decode(text))
end

return M
