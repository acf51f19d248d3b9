-- begin: a session begins, if the account is still as it was when its password was looked at.
-- KEYS 1 accounts, 2 session, 3 the account's sessions, 4 answer kept under the idempotency key
-- ARGV 1 name, 2 password's hash that fitted, 3 session's id, 4 idle ms, 5 absolute ms, 6 request's mark or '' without a key,
-- 7 how long the answer is kept in ms
-- Returns {word, absolute end}.
-- Race: the account is disabled or gets another password while a log-in with the old one is at work. It is too late.
local kept = redis.call('HGET', KEYS[1], ARGV[1])
local account = kept and cjson.decode(kept)
if not account or account.disabled or account.hash ~= ARGV[2] then return {'gone', '0'} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ends = now + tonumber(ARGV[5])
if ARGV[6] ~= '' then
  local answer = redis.call('GET', KEYS[4])
  if answer then
    local before = cjson.decode(answer)
    if before.mark ~= ARGV[6] then return {'reused', '0'} end
    return {'again', string.format('%d', before['until'])}
  end
  redis.call('SET', KEYS[4], cjson.encode({mark = ARGV[6], ['until'] = ends}), 'PX', ARGV[7])
end
local left = math.min(tonumber(ARGV[4]), tonumber(ARGV[5]))
redis.call('SET', KEYS[2], cjson.encode({name = ARGV[1], ['until'] = ends, seen = now}), 'PX', left)
redis.call('SADD', KEYS[3], ARGV[3])
redis.call('PEXPIRE', KEYS[3], ARGV[5])
return {'begun', string.format('%d', ends)}
