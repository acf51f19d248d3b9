-- leave: a session ends. One that is not there is not told about: anybody can send a made-up cookie, and every server listens.
-- KEYS 1 session   ARGV 1 session's id, 2 prefix of the accounts' sets of sessions, 3 hint channel
local kept = redis.call('GET', KEYS[1])
if not kept then return 'unknown' end
redis.call('DEL', KEYS[1])
redis.call('SREM', ARGV[2] .. cjson.decode(kept).name, ARGV[1])
redis.call('PUBLISH', ARGV[3], cjson.encode({session = ARGV[1]}))
return 'done'
