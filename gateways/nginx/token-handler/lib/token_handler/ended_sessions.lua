-- Sessions that were ended from elsewhere: a timer of each worker takes turns in asking the handler for what is new, all
-- workers look into what they share, and no request waits.
local shared = require "token_handler.shared"

local M = {}

local DICTIONARY = "token_handler_ended"

-- Seconds between two questions of one worker, and of all of them.
local INTERVAL, TURN = 0.25, 0.2

-- Seconds that an ending is remembered, as in the handler: an access token that lives longer is refused no longer.
local REMEMBERED = 86400

-- Seconds after which everything is read again: what this memory has lost comes back.
local READ_AGAIN_AFTER = 600

local PATH = "/gateway/ended-sessions"

local MAX_PAGES = 1000

local followed = {}
local has_started = false

-- Of one answer what is remembered. The later ending counts.
local function note(dictionary, prefix, content)
  for index = 4, #content, 2 do
    local at, mark = content[index], content[index + 1]
    if type(at) ~= "number" or type(mark) ~= "string" then return nil, "an ending that cannot be read" end
    local key = prefix .. mark
    if at > (dictionary:get(key) or 0) then
      local _, _, is_forcible = dictionary:set(key, at, REMEMBERED)
      if is_forcible then
        ngx.log(ngx.ERR, "token-handler: lua_shared_dict ", DICTIONARY, " is too small; the oldest endings are forgotten")
      end
    end
  end
  return true
end

-- Asks until there is no more. True, or nil and the reason.
local function ask(dictionary, tenant)
  for _ = 1, MAX_PAGES do
    local position = dictionary:get(tenant.position_key) or ""
    local content, reason = tenant.ask(PATH, "after=" .. position)
    if content == nil then return nil, reason end
    local next_position, is_more = content[2], content[3]
    if type(next_position) ~= "string" or next_position:find("[^%d-]") then return nil, "a position that is none" end
    local ok
    ok, reason = note(dictionary, tenant.prefix, content)
    if not ok then return nil, reason end
    if position == "" then
      dictionary:set(tenant.position_key, next_position, READ_AGAIN_AFTER)
    elseif next_position ~= position then
      -- It ends when it would have ended.
      local left = dictionary:ttl(tenant.position_key)
      if left and left > 0 then dictionary:set(tenant.position_key, next_position, left) end
    end
    if is_more ~= true then return true end
  end
  return true
end

local function look(is_ending)
  if is_ending then return end
  local dictionary = shared.dictionary(DICTIONARY)
  for _, tenant in ipairs(followed) do
    if dictionary:add(tenant.turn_key, true, TURN) then
      local ok, reason = ask(dictionary, tenant)
      if ok and dictionary:get(tenant.failure_key) then
        dictionary:delete(tenant.failure_key)
        ngx.log(ngx.WARN, "token-handler: ended sessions are followed again")
      elseif not ok and dictionary:add(tenant.failure_key, true) then
        ngx.log(ngx.ERR, "token-handler: ended sessions cannot be followed, those ended now are heard of later: ", reason)
      end
    end
  end
end

-- Follows the ended sessions of a tenant from `start` on. Returns the function that tells whether a session has ended.
--
--   name   of the tenant, unlike all others
--   ask    see handler.lua
function M.follow(name, ask_handler)
  local dictionary = shared.dictionary(DICTIONARY)
  local prefix = "e" .. name .. " "
  followed[#followed + 1] = {
    ask = ask_handler,
    prefix = prefix,
    position_key = "p" .. name,
    turn_key = "t" .. name,
    failure_key = "f" .. name,
  }
  return function(session)
    if not has_started then
      error("token-handler: init_worker_by_lua_block { require(\"token_handler\").start() } is missing", 0)
    end
    local keys = session.keys
    if keys == nil then
      keys = {}
      for index, mark in ipairs(session.marks) do keys[index] = prefix .. mark end
      session.keys = keys
    end
    for index = 1, #keys do
      local at = dictionary:get(keys[index])
      if at ~= nil and session.started_at <= at then return true end
    end
    return false
  end
end

-- Begins to follow, in `init_worker_by_lua`. An old worker that ends leaves its turn to the new ones.
function M.start()
  has_started = true
  if #followed == 0 then return end
  local ok, reason = ngx.timer.every(INTERVAL, look)
  if ok then ok, reason = ngx.timer.at(0, look) end
  if not ok then ngx.log(ngx.ERR, "token-handler: ended sessions cannot be followed: ", reason) end
end

return M
