-- Reading JSON (RFC 8259), strictly: what is not JSON from the first byte to the last is not read at all.
local byte, char, find, match, sub = string.byte, string.char, string.find, string.match, string.sub
local concat = table.concat

local M = {}

-- `null`: a value of its own, because nil would make lists shorter.
local NULL = setmetatable({}, { __tostring = function() return "null" end })
M.null = NULL

-- Deeper than any settings, keys or tokens are.
local MAX_DEPTH = 64

local ESCAPES = {
  ['"'] = '"', ["\\"] = "\\", ["/"] = "/",
  b = "\b", f = "\f", n = "\n", r = "\r", t = "\t",
}

-- All failures are raised with the place, and caught in `decode`; the text itself is never told.
local function fail(place)
  error({ place = place })
end

local function skip_space(text, place)
  return find(text, "[^ \t\r\n]", place) or #text + 1
end

local function utf8(code)
  if code < 0x80 then return char(code) end
  if code < 0x800 then return char(0xC0 + (code - code % 64) / 64, 0x80 + code % 64) end
  if code < 0x10000 then
    local middle = (code - code % 64) / 64
    return char(0xE0 + (middle - middle % 64) / 64, 0x80 + middle % 64, 0x80 + code % 64)
  end
  local low = (code - code % 64) / 64
  local high = (low - low % 64) / 64
  return char(0xF0 + (high - high % 64) / 64, 0x80 + high % 64, 0x80 + low % 64, 0x80 + code % 64)
end

-- `\uXXXX`, two of which may stand for one character. Half of a pair becomes U+FFFD.
local function read_unicode(text, place)
  local digits = match(text, "^\\u(%x%x%x%x)", place)
  if digits == nil then fail(place) end
  local code = tonumber(digits, 16)
  if code < 0xD800 or code > 0xDFFF then return utf8(code), place + 6 end
  local low = tonumber(match(text, "^\\u(%x%x%x%x)", place + 6) or "", 16)
  if code > 0xDBFF or low == nil or low < 0xDC00 or low > 0xDFFF then return utf8(0xFFFD), place + 6 end
  return utf8(0x10000 + (code - 0xD800) * 0x400 + low - 0xDC00), place + 12
end

local function read_string(text, place)
  local parts, start = nil, place + 1
  while true do
    local stop = find(text, '["\\%z\1-\31]', start)
    if stop == nil then fail(#text + 1) end
    local found = sub(text, stop, stop)
    if found == '"' then
      local last = sub(text, start, stop - 1)
      if parts == nil then return last, stop + 1 end
      parts[#parts + 1] = last
      return concat(parts), stop + 1
    end
    if found ~= "\\" then fail(stop) end
    parts = parts or {}
    parts[#parts + 1] = sub(text, start, stop - 1)
    local escape = ESCAPES[sub(text, stop + 1, stop + 1)]
    if escape then start = stop + 2 else escape, start = read_unicode(text, stop) end
    parts[#parts + 1] = escape
  end
end

local function read_number(text, place)
  local digits = match(text, "^-?0", place)
  if digits == nil or match(text, "^%d", place + #digits) then digits = match(text, "^-?[1-9]%d*", place) end
  if digits == nil then fail(place) end
  local stop = place + #digits
  local fraction = match(text, "^%.%d+", stop) or ""
  stop = stop + #fraction
  local exponent = match(text, "^[eE][+-]?%d+", stop) or ""
  return tonumber(digits .. fraction .. exponent), stop + #exponent
end

local read_value

-- What stands between brackets: `read_item` reads one member at a place and returns the place behind it.
local function read_members(text, place, closing, read_item)
  place = skip_space(text, place + 1)
  if byte(text, place) == closing then return place + 1 end
  while true do
    place = skip_space(text, read_item(place))
    local found = byte(text, place)
    if found == closing then return place + 1 end
    if found ~= 0x2C then fail(place) end
    place = skip_space(text, place + 1)
  end
end

local function read_list(text, place, depth)
  local list, count = {}, 0
  local stop = read_members(text, place, 0x5D, function(at)
    count = count + 1
    local value, behind = read_value(text, at, depth + 1)
    list[count] = value
    return behind
  end)
  return list, stop
end

local function read_object(text, place, depth)
  local object = {}
  local stop = read_members(text, place, 0x7D, function(at)
    if byte(text, at) ~= 0x22 then fail(at) end
    local name, behind = read_string(text, at)
    behind = skip_space(text, behind)
    if byte(text, behind) ~= 0x3A then fail(behind) end
    object[name], behind = read_value(text, skip_space(text, behind + 1), depth + 1)
    return behind
  end)
  return object, stop
end

function read_value(text, place, depth)
  if depth > MAX_DEPTH then fail(place) end
  local first = byte(text, place)
  if first == 0x22 then return read_string(text, place) end
  if first == 0x7B then return read_object(text, place, depth) end
  if first == 0x5B then return read_list(text, place, depth) end
  if match(text, "^true", place) then return true, place + 4 end
  if match(text, "^false", place) then return false, place + 5 end
  if match(text, "^null", place) then return NULL, place + 4 end
  return read_number(text, place)
end

-- The value, or nil and the place of the mistake.
function M.decode(text)
  local ok, value, place = pcall(read_value, text, skip_space(text, 1), 0)
  if not ok then return nil, type(value) == "table" and value.place or 1 end
  place = skip_space(text, place)
  if place <= #text then return nil, place end
  return value
end

local function escape(character)
  return string.format("\\u%04x", byte(character))
end

-- A text as JSON has it.
function M.quote(text)
  return '"' .. text:gsub('[%z\1-\31"\\\127-\255]', escape) .. '"'
end

return M
