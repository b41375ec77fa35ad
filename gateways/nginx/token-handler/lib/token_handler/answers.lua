-- The answers of the proxy itself: errors as JSON, and preflights.
local cors = require "token_handler.cors"
local json = require "token_handler.json"

local M = {}

-- Codes and statuses, as docs/proxy.md lists them, and two that only nginx finds out.
local STATUS = {
  invalid_request = 400,
  unauthorized = 401,
  untrusted_request = 403,
  not_found = 404,
  method_not_allowed = 405,
  server_error = 500,
  upstream_error = 502,
  temporarily_unavailable = 503,
  upstream_timeout = 504,
}

-- Answers with an error. The reason goes to the client only where the settings expose details.
--
--   origin   the request's `Origin`
--   tenant   whose pages may read the answer, or nil
--   more     further headers, or nil
--   status   in place of the code's own, or nil
function M.refuse(tenant, origin, code, reason, more, status)
  local body = '{"error_code":"' .. code .. '"'
  if tenant and tenant.expose_error_details and reason then
    body = body .. ',"detailed_error":' .. json.quote(reason)
  end
  body = body .. "}"

  local header = ngx.header
  ngx.status = status or STATUS[code]
  if tenant then cors.add(header, origin, tenant.is_trusted) end
  for name, value in pairs(more or {}) do header[name] = value end
  -- It concerns one user at one moment: no cache or referrer may keep a trace.
  header["Cache-Control"] = "no-store"
  header["Vary"] = "*"
  header["Referrer-Policy"] = "no-referrer"
  header["X-Content-Type-Options"] = "nosniff"
  header["Content-Type"] = "application/json"
  header["Content-Length"] = #body
  ngx.print(body)
  return ngx.exit(ngx.HTTP_OK)
end

-- Answers a preflight with the methods and headers that are allowed.
function M.preflight(tenant, origin, methods, allowed)
  ngx.status = 204
  cors.add_preflight(ngx.header, origin, tenant.is_trusted, methods, allowed)
  ngx.send_headers()
  return ngx.exit(ngx.HTTP_OK)
end

return M
