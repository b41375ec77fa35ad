-- Reading the `Cookie` header strictly: nothing is trimmed but the one space that browsers write after a
-- semicolon, and no quotes are removed. Lenient parsers are how foreign cookies come to pass as `__Host-` ones.
local byte, find, match, sub = string.byte, string.find, string.match, string.sub

local SPACE = byte(" ")

local M = {}

-- The value of the cookie `name`, or nil. The second result is true when any name that begins with `prefix` occurs
-- twice: one of the two was planted, and they cannot be told apart.
function M.find(header, prefix, name)
  local seen, value = {}, nil
  local prefix_length = #prefix
  local place, length = 1, #header
  while place <= length do
    local start = place
    if place > 1 and byte(header, start) == SPACE then start = start + 1 end
    local stop = find(header, ";", start, true) or length + 1
    place = stop + 1
    if sub(header, start, start + prefix_length - 1) == prefix then
      local found = match(sub(header, start, stop - 1), "^([%w_-]+)=")
      if found then
        if seen[found] then return nil, true end
        seen[found] = true
        if found == name then value = sub(header, start + #found + 1, stop - 1) end
      end
    end
  end
  return value, false
end

return M
