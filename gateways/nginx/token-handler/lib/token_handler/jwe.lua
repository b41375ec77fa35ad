-- Opening a sealed cookie: a compact JWE with `dir` and A256GCM (RFC 7516 section 7.1), and with nothing else.
local aes_gcm = require "token_handler.aes_gcm"
local base64url = require "token_handler.base64url"

local byte, sub = string.byte, string.sub
local decode = base64url.decode

local DOT = byte(".")

-- Browsers keep no cookie longer than this, so nothing longer is ours.
local MAX_LENGTH = 4096

local KEY_ID_LENGTH = 6
local IV_LENGTH = 16
local TAG_LENGTH = 22

local M = {}

local function header_of(kid)
  return base64url.encode('{"alg":"dir","enc":"A256GCM","kid":"' .. kid .. '"}')
end

local HEADER_LENGTH = #header_of(string.rep("x", KEY_ID_LENGTH))

-- Where the parts begin and end: header, nothing, initialization vector, ciphertext, tag.
local IV_START = HEADER_LENGTH + 3
local CIPHERTEXT_START = IV_START + IV_LENGTH + 1

-- Keys by the encoded header of what they seal. Nothing of a header that comes in is ever parsed: one that
-- names another algorithm, or more than these three members, is not found.
function M.new_keys(list)
  local keys = {}
  for _, entry in ipairs(list) do
    if #entry.kid ~= KEY_ID_LENGTH then error("A key id has six characters.") end
    keys[header_of(entry.kid)] = aes_gcm.new_key(entry.key)
  end
  return keys
end

-- What was sealed, or nil. Longer than `max_length`, which is that of a cookie unless it is said, is nothing of ours.
function M.open(keys, sealed, max_length)
  local length = #sealed
  if length > (max_length or MAX_LENGTH) or length < CIPHERTEXT_START + TAG_LENGTH + 1 then return nil end
  local header = sub(sealed, 1, HEADER_LENGTH)
  local key = keys[header]
  if key == nil then return nil end

  local tag_start = length - TAG_LENGTH + 1
  if byte(sealed, HEADER_LENGTH + 1) ~= DOT or byte(sealed, HEADER_LENGTH + 2) ~= DOT then return nil end
  if byte(sealed, CIPHERTEXT_START - 1) ~= DOT or byte(sealed, tag_start - 1) ~= DOT then return nil end

  -- A dot within a part is no base64url either.
  local iv = decode(sub(sealed, IV_START, IV_START + IV_LENGTH - 1))
  local ciphertext = decode(sub(sealed, CIPHERTEXT_START, tag_start - 2))
  local tag = decode(sub(sealed, tag_start))
  if iv == nil or ciphertext == nil or tag == nil then return nil end
  return aes_gcm.open(key, iv, header, ciphertext, tag)
end

return M
