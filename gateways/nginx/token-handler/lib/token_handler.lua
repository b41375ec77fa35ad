-- The OAuth Proxy inside nginx: what the configuration files of nginx call, phase by phase.
local answers = require "token_handler.answers"
local api_cookies = require "token_handler.api_cookies"
local cors = require "token_handler.cors"
local decide = require "token_handler.decide"
local ended_sessions = require "token_handler.ended_sessions"
local http_client = require "token_handler.http_client"
local json = require "token_handler.json"
local key_file = require "token_handler.key_file"
local request_headers = require "token_handler.request_headers"
local response_headers = require "token_handler.response_headers"
local settings = require "token_handler.settings"
local tenants = require "token_handler.tenants"

local M = { _VERSION = "0.1.0" }

local rule_of, is_clean = request_headers.rule_of, request_headers.is_clean
local line_of = decide.line_of
local get_headers = ngx.req.get_headers

-- Finds the tenant of a request, and the only one where there is no other; set by `load`.
local select_tenant, only_tenant

local function read_file(name)
  local file = io.open(name, "rb")
  if file == nil then error("token-handler: " .. name .. " cannot be read", 0) end
  local text = file:read("*a")
  file:close()
  local value, place = json.decode(text)
  if value == nil then error("token-handler: " .. name .. " is no JSON, at byte " .. place, 0) end
  return value
end

-- Reads settings and keys, in `init_by_lua`. nginx does not start, or does not reload, with what is wrong.
--
--   settings               path of the settings file
--   keys                   path of what `token-handler keys` wrote
--   handler                where the handler is, such as "http://127.0.0.1:3000"; where settings need it
--   handler_name           the name in its certificate, where `handler` is https
--   upstream_tls_verified  true where nginx verifies the certificates of https upstreams
function M.load(options)
  local list, key_list = {}, read_file(options.keys)
  local server = options.handler and http_client.read_url(options.handler, options.handler_name)
  if options.handler and not server then
    error("token-handler: handler must be scheme, address and port, such as http://127.0.0.1:3000", 0)
  end
  for index, tenant in ipairs(settings.read(read_file(options.settings), options)) do
    local keys, handler_keys = key_file.keys_of(key_list, tenant)
    list[index] = tenants.new(tenant, keys, handler_keys, server)
  end
  tenants.share_cookie_starts(list)
  select_tenant, only_tenant = tenants.new_selector(list)
end

-- Begins to follow ended sessions, in `init_worker_by_lua`; where there are none to follow, it does nothing.
M.start = ended_sessions.start

-- Takes away what the client may not say to the API. False when a value is none that HTTP allows.
local function clean_headers(headers)
  for name, value in pairs(headers) do
    local rule = rule_of(name)
    if rule == "remove" then
      ngx.req.clear_header(name)
    elseif rule == "pass" then
      if type(value) == "table" then
        for _, line in ipairs(value) do
          if is_clean(line) == "dirty" then return false end
        end
      elseif is_clean(value) == "dirty" then
        return false
      end
    end
  end
  return true
end

-- Trace Context, and Baggage.
local TRACE = { "baggage", "traceparent", "tracestate" }

local function drop_trace(headers)
  for _, name in ipairs(TRACE) do
    if rawget(headers, name) ~= nil then ngx.req.clear_header(name) end
  end
end

-- Answers with an error; to a preflight of a path that leads nowhere, so that the page can read the error to its request.
local function refuse(tenant, place, headers, origin, code, reason, more)
  if place.code and place.method == "OPTIONS" then
    local asked = line_of(headers, "access-control-request-headers")
    local methods, allowed = cors.allowance_of_unserved(line_of(headers, "access-control-request-method"), asked)
    if methods then return answers.preflight(tenant, origin, methods, allowed) end
  end
  return answers.refuse(tenant, origin, code, reason, more)
end

-- Decides about a request, in `access_by_lua` of a location that includes proxy.conf.
function M.access()
  local var = ngx.var
  local line, headers = var.request, get_headers(0)
  local origin = line_of(headers, "origin")
  local tenant = only_tenant or select_tenant(rawget(headers, "host"), line)
  if tenant == nil then return answers.refuse(nil, origin, "not_found") end

  local place = tenant.resolve(line)
  local kind, first, second, more = decide.decide(tenant, place, headers, origin, ngx.now())
  if kind == "refuse" then return refuse(tenant, place, headers, origin, first, second, more) end
  local route = place.route
  if kind == "preflight" then
    local asked = line_of(headers, "access-control-request-headers")
    return answers.preflight(tenant, origin, route.methods, cors.allowed_headers(asked))
  end

  local token, is_upgrade = first, second
  if not clean_headers(headers) then
    return answers.refuse(tenant, origin, "invalid_request", "A header has a control character.")
  end
  if tenant.drops_trace then drop_trace(headers) end
  local connection = line_of(headers, "connection")
  if connection then
    if request_headers.remove_connection_options(headers, connection) then var.token_handler_origin = origin end
  end
  var.token_handler_upstream = place.url
  if token then var.token_handler_authorization = token.authorization end
  var.token_handler_prefix = route.path
  var.token_handler_host = route.preserves_host and line_of(headers, "host") or route.host
  if route.cookies then
    var.token_handler_cookie = api_cookies.for_upstream(line_of(headers, "cookie", "; "), route.cookies) or ""
  end
  if is_upgrade then
    var.token_handler_upgrade = "websocket"
    var.token_handler_connection = "Upgrade"
  end
  local location = route.location or (is_upgrade and "@token_handler_events" or nil)
  if location then return ngx.exec(location) end
end

-- Changes the headers of an API's answer, in `header_filter_by_lua`. The proxy's own answers pass as they are.
function M.header_filter()
  local var = ngx.var
  if var.token_handler_upstream == "" then return end
  local origin = var.http_origin or var.token_handler_origin
  local tenant = only_tenant or select_tenant(var.http_host, var.request)
  response_headers.filter(tenant, origin)
end

local CODES = {
  [405] = "method_not_allowed",
  [413] = "payload_too_large",
  [500] = "server_error",
  [502] = "upstream_error",
  [503] = "temporarily_unavailable",
  [504] = "upstream_timeout",
}

-- Answers, in place of nginx's own pages, what nginx refuses or cannot do.
function M.error_answer()
  local status, line = ngx.status, ngx.var.request or ""
  local headers = get_headers(0)
  local origin = line_of(headers, "origin")
  local tenant = select_tenant(rawget(headers, "host"), line)
  -- nginx refuses TRACE and CONNECT before any location is chosen, with a status of its own.
  if status == 405 and tenant ~= nil then
    local kind, code, reason, more = decide.decide(tenant, tenant.resolve(line), headers, origin, ngx.now())
    if kind == "refuse" then return answers.refuse(tenant, origin, code, reason, more) end
  end
  local more = status == 503 and { ["Retry-After"] = "1" } or nil
  return answers.refuse(status >= 500 and tenant or nil, origin, CODES[status] or "invalid_request", nil, more, status)
end

return M
