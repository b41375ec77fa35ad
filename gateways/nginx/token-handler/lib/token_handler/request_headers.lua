-- Which headers of a request do not reach the API: proxy.conf says the proxy's own, this takes away the others.
local header_names = require "token_handler.header_names"
local remember = require "token_handler.remember"

local find, sub = string.find, string.sub
local normalize = header_names.normalize

local M = {}

-- Replaced or left out by proxy.conf, or by nginx itself; to remove them here as well would cost every request.
local REPLACED = {
  "authorization",
  "connection",
  "cookie",
  "expect",
  "host",
  "keep-alive",
  "te",
  "token-handler-version",
  "transfer-encoding",
  "upgrade",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-prefix",
  "x-forwarded-proto",
}

-- What a client may not say to an API, because the proxy says it, has dealt with it or decided it.
local REMOVED = {
  "dpop",
  "forwarded",
  "http2-settings",
  "trailer",
  "via",
  -- Addresses and names of clients, as the field's proxies and content networks tell them to servers.
  "cf-connecting-ip",
  "cf-connecting-ipv6",
  "client-ip",
  "fastly-client-ip",
  "remote-user",
  "true-client-ip",
  "x-appengine-user-ip",
  "x-azure-clientip",
  "x-azure-socketip",
  "x-client-ip",
  "x-cluster-client-ip",
  "x-real-ip",
  "x-remote-user",
  "x-webauth-user",
  -- The certificates of clients, RFC 9440.
  "client-cert",
  "client-cert-chain",
  "x-arr-clientcert",
  "x-ssl-cert",
  -- Another method, scheme, host or path than the one that was authorised.
  "x-host",
  "x-http-method",
  "x-http-method-override",
  "x-method-override",
  "x-rewrite-url",
  "x-scheme",
  "x-url-scheme",
}

-- Whole families of the same kinds, and of users that another proxy has signed in.
local FAMILIES = {
  "cf-access",
  "proxy",
  "ssl-client",
  "x-amzn-mtls",
  "x-amzn-oidc",
  "x-auth-request",
  "x-client-cert",
  "x-envoy",
  "x-forwarded",
  "x-goog-authenticated-user",
  "x-goog-iap",
  "x-ms-client-principal",
  "x-original",
  "x-ssl-client",
  "x-tls-client",
}

local removed, replaced = {}, {}
for _, name in ipairs(REMOVED) do removed[name] = true end
for _, name in ipairs(REPLACED) do replaced[name] = true end

local function is_of_family(name)
  for _, family in ipairs(FAMILIES) do
    if name == family or sub(name, 1, #family + 1) == family .. "-" then return true end
  end
  return false
end

-- Whether a client may send a header to an API; the name normalized.
function M.is_forwarded(name)
  return not (removed[name] or replaced[name] or is_of_family(name))
end

-- What is to be done with a header, by its name in lower case: "pass", "replace" (elsewhere) or "remove". A name
-- that proxy.conf replaces is written as it stands there; with `_` it is another header to nginx.
M.rule_of = remember.function_of(function(name)
  if replaced[name] then return "replace" end
  return M.is_forwarded(normalize(name)) and "pass" or "remove"
end)

-- nginx finds the end of a body by these; no `Connection` takes them away.
local KEPT = { ["content-length"] = true, ["transfer-encoding"] = true, host = true }

-- Options that name no header, or one that never reaches the API.
local HARMLESS = {
  ["close"] = true, ["keep-alive"] = true, ["upgrade"] = true, ["te"] = true,
  ["Upgrade"] = true, ["Keep-Alive"] = true, ["keep-alive, Upgrade"] = true, ["Close"] = true,
}

-- Removes the headers that `Connection` lists. True when there were any to look for.
function M.remove_connection_options(headers, connection)
  if HARMLESS[connection] then return false end
  local options = header_names.connection_options(connection)
  for name in pairs(headers) do
    if options[normalize(name)] and not KEPT[name] then ngx.req.clear_header(name) end
  end
  return true
end

-- llhttp and RFC 9110 section 5.5 refuse control characters in values; nginx passes most of them on.
M.is_clean = remember.function_of(function(value)
  return find(value, "[%z\1-\8\10-\31\127]") and "dirty" or "clean"
end)

return M
