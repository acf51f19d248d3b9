-- Shared by what gives and takes administrators: whether there is one, beside this name, who can still open and close accounts.
-- One of single offices has no say in that (board/roles.py), and a disabled one cannot log in.
local function administrator_beside(accounts, name)
  for _, kept in ipairs(redis.call('HVALS', accounts)) do
    local account = cjson.decode(kept)
    if account.role == 'administrator' and account.offices == '' and not account.disabled and account.name ~= name then return true end
  end
  return false
end
