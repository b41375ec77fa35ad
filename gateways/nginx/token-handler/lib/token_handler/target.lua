-- Judging a request target as it stands on the request line, before anything normalises it. Whatever a server
-- behind the gateway might read as another path than the one that was authorised is hostile.
local found = require("token_handler.matches").found
local utf8 = require "token_handler.utf8"

local byte, char, find, gsub, sub = string.byte, string.char, string.find, string.gsub, string.sub

local M = {}

-- Plain names and a plain query, as almost every target has them: nothing that is refused or decoded below.
local PLAIN_TARGET = [[^(?:/[\w~-][\w.~-]*)+/?(?:\?[!-"$-~]*)?\z]]

-- Dot, slash, backslash and control characters, encoded once or several times over.
local ENCODED_TRICK = [[%(?:25)*(?:2e|2f|5c|[01][\da-f]|7f)]]

-- `.` and `..`, also with path parameters, which some servers remove first (`/..;a=b/`).
local DOT_SEGMENT = [[/\.{1,2}(?:[/;]|%(?:25)*3b|\z)]]

-- Path parameters alone (`/;a=b/`): without them a segment is empty, and some servers join its neighbours.
local NAMELESS_SEGMENT = [[/(?:;|%(?:25)*3b)]]

-- How often a path may be encoded in all: names that hold an encoded name are twice.
local MAX_ENCODINGS = 3

-- The decoded text, or nil unless it is percent-encoded UTF-8.
local function decode(text)
  if find(text, "%%%X") or find(text, "%%.%X") or find(text, "%%.?$") then return nil end
  local decoded = gsub(text, "%%(%x%x)", function(digits)
    return char(tonumber(digits, 16))
  end)
  return utf8.is_valid(decoded) and decoded or nil
end

-- Whether decoding what was decoded already, as some servers do, brings a trick to light.
local function hides_trick(decoded_path)
  local current, encodings = decoded_path, 1
  while find(current, "%", 1, true) do
    if encodings == MAX_ENCODINGS or found(current, ENCODED_TRICK, "ijo") then return true end
    local following = decode(current)
    if following == nil then return false end
    current, encodings = following, encodings + 1
  end
  return false
end

local function has_control_characters(text)
  return find(text, "[%z\1-\31\127]") ~= nil or find(text, "\194[\128-\159]") ~= nil
end

-- The decoded path, or nil and the reason.
local function read_closely(target, path)
  if byte(target, 1) ~= byte("/") then return nil, "The request target must be a path." end
  if find(target, "[^!-~]") then
    return nil, "The request target must be ASCII without spaces and control characters."
  end
  if find(target, "#", 1, true) then return nil, "The request target must have no fragment." end
  if find(path, "//", 1, true) then return nil, "The path must have no empty segments." end
  if find(path, "\\", 1, true) then return nil, "The path must have no backslash." end
  if found(path, DOT_SEGMENT, "ijo") then return nil, "The path must have no dot segments." end
  if found(path, NAMELESS_SEGMENT, "ijo") then
    return nil, "The path must have no segments without a name."
  end
  if found(path, ENCODED_TRICK, "ijo") then
    return nil, "The path must have no encoded dot, slash, backslash or control character."
  end
  local decoded_path = decode(path)
  if decoded_path == nil then return nil, "The path must be percent-encoded UTF-8." end
  if hides_trick(decoded_path) then return nil, "The path must not be encoded over and over." end
  if has_control_characters(decoded_path) then return nil, "The path must have no control characters." end
  return decoded_path
end

-- Reads a target in origin-form: path (still encoded), decoded path and query (with its question mark, or empty),
-- or nil and the reason.
function M.read(target)
  local mark = find(target, "?", 1, true)
  local path = mark and sub(target, 1, mark - 1) or target
  local query = mark and sub(target, mark) or ""
  if ngx.re.find(target, PLAIN_TARGET, "jo") then return path, path, query end
  local decoded_path, reason = read_closely(target, path)
  if decoded_path == nil then return nil, reason end
  return path, decoded_path, query
end

-- The target of a request line, as it stands there. nginx has checked the line, but reads forms of the target that
-- are none of ours: `http://host/path` becomes a path, and the host another one.
function M.of_request_line(line, method)
  local start = #method + 2
  if sub(line, 1, start - 1) ~= method .. " " then return "" end
  local stop = find(line, " HTTP/", start, true)
  return sub(line, start, (stop or #line + 1) - 1)
end

return M
