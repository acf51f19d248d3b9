-- scan: somebody's phone has opened a sticker's address. Nothing is kept of the phone: a number a place and day, and when last.
-- KEYS 1 places, 2 the place's scans, 3 the office's scans, 4 answer kept under the idempotency key
-- ARGV 1 code, 2 fingerprint of the request or '' without a key, 3 the office's distance from UTC in ms, 4 most a place and minute,
-- 5 most an office and day, 6 days that counts are kept, 7 how long an answer is kept in ms
-- Returns counted, not_counted or reused. A scan that is not counted leaves no answer behind: its repeat is judged anew.
-- Attack: a bored visitor, or a script, fills the store. An unknown code writes nothing, and neither does a scan beyond either limit, so
-- that there is one hash of a known size a place, and no more answers a day than the office's limit.
local before = ARGV[2] ~= '' and redis.call('GET', KEYS[4])
if before then return before == ARGV[2] and 'counted' or 'reused' end
local kept = redis.call('HGET', KEYS[1], ARGV[1])
if not kept or cjson.decode(kept).retired then return 'not_counted' end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local day = string.format('%d', math.floor((now + tonumber(ARGV[3])) / 86400000))
local minute = string.format('%d', math.floor(now / 60000))
local function within(key, period, which)
  local counted = redis.call('HMGET', key, period, 'in_' .. period)
  return counted[1] == which and tonumber(counted[2]) or 0
end
local in_minute = within(KEYS[2], 'minute', minute)
local in_day = within(KEYS[3], 'day', day)
if in_minute >= tonumber(ARGV[4]) or in_day >= tonumber(ARGV[5]) then return 'not_counted' end
redis.call('HSET', KEYS[3], 'day', day, 'in_day', in_day + 1)
redis.call('HSET', KEYS[2], 'minute', minute, 'in_minute', in_minute + 1, 'last', string.format('%d', now))
if redis.call('HINCRBY', KEYS[2], day, 1) == 1 then
  for _, field in ipairs(redis.call('HKEYS', KEYS[2])) do
    local other = tonumber(field)
    if other and other <= tonumber(day) - tonumber(ARGV[6]) then redis.call('HDEL', KEYS[2], field) end
  end
end
if ARGV[2] ~= '' then redis.call('SET', KEYS[4], ARGV[2], 'PX', ARGV[7]) end
return 'counted'
