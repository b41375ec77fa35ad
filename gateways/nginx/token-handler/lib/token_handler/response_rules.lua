-- What becomes of each response header of an API: docs/response-headers.md has the table, with the reasons.
local header_names = require "token_handler.header_names"
local remember = require "token_handler.remember"

local find = string.find

local M = {}

local rules = {
  ["cache-control"] = "cache-control",
  ["surrogate-control"] = "forbidding",
  ["edge-control"] = "forbidding",
  ["x-accel-expires"] = "forbidding",
  ["vary"] = "vary",
  ["set-cookie"] = "set-cookie",
  ["location"] = "url",
  ["content-location"] = "url",
  ["link"] = "url",
  ["refresh"] = "url",
  ["content-type"] = "content-type",
  ["x-accel-buffering"] = "x-accel-buffering",
  ["access-control-expose-headers"] = "exposed",
}

-- What nginx itself says about the answer and its connection; those of the API never come this far.
local OWN = { ["connection"] = true, ["keep-alive"] = true, ["transfer-encoding"] = true }

local DROPPED = {
  "authorization",
  "dpop-nonce",
  -- They speak for the host, which is the handler's and the app's as much as the API's.
  "activate-storage-access",
  "alt-svc",
  "nel",
  "public-key-pins",
  "public-key-pins-report-only",
  "report-to",
  "sec-session-challenge",
  "sec-session-registration",
  "secure-session-challenge",
  "secure-session-registration",
  "service-worker-allowed",
  "set-login",
  "strict-transport-security",
  -- They make a gateway in front send something else; it trusts this one, not the API.
  "x-litespeed-location",
  "x-lighttpd-send-file",
  "x-lighttpd-send-tempfile",
  "x-lighttpd-send2-file",
  "x-reproxy-file",
  "x-reproxy-url",
  "x-sendfile",
  "x-sendfile2",
}

for _, name in ipairs(DROPPED) do rules[name] = "drop" end
for _, name in ipairs(header_names.HOP_BY_HOP) do rules[name] = "drop" end
for name in pairs(OWN) do rules[name] = nil end

local function family_rule(name)
  -- RFC 9213 section 2.1: `CDN-Cache-Control`, and what names one content network before it.
  if find(name, "-cache-control", -14, true) then return "targeted-caching" end
  if find(name, "^access%-control%-") or find(name, "^proxy%-") or find(name, "^x%-accel%-") then return "drop" end
  return "pass"
end

-- The rule of a header, by its name in lower case:
--   pass              reaches the client
--   drop              does not
--   targeted-caching  directives like those of `Cache-Control`, for the caches of one network
--   url               holds URLs as the API writes them
--   forbidding        passes where it only forbids a cache to store, because it cannot say `private`
-- The others are looked at one by one.
M.rule_of = remember.function_of(function(name)
  if OWN[name] then return "pass" end
  local normalized = header_names.normalize(name)
  return rules[normalized] or family_rule(normalized)
end)

return M
