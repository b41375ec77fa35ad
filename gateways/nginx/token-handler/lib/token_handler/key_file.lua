-- Reading the file that `token-handler keys` writes: the AES keys that open proxy cookies, newest first.
local base64url = require "token_handler.base64url"

local M = {}

-- Nothing of the file is ever told: not even a part of a key that is not one.
local function mistake(message)
  error("token-handler: the key file " .. message .. '; make it with "token-handler keys"', 0)
end

local function read_key(entry)
  if type(entry) ~= "table" or entry.role ~= "proxy" then mistake("has a key that is not for proxy cookies") end
  local kid, key = entry.kid, entry.key
  if type(kid) ~= "string" or not kid:find("^[%w_-][%w_-][%w_-][%w_-][%w_-][%w_-]$") then
    mistake("has a key without a key id of six characters")
  end
  local bytes = type(key) == "string" and base64url.decode(key) or ""
  if #bytes ~= 32 then mistake("has a key that has not 32 bytes") end
  return { kid = kid, key = bytes }
end

local function read_handler_key(entry)
  if type(entry) ~= "table" then mistake("has a key for the handler that is none") end
  local read = read_key { role = "proxy", kid = entry.kid, key = entry.key }
  local credential = entry.credential
  if type(credential) ~= "string" or #(base64url.decode(credential) or "") ~= 32 then
    mistake("has a credential for the handler that has not 32 bytes")
  end
  read.credential = credential
  return read
end

local function read_handler_keys(value)
  if value == nil then return nil end
  if type(value) ~= "table" or value[1] == nil then mistake("has no keys for the handler") end
  local keys = {}
  for index, entry in ipairs(value) do keys[index] = read_handler_key(entry) end
  return keys
end

local function read_keys(value)
  if type(value) ~= "table" or value[1] == nil then mistake("has a tenant without keys") end
  local keys = {}
  for index, entry in ipairs(value) do keys[index] = read_key(entry) end
  return keys
end

-- The keys of a tenant, found by its host and path: those that open cookies, and those for the handler, or nil.
function M.keys_of(value, tenant)
  if type(value) ~= "table" or type(value.tenants) ~= "table" then mistake("lists no tenants") end
  for _, entry in ipairs(value.tenants) do
    if type(entry) ~= "table" then mistake("lists a tenant that is none") end
    local host = type(entry.host) == "string" and entry.host:lower() or nil
    if host == tenant.host and entry.path == tenant.path then
      return read_keys(entry.keys), read_handler_keys(entry.handler)
    end
  end
  mistake("has no keys for the tenant at " .. (tenant.host or "any host") .. (tenant.path or ""))
end

return M
