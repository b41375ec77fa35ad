-- Finding the route of a path, and what the request's URL is behind it.
local find, gsub, sub = string.find, string.gsub, string.sub

local M = {}

-- Of a path what follows its first segments: empty, or beginning with a slash.
local function skip_segments(path, count)
  local start = 1
  for _ = 1, count do
    start = find(path, "/", start + 1, true)
    if start == nil then return "" end
  end
  return sub(path, start)
end

-- Creates the function that finds the route of a path and its decoded form: the one with the longest path that the
-- request's path equals or lies below, segment by segment. Decoded paths are compared, so that encoding a letter
-- cannot choose a more lenient route. It returns the route and the URL for the upstream, without a query.
function M.new_router(routes)
  local candidates = {}
  for index, route in ipairs(routes) do
    local _, depth = gsub(route.path, "/", "")
    candidates[index] = { route = route, below = route.path .. "/", depth = depth }
  end
  table.sort(candidates, function(one, other)
    return #one.route.path > #other.route.path
  end)

  return function(path, decoded_path)
    -- Path parameters (`/admin;a=b/`) are no part of a name to servers that know them.
    local plain_path = gsub(decoded_path, ";[^/]*", "")
    for _, candidate in ipairs(candidates) do
      local route, below = candidate.route, candidate.below
      if plain_path == route.path or sub(plain_path, 1, #below) == below then
        local rest = route.base_path .. skip_segments(path, candidate.depth)
        return route, route.origin .. (rest == "" and "/" or rest)
      end
    end
    return nil
  end
end

return M
