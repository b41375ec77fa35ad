-- Names of headers, as they are compared, and those that concern one connection only.
local gmatch, gsub, lower = string.gmatch, string.gsub, string.lower

local M = {}

-- Servers that hand headers on as CGI variables cannot tell `_` from `-`.
function M.normalize(name)
  return (gsub(lower(name), "_", "-"))
end

-- RFC 9110 section 7.6.1: they concern one connection, not the message.
M.HOP_BY_HOP = {
  "connection",
  "http2-settings",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
}

-- The names that a `Connection` header lists as belonging to the connection, as a set.
function M.connection_options(value)
  local options = {}
  for option in gmatch(value, "[^,]+") do
    options[M.normalize((gsub(option, "^%s*(.-)%s*$", "%1")))] = true
  end
  return options
end

return M
