-- watch: what has fallen due is done, once, whoever looks: the day turns, warnings go out, promises that fell due raise the
-- alert, alerts nobody answered go one level up. Answers how late each alert was, and when to look again.
-- Names days, limit (how many of each kind in one step, so that a long backlog does not stop the office).
-- Refuses: calendar_stale.
local function due(set)
  return redis.call('ZRANGEBYSCORE', set, '-inf', NOW, 'LIMIT', 0, cmd.limit)
end

return run(function()
  turn_day()
  for _, member in ipairs(due(WARNINGS)) do
    redis.call('ZREM', WARNINGS, member)
    local id, warn = member:match('^(.-)|(%d+)$')
    local t = ticket_of(id)
    -- After a night with no process running the deadline itself has passed: then the alert says it all. And when the office file's
    -- warnings were changed, one of the old ones outlives the wait.
    if t and t.state == 'waiting' and NOW < t.deadline then emit('guarantee.warned', {ticket = t, after = tonumber(warn) / 1000}) end
  end
  local late = {}
  for _, id in ipairs(due(DEADLINES)) do
    local t = ticket_of(id)
    raise(t)
    late[#late + 1] = NOW - t.deadline
  end
  local lapsed = 0
  for _, id in ipairs(due(ANSWERS_DUE)) do
    local e = escalation_of(id)
    lapse(e, e.state == 'accepted' and 'not_called' or 'unanswered')
    lapsed = lapsed + 1
  end
  local next_at
  for _, set in ipairs({WARNINGS, DEADLINES, ANSWERS_DUE}) do
    local at = tonumber(redis.call('ZRANGE', set, 0, 0, 'WITHSCORES')[2])
    if at and (not next_at or at < next_at) then next_at = at end
  end
  for _, day in ipairs(cmd.days) do
    for _, name in ipairs({'opens_at', 'closes_at', 'expires_at', 'ends'}) do
      local at = day[name]
      if given(at) and at > NOW and (not next_at or at < next_at) then next_at = at end
    end
  end
  return {now = NOW, next_at = next_at, late = #late > 0 and late or NONE, lapsed = lapsed}
end)
