-- succeeded: the try that was counted as a failure was none; from now on this address is the account's own.
-- KEYS as in try   ARGV 1 how long it stays the account's own in ms; free failures of 2 the address, 3 the account
redis.call('DEL', KEYS[1])
for n = 2, redis.call('EXISTS', KEYS[4]) == 1 and 1 or 3 do -- as many as the try was counted by
  if redis.call('EXISTS', KEYS[n]) == 1 then
    local failures = redis.call('HINCRBY', KEYS[n], 'failures', -1)
    if failures < tonumber(ARGV[n]) then redis.call('HDEL', KEYS[n], 'until') end
    if failures <= 0 then redis.call('DEL', KEYS[n]) end
  end
end
redis.call('SET', KEYS[4], '1', 'PX', ARGV[1])
return 0
