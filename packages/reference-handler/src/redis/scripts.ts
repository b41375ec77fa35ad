// What happens in Redis in one step: each script runs there with nothing in between.

/** A script, and its name in metrics. */
export interface Script {
  readonly operation: string
  readonly lua: string
}

/** Keys of each name, in this order. */
export const PARTS = ['lock', 'result', 'failure', 'ended'] as const

/** Finds the first value among the keys of one part. */
const FIND = `
local function find(part)
  for i = part, #KEYS, 4 do
    local value = redis.call('get', KEYS[i])
    if value then return value end
  end
  return false
end
local function set(part, value, milliseconds)
  for i = part, #KEYS, 4 do redis.call('set', KEYS[i], value, 'px', milliseconds) end
end
`

/** ARGV: owner, lock's milliseconds or 0 where none may be taken, stale result, awaited owner. */
export const begin: Script = {
  operation: 'begin',
  lua: `${FIND}
if find(4) then return {'ended'} end
local result = find(2)
if result and result ~= ARGV[3] then return {'result', result} end
local failure = ARGV[4] ~= '' and find(3)
if failure and string.sub(failure, 1, #ARGV[4] + 1) == ARGV[4] .. ' ' then
  return {'failure', string.sub(failure, #ARGV[4] + 2)}
end
local owner = find(1)
if owner and owner ~= ARGV[1] then return {'locked', owner} end
if ARGV[2] == '0' then return {'locked', ''} end
set(1, ARGV[1], ARGV[2])
return {'acquired'}`,
}

/** ARGV: owner, lock's milliseconds. */
export const extend: Script = {
  operation: 'extend',
  lua: `${FIND}
local owner = find(1)
if not owner or owner == ARGV[1] then set(1, ARGV[1], ARGV[2]) end
return 1`,
}

/** ARGV: owner, kind of the outcome or nothing, value, milliseconds. Returns 1 when the session has been ended. */
export const finish: Script = {
  operation: 'finish',
  lua: `${FIND}
local owns = find(1) == ARGV[1]
if owns then for i = 1, #KEYS, 4 do redis.call('del', KEYS[i]) end end
if ARGV[2] == 'result' and (owns or not find(2)) then set(2, ARGV[3], ARGV[4]) end
if ARGV[2] == 'failure' then set(3, ARGV[1] .. ' ' .. ARGV[3], ARGV[4]) end
return find(4) and 1 or 0`,
}

/** ARGV: the mark's milliseconds. Returns whether a lock is held, and the result or nothing. */
export const end: Script = {
  operation: 'end',
  lua: `${FIND}
set(4, '1', ARGV[1])
return {find(1) and 1 or 0, find(2) or ''}`,
}

/**
 * ARGV: milliseconds between two requests, milliseconds that a burst is worth. Keeps the instant at which the whole
 * allowance is there again, by the clock of Redis: it is the same for all instances.
 */
export const take: Script = {
  operation: 'take',
  lua: `
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local full = math.max(tonumber(redis.call('get', KEYS[1]) or 0), now)
local wait = full + interval - burst - now
if wait > 0 then return math.ceil(wait) end
redis.call('set', KEYS[1], full + interval, 'px', math.ceil(full + interval - now))
return 0`,
}

/** ARGV: milliseconds to keep it from now, or 0. What is retired is not kept any longer by being read. */
export const read: Script = {
  operation: 'read',
  lua: `
local value = redis.call('get', KEYS[1])
if not value then return false end
if string.sub(value, 1, 1) == '!' then return string.sub(value, 2) end
if ARGV[1] ~= '0' then redis.call('pexpire', KEYS[1], ARGV[1]) end
return value`,
}

/** ARGV: milliseconds that it is kept at most; 0 deletes it. */
export const retire: Script = {
  operation: 'retire',
  lua: `
if ARGV[1] == '0' then return redis.call('del', KEYS[1]) end
local value = redis.call('get', KEYS[1])
if not value or string.sub(value, 1, 1) == '!' then return 0 end
local left = math.min(redis.call('pttl', KEYS[1]), tonumber(ARGV[1]))
if left > 0 then redis.call('set', KEYS[1], '!' .. value, 'px', left) end
return 1`,
}
