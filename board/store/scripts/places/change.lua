-- change: a place gets another name, is retired or comes back. Its code stays, so no sticker has to be printed again.
-- KEYS 1 places   ARGV 1 code, 2 fields as JSON
-- Returns the place as it is now, or a word: unknown, exists.
local kept = redis.call('HGET', KEYS[1], ARGV[1])
if not kept then return 'unknown' end
local place = cjson.decode(kept)
for name, value in pairs(cjson.decode(ARGV[2])) do place[name] = value end
-- Two places of one name could not be told apart, also when one of them comes back from being retired.
local fields = redis.call('HGETALL', KEYS[1])
for n = 1, #fields, 2 do
  local other = cjson.decode(fields[n + 1])
  if fields[n] ~= ARGV[1] and not place.retired and not other.retired and other.folded == place.folded then return 'exists' end
end
local written = cjson.encode(place)
redis.call('HSET', KEYS[1], ARGV[1], written)
return written
