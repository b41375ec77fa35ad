-- Matching regular expressions that are compiled once. One that cannot be carried out counts as found:
-- all of them look for what is refused.
local find = ngx.re.find

local M = {}

function M.found(text, pattern, options)
  local from, _, failure = find(text, pattern, options or "jo")
  return from ~= nil or failure ~= nil
end

return M
