-- change: an account gets other fields, and its sessions end in the same step, so that nobody stays in with what was taken away.
-- KEYS 1 accounts, 2 the account's sessions   ARGV 1 name, 2 fields as JSON, 3 prefix of session keys, 4 hint channel, 5 revoke (1/0)
-- Returns the account as it is now, or `unknown`, or `last`: without this one nobody could open or close accounts any more.
-- Race: two administrators disable each other. Scripts run one after the other, so the second is refused.
local kept = redis.call('HGET', KEYS[1], ARGV[1])
if not kept then return 'unknown' end
local account = cjson.decode(kept)
local before = account.disabled
for name, value in pairs(cjson.decode(ARGV[2])) do account[name] = value end
if account.disabled and not before and account.role == 'administrator' and account.offices == '' then
  if not administrator_beside(KEYS[1], ARGV[1]) then return 'last' end
end
local written = cjson.encode(account)
redis.call('HSET', KEYS[1], ARGV[1], written)
if ARGV[5] == '1' then
  for _, id in ipairs(redis.call('SMEMBERS', KEYS[2])) do redis.call('DEL', ARGV[3] .. id) end
  redis.call('DEL', KEYS[2])
  redis.call('PUBLISH', ARGV[4], cjson.encode({account = ARGV[1]}))
end
return written
