-- add: a new account, and the first administrator's with the one-time token, once.
-- KEYS 1 accounts, 2 token's hash   ARGV 1 name, 2 account, 3 token's hash or '' for an ordinary account
-- Race: the answer was lost and the client sends it again. The salt in it makes an account unlike any other: this one is ours.
local kept = redis.call('HGET', KEYS[1], ARGV[1])
if kept == ARGV[2] then return 'done' end
if ARGV[3] ~= '' then
  local token = redis.call('GET', KEYS[2])
  if not token or token ~= ARGV[3] then return 'token' end
  -- Race: an administrator came by another way (the command line, the link of another server) after this link was printed.
  if administrator_beside(KEYS[1], '') then
    redis.call('DEL', KEYS[2])
    return 'token'
  end
end
if kept then return 'exists' end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
if ARGV[3] ~= '' then redis.call('DEL', KEYS[2]) end
return 'done'
