-- try: one more try of a password, counted before the password is looked at; returns the ms to wait, 0 when it may go on.
-- KEYS 1-3 failures of account and address, address, account; 4 whether this address is the account's own
-- ARGV 1 window in ms, then for each of the three: free failures, first wait, longest wait (ms)
-- Attack: a stranger who is made to wait sends on. What is refused is not counted, so that one address alone cannot use up what the
-- account has from everywhere and lock its owner out. And a visitor who guesses behind the office's router must not keep its officers out:
-- where an account has logged in before, it is counted by the first of the three alone.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local counted = redis.call('EXISTS', KEYS[4]) == 1 and 1 or 3
local wait = 0
for n = 1, counted do
  local until_ = tonumber(redis.call('HGET', KEYS[n], 'until') or 0)
  wait = math.max(wait, until_ - now)
end
if wait > 0 then return wait end
for n = 1, counted do
  local free, first, longest = tonumber(ARGV[3 * n - 1]), tonumber(ARGV[3 * n]), tonumber(ARGV[3 * n + 1])
  local failures = redis.call('HINCRBY', KEYS[n], 'failures', 1)
  if failures == 1 then redis.call('PEXPIRE', KEYS[n], ARGV[1]) end
  if failures >= free then
    -- Beyond what is free it is forgotten a window after the last failure, not after the first: the waits go on growing.
    local more = math.min(longest, first * 2 ^ math.min(failures - free, 30))
    redis.call('HSET', KEYS[n], 'until', string.format('%d', now + more))
    redis.call('PEXPIRE', KEYS[n], string.format('%d', more + ARGV[1]))
  end
end
return 0
