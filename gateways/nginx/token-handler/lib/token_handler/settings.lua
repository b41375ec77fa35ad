-- Reading the settings file: what each member may be, what a mistake is called, and what the members become.
local M = {}

local DEFAULT_COOKIE_PREFIX = "__Host-Http-th"
local METHODS = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE" }

-- They would open a tunnel, or show the access token to the page.
local NEVER_FORWARDED = { CONNECT = true, TRACE = true, TRACK = true }

local function mistake(setting, message)
  error("token-handler: " .. setting .. " " .. message, 0)
end

local function check_members(value, setting, names)
  if type(value) ~= "table" then mistake(setting, "must be an object") end
  for name in pairs(value) do
    if not (" " .. names .. " "):find(" " .. tostring(name) .. " ", 1, true) then
      mistake(setting .. "." .. tostring(name), "is no setting of the gateway; remove it")
    end
  end
end

local function check_text(value, setting, pattern, message)
  if type(value) ~= "string" or not value:find(pattern) then mistake(setting, message) end
  return value
end

local function check_flag(value, setting)
  if value ~= nil and type(value) ~= "boolean" then mistake(setting, "must be true or false") end
  return value == true
end

local function check_list(value, setting, message)
  if type(value) ~= "table" or value[1] == nil then mistake(setting, message) end
  return value
end

local function check_location(value, setting)
  if value == nil then return nil end
  return check_text(value, setting, "^@[%w_-]+$", "must be a named location of nginx such as @slow")
end

local function check_path(value, setting)
  local message = "must be a path such as /api, without a trailing slash"
  check_text(value, setting, "^/[%w_.~/-]*[%w_.~-]$", message)
  for segment in value:sub(2):gmatch("[^/]*") do
    if segment == "." or segment == ".." then mistake(setting, message) end
  end
  if value:find("//", 1, true) then mistake(setting, message) end
  return value
end

-- Scheme, host and port, and the path without slashes at its end.
local function read_upstream(value, setting, upstream_tls_verified)
  local message = "must be a URL such as http://127.0.0.1:3002/v1, without user name, query and fragment"
  check_text(value, setting, "^https?://[%w.:%[%]_-]+[%w.~/_-]*$", message)
  local origin, path = value:match("^(https?://[^/]+)(.*)$")
  if origin:sub(1, 6) == "https:" and not upstream_tls_verified then
    mistake(setting, "has https, and nginx verifies no certificate by itself: set proxy_ssl_verify and"
      .. " proxy_ssl_trusted_certificate, and say upstream_tls_verified = true to load()")
  end
  return origin, (path:gsub("/+$", ""))
end

local function read_methods(value, setting)
  local names, allows = METHODS, {}
  if value ~= nil then names = check_list(value, setting, "needs at least one method; or leave it out") end
  for _, name in ipairs(names) do
    check_text(name, setting, "^%u+$", "must be methods in capitals such as GET")
    if NEVER_FORWARDED[name] then mistake(setting, "cannot have " .. name .. "; remove it") end
    allows[name] = true
  end
  return allows, table.concat(names, ", ")
end

-- A text of a few, or nil where it is left out.
local function check_word(value, setting, words)
  if value == nil then return nil end
  for word in words:gmatch("%S+") do
    if value == word then return value end
  end
  mistake(setting, "must be one of " .. words)
end

local function read_cookie_names(value, setting)
  if value == nil then return nil end
  local names = {}
  for _, name in ipairs(check_list(value, setting, "needs the name of a cookie; or leave it out")) do
    check_text(name, setting, "^[%w!#$%%&'*+.^_`|~-]+$", "must be names of cookies, such as AWSALB")
    names[name] = true
  end
  return names
end

local function read_route(value, setting, options)
  check_members(value, setting,
    "path upstream methods session audience eventSource webSocket preserveHost cookies location")
  local route = {
    path = check_path(value.path, setting .. ".path"),
    is_optional = check_word(value.session, setting .. ".session", "required optional") == "optional",
    audience = value.audience,
    event_source = check_flag(value.eventSource, setting .. ".eventSource"),
    web_socket = check_flag(value.webSocket, setting .. ".webSocket"),
    preserves_host = check_flag(value.preserveHost, setting .. ".preserveHost"),
    cookies = read_cookie_names(value.cookies, setting .. ".cookies"),
    location = check_location(value.location, setting .. ".location"),
  }
  if route.audience ~= nil then check_text(route.audience, setting .. ".audience", ".", "must be a text") end
  if route.event_source and not route.location then route.location = "@token_handler_events" end
  route.origin, route.base_path =
    read_upstream(value.upstream, setting .. ".upstream", options.upstream_tls_verified)
  route.host = route.origin:match("//(.*)$")
  route.allows, route.methods = read_methods(value.methods, setting .. ".methods")
  return route
end

local function read_routes(value, setting, options)
  local routes, known = {}, {}
  for index, entry in ipairs(check_list(value, setting, "needs at least one route")) do
    local name = setting .. "[" .. index - 1 .. "]"
    routes[index] = read_route(entry, name, options)
    if known[entry.path] then mistake(name .. ".path", "is the path of another route too") end
    known[entry.path] = true
  end
  return routes
end

local function read_origins(value, setting)
  local is_trusted = {}
  for _, origin in ipairs(check_list(value, setting, "needs the origin of the SPA")) do
    local message = "must be exact origins such as https://www.example.com: no path, no trailing slash, no wildcard"
    check_text(origin, setting, "^https?://[%w.:%[%]-]+$", message)
    is_trusted[origin] = true
  end
  return is_trusted
end

local function read_tenant(value, setting, options)
  check_members(value, setting,
    "host path trustedOrigins cookies routes agentPath endedSessions opaqueTokens storedSessions traceContext"
      .. " exposeErrorDetails")
  local at = setting == "settings" and "" or setting .. "."
  local cookies = value.cookies or {}
  check_members(cookies, at .. "cookies", "prefix")
  local prefix = cookies.prefix or DEFAULT_COOKIE_PREFIX
  if value.host ~= nil then check_text(value.host, at .. "host", "^[%w.-]+$", "must be a host name") end
  local read = {
    host = value.host and value.host:lower(),
    path = value.path and check_path(value.path, at .. "path"),
    cookie_prefix = check_text(prefix, at .. "cookies.prefix", "^[%w_-]+$", "may have letters, digits, - and _"),
    is_trusted = read_origins(value.trustedOrigins, at .. "trustedOrigins"),
    routes = read_routes(value.routes, at .. "routes", options),
    agent_path = value.agentPath and check_path(value.agentPath, at .. "agentPath"),
    ended_sessions = check_flag(value.endedSessions, at .. "endedSessions"),
    opaque_tokens = check_flag(value.opaqueTokens, at .. "opaqueTokens"),
    stored_sessions = check_flag(value.storedSessions, at .. "storedSessions"),
    drops_trace = check_word(value.traceContext, at .. "traceContext", "forward drop") == "drop",
    expose_error_details = check_flag(value.exposeErrorDetails, at .. "exposeErrorDetails"),
  }
  read.needs_handler = read.ended_sessions or read.opaque_tokens or read.stored_sessions
  if read.needs_handler then
    if read.agent_path == nil then mistake(at .. "agentPath", "is missing; it is the handler's own") end
    if options.handler == nil then
      mistake("the settings", 'need the handler: say handler = "http://127.0.0.1:3000" to load()')
    end
  end
  return read
end

-- Checks what a settings file holds, and returns its tenants: one, without host and path, where it lists none.
-- Raises a text with the setting and what to do about it.
function M.read(value, options)
  if type(value) ~= "table" or value.tenants == nil then return { read_tenant(value, "settings", options) } end
  check_members(value, "settings", "tenants")
  local tenants = {}
  for index, entry in ipairs(check_list(value.tenants, "tenants", "needs at least one tenant")) do
    tenants[index] = read_tenant(entry, "tenants[" .. index - 1 .. "]", options)
  end
  return tenants
end

return M
