-- Questions to the handler. They carry a credential, and the answer is sealed for the holder of the key file: whoever
-- else asks, listens or answers in the handler's place, learns and changes nothing.
local ffi = require "ffi"
local base64url = require "token_handler.base64url"
local http_client = require "token_handler.http_client"
local json = require "token_handler.json"
local jwe = require "token_handler.jwe"
local packed_text = require "token_handler.packed_text"

ffi.cdef [[
int token_handler_random_bytes(unsigned char *out, int length) __asm__("RAND_bytes");
]]

local M = {}

local NONCE_BYTES = 16
local random = ffi.new("unsigned char[?]", NONCE_BYTES)

-- Longer than any answer.
local MAX_LENGTH = 131072

local function new_nonce()
  if ffi.C.token_handler_random_bytes(random, NONCE_BYTES) ~= 1 then error("OpenSSL has no random bytes.") end
  return base64url.encode(ffi.string(random, NONCE_BYTES))
end

local function open(keys, sealed)
  local packed = jwe.open(keys, sealed, MAX_LENGTH)
  local text = packed and packed_text.unpack(packed)
  local content = text and json.decode(text)
  if type(content) ~= "table" then return nil end
  return content, text
end

-- Creates the function that asks: with a path below the agent's and a form. It returns the content of the answer, whose
-- first member is of no further use, and the same as text; or nil and the reason.
--
--   server   see http_client.lua
--   tenant   with `agent_path`, and `host` or nil
--   keys     from key_file.lua, newest first
function M.new(server, tenant, keys)
  local answer_keys, credential = jwe.new_keys(keys), keys[1].credential
  local host = tenant.host or server.authority
  return function(path, form)
    local nonce = new_nonce()
    local status, body =
      http_client.post(server, tenant.agent_path .. path, host, credential, "nonce=" .. nonce .. "&" .. form)
    if status == nil then return nil, "the handler cannot be asked: " .. tostring(body) end
    if status ~= 200 then return nil, "the handler answered " .. status .. ": has it the secrets of the key file?" end
    local content, text = open(answer_keys, body)
    if content == nil then return nil, "the answer is not the handler's, or not for these keys" end
    if content[1] ~= nonce then return nil, "the answer is to another question" end
    return content, text
  end
end

return M
