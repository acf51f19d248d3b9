-- add: a new place where a sticker hangs.
-- KEYS 1 places   ARGV 1 code, 2 place as JSON, 3 its name in small letters, 4 how many places there may be
-- Race: two administrators add the same name at once. The second is told that it is there.
local kept = redis.call('HGET', KEYS[1], ARGV[1])
if kept == ARGV[2] then return 'done' end
if kept then return 'taken' end
for _, text in ipairs(redis.call('HVALS', KEYS[1])) do
  local place = cjson.decode(text)
  if not place.retired and place.folded == ARGV[3] then return 'exists' end
end
if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[4]) then return 'full' end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 'done'
