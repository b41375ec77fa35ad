-- The memories that all workers share, and which `nginx -s reload` leaves as they are.
local M = {}

-- A `lua_shared_dict`, or an error with what to add to the configuration of nginx.
function M.dictionary(name)
  local dictionary = ngx.shared[name]
  if dictionary == nil then error('token-handler: "lua_shared_dict ' .. name .. ' 10m;" is missing', 0) end
  return dictionary
end

return M
