-- What a proxy cookie holds: access token, time of issue, the expiry of the access token if it is known, and what its
-- session is ended by from elsewhere; or only the name of a session that the handler's store holds.
local json = require "token_handler.json"
local jwe = require "token_handler.jwe"
local packed_text = require "token_handler.packed_text"

local gmatch, gsub, match = string.gmatch, string.gsub, string.match

local M = {}

-- Plain as almost all are: `["token",issued at,expires at]`, and behind that `,started at,"mark","mark"`.
local PLAIN = '^%["([^"\\%c\128-\255]+)",(%d+),(%d+)([^\\%]]*)%]$'

-- The marks of a session, `nil` where there are none, or false when the text is not as plain as that.
local function read_marks(rest)
  if rest == "" then return nil end
  local started_at, texts = match(rest, "^,(%d+)(.*)$")
  if started_at == nil or gsub(texts, ',"[%w_-]+"', "") ~= "" then return false end
  local marks = {}
  for mark in gmatch(texts, '"([%w_-]+)"') do marks[#marks + 1] = mark end
  return { started_at = tonumber(started_at), marks = marks }
end

-- The same of a list that was read as JSON, behind its first `count` members; false when it has something else.
function M.session_of(list, count)
  if list[count + 1] == nil then return nil end
  local started_at, marks = list[count + 1], {}
  if type(started_at) ~= "number" then return false end
  for index = count + 2, #list do
    if type(list[index]) ~= "string" then return false end
    marks[#marks + 1] = list[index]
  end
  return { started_at = started_at, marks = marks }
end

local function read_content(text)
  local token, _, expires_at, rest = match(text, PLAIN)
  if token then
    local session = read_marks(rest)
    if session ~= false then
      return { token = token, expires_at = tonumber(expires_at), session = session }
    end
  end

  local content = json.decode(text)
  if type(content) ~= "table" or content == json.null then return nil end
  if type(content.ref) == "table" then return { is_reference = true } end
  if #content < 3 then return nil end
  local issued_at
  token, issued_at, expires_at = content[1], content[2], content[3]
  if type(token) ~= "string" or token == "" or type(issued_at) ~= "number" then return nil end
  if expires_at == json.null then expires_at = nil elseif type(expires_at) ~= "number" then return nil end
  local session = M.session_of(content, 3)
  if session == false then return nil end
  return { token = token, expires_at = expires_at, session = session }
end

-- The content (`token`, `expires_at` in milliseconds since the epoch or nil, `session` or nil; or `is_reference`), or
-- nil when it is no proxy cookie of ours.
function M.open(keys, value)
  local packed = jwe.open(keys, value)
  if packed == nil then return nil end
  local text = packed_text.unpack(packed)
  if text == nil then return nil end
  return read_content(text)
end

return M
