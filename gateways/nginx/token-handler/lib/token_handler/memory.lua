-- A memory of a worker for what is worked out from texts again and again: bounded by a count, and by time.
local M = {}

-- Seconds between two searches for what is over: they look at every entry.
local PURGED_EVERY = 1

local function purge(entries, now)
  for key, entry in pairs(entries) do
    if entry.kept_until <= now then entries[key] = nil end
  end
end

-- Creates an empty memory. Entries have a `kept_until` (seconds since the epoch) and are forgotten then. With more
-- than `max` of them, those go that have not been used since the last half was full.
function M.new(max)
  local half = max / 2
  local young, old, count, purged_at = {}, {}, 0, 0

  local function keep(key, entry)
    if count >= half then young, old, count = {}, young, 0 end
    if young[key] == nil then count = count + 1 end
    young[key] = entry
  end

  return {
    find = function(key, now)
      local entry = young[key]
      if entry == nil then
        entry = old[key]
        if entry == nil then return nil end
        old[key] = nil
        if entry.kept_until > now then keep(key, entry) end
      end
      if entry.kept_until <= now then return nil end
      return entry
    end,
    keep = function(key, entry, now)
      if now >= purged_at + PURGED_EVERY then
        purge(young, now)
        purge(old, now)
        purged_at = now
      end
      keep(key, entry)
    end,
  }
end

return M
