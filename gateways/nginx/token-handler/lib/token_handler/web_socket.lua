-- Which requests ask for a WebSocket (RFC 6455 section 4.1), and which only mention another protocol.
local gmatch, lower, match = string.gmatch, string.lower, string.match

local M = {}

function M.is_asked_for(method, upgrade, connection)
  if method ~= "GET" or upgrade == nil or connection == nil then return false end
  if lower(match(upgrade, "^%s*(.-)%s*$")) ~= "websocket" then return false end
  for option in gmatch(lower(connection), "[^,]+") do
    if match(option, "^%s*upgrade%s*$") then return true end
  end
  return false
end

return M
