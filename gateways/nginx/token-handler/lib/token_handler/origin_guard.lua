-- Deciding whether a request was sent by code that we trust: the defence against request forgery.
local M = {}

M.VERSION = "1"

-- Why a request is not trusted, or nil when it is. An `Origin` that is present must be a trusted one, whatever the
-- method. GET and HEAD pass without, because browsers send none with requests to the page's own origin.
function M.refusal(method, origin, site, version, is_trusted, takes_event_source, is_upgrade)
  if origin ~= nil and not is_trusted[origin] then
    return "The Origin header names an origin that is not in trustedOrigins."
  end
  if origin == nil then
    if is_upgrade then return "A WebSocket needs the Origin header of a trusted origin." end
    if method ~= "GET" and method ~= "HEAD" then
      return "A " .. method .. " request needs the Origin header of a trusted origin."
    end
    if site == "cross-site" then
      return "The request comes from another site and has no Origin header."
    end
  end
  if is_upgrade or version == M.VERSION then return nil end
  local is_same_site = site == "same-origin" or (site == "same-site" and origin ~= nil)
  if takes_event_source and method == "GET" and is_same_site then return nil end
  return 'The request needs the header "token-handler-version: ' .. M.VERSION .. '".'
end

return M
