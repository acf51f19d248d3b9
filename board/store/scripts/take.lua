-- take: a visitor gets the next number of a service, and the promise begins to run.
-- Names service, satker, language, priority, via, days.
-- Refuses: office_closed (also during breaks and after the cut-off), calendar_stale.
return run(function()
  by_itself(turn_day)
  local day, open = today(), false
  for _, window in ipairs(day.takes) do
    if window[1] <= NOW and NOW < window[2] then open = true end
  end
  if not open then refuse('office_closed', {at = NOW}) end
  local order = redis.call('HINCRBY', NUMBERS, 'taken', 1)
  local n = redis.call('HINCRBY', NUMBERS, 'of:' .. cmd.service, 1)
  local t = {
    id = string.format('%s-%05d', day.day:gsub('-', ''), order),
    number = string.format('%s%03d', cmd.service, n),
    service = cmd.service, taken_at = NOW, deadline = NOW + cmd.plan.guarantee_ms, serving_at = NONE,
    priority = cmd.priority, head_start = cmd.plan.head_start_ms,
    satker = cmd.satker, via = cmd.via, language = cmd.language, verdict = NONE,
  }
  redis.call('HSET', NUMBERS, 'id:' .. t.number, t.id)
  redis.call('HINCRBY', META, 'live', 1)
  enter_line(t)
  commit('ticket.taken', t)
  return {ticket = t, ahead = redis.call('ZRANK', WAITING[t.service], t.id)}
end)
