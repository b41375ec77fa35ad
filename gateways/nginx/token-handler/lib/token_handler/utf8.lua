-- Whether bytes are UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
local byte = string.byte

local M = {}

-- How many bytes follow a first byte, and which the second may be.
local function expected(first)
  if first < 0xC2 or first > 0xF4 then return nil end
  if first < 0xE0 then return 1, 0x80, 0xBF end
  if first < 0xF0 then
    return 2, first == 0xE0 and 0xA0 or 0x80, first == 0xED and 0x9F or 0xBF
  end
  return 3, first == 0xF0 and 0x90 or 0x80, first == 0xF4 and 0x8F or 0xBF
end

function M.is_valid(text)
  local place, length = 1, #text
  while place <= length do
    local first = byte(text, place)
    if first >= 0x80 then
      local more, least, most = expected(first)
      if more == nil then return false end
      local second = byte(text, place + 1)
      if second == nil or second < least or second > most then return false end
      for offset = 2, more do
        local continued = byte(text, place + offset)
        if continued == nil or continued < 0x80 or continued > 0xBF then return false end
      end
      place = place + more
    end
    place = place + 1
  end
  return true
end

return M
