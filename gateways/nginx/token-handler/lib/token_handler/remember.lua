-- A small memory for pure functions of short texts. Strangers choose the texts, so there has to be an end: when the
-- memory is full it begins anew, which costs less than to keep an order.
local M = {}

local MAX_ENTRIES = 1000
local MAX_LENGTH = 400

-- Has a function of one text, whose result is neither nil nor false, remember its results.
function M.function_of(compute)
  local known, count = {}, 0
  return function(text)
    local before = known[text]
    if before ~= nil then return before end
    local result = compute(text)
    if #text > MAX_LENGTH then return result end
    if count >= MAX_ENTRIES then known, count = {}, 0 end
    known[text] = result
    count = count + 1
    return result
  end
end

return M
