-- From the URLs that an API gives itself to the ones that pages can reach (RFC 3986 section 4.2).
local find, gsub, lower, match, sub = string.find, string.gsub, string.lower, string.match, string.sub

local M = {}

-- Host and port as they are compared, or nil when it is no host with at most one port.
local function normalize_authority(scheme, authority)
  authority = gsub(lower(authority), "^.*@", "")
  if not find(authority, "^[^:%[%]]+:?%d*$") and not find(authority, "^%[[%x:.]+%]:?%d*$") then return nil end
  return (gsub(authority, scheme == "https" and ":443$" or ":80$", ""))
end

local function normalize_origin(origin)
  local scheme, authority = match(origin, "^(%a+)://(.*)$")
  scheme = lower(scheme)
  return scheme .. "://" .. normalize_authority(scheme, authority)
end

local function is_below(parent, path)
  return parent == "" or path == parent or sub(path, 1, #parent + 1) == parent .. "/"
end

-- Scheme, authority and the rest of an absolute URL, or of one that leaves only its scheme to the place it stands in.
local function split(url, origin)
  local scheme, rest = match(url, "^([%a][%w+.-]*):[/\\][/\\]+(.*)$")
  if scheme == nil then
    rest = match(url, "^[/\\][/\\]+(.*)$")
    if rest == nil then return nil end
    scheme = match(origin, "^%a+")
  end
  scheme = lower(scheme)
  if scheme ~= "http" and scheme ~= "https" then return nil end
  local stop = find(rest, "[/\\?#]") or #rest + 1
  return scheme, sub(rest, 1, stop - 1), sub(rest, stop)
end

-- Creates the function that finds the public URL of what an API calls by its own: a path of its own, or an absolute URL
-- of its origin, becomes the path of the route that leads there. Without such a route at least the origin goes, which
-- names a host of the inside. Relative references, which hold on both sides, stay, and so does a path below the route,
-- as APIs write that heed `X-Forwarded-Prefix`.
function M.new_rewriter(routes)
  local places = {}
  for index, route in ipairs(routes) do
    places[index] = { prefix = route.path, origin = normalize_origin(route.origin), base_path = route.base_path, index = index }
  end
  table.sort(places, function(one, other)
    if #one.base_path ~= #other.base_path then return #one.base_path > #other.base_path end
    return one.index < other.index
  end)

  local function public_path(origin, prefix, path)
    local place
    for _, candidate in ipairs(places) do
      if candidate.origin == origin and is_below(candidate.base_path, path) then
        if place == nil then place = candidate end
        if #candidate.base_path < #place.base_path then break end
        if candidate.prefix == prefix then
          place = candidate
          break
        end
      end
    end
    if place == nil or (place.base_path == "" and is_below(prefix, path)) then return path end
    return place.prefix .. sub(path, #place.base_path + 1)
  end

  -- The URL for pages.
  --
  --   route   through which the API was asked
  --   host    the `Host` that it was sent in place of its own, or nil
  return function(url, route, host)
    local origin = normalize_origin(route.origin)
    local path = url
    if not find(url, "^/[^/\\]") and url ~= "/" then
      local scheme, authority, rest = split(url, origin)
      if scheme == nil then return url end
      authority = normalize_authority(scheme, authority)
      if authority == nil then return url end
      local is_own = scheme .. "://" .. authority == origin
      if not is_own and not (host and authority == normalize_authority(scheme, host)) then return url end
      -- Never `//`, which would begin with another host.
      path = gsub(rest, "^[/\\]*", "/", 1)
    end
    local stop = find(path, "[?#]") or #path + 1
    return public_path(origin, route.path, sub(path, 1, stop - 1)) .. sub(path, stop)
  end
end

local REFRESH = [[^(\s*\d+\s*[;,]\s*url\s*=\s*["']?)([^"']*)]]

-- The value of a header with its URLs rewritten: `Location`, `Content-Location`, `Link` (RFC 8288 section 3) or `Refresh`.
function M.rewrite(name, value, rewrite)
  if name == "link" then
    return (gsub(value, "<([^<>]*)>", function(url) return "<" .. rewrite(url) .. ">" end))
  end
  if name ~= "refresh" then return rewrite(value) end
  local found = ngx.re.match(value, REFRESH, "ijo")
  if found == nil then return value end
  return found[1] .. rewrite(found[2]) .. sub(value, #found[0] + 1)
end

return M
