-- first: the first administrator is made with the one-time token, once.
-- KEYS 1 accounts, 2 token's hash   ARGV 1 token's hash, 2 name, 3 account
-- Race: the link is opened twice at once. The first to come deletes the token; the second finds none.
local kept = redis.call('GET', KEYS[2])
if not kept or kept ~= ARGV[1] then return 'token' end
if redis.call('HSETNX', KEYS[1], ARGV[2], ARGV[3]) == 0 then return 'exists' end
redis.call('DEL', KEYS[2])
return 'done'
