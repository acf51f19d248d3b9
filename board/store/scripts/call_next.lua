-- call_next: the ticket with the oldest order among this counter's services becomes `called` here.
-- A reserve counter takes the overdue ones first: it was opened for them.
-- Race: two counters press at once. Scripts run one after the other, so the second sees the next ticket, or none.
-- Refuses: unknown_counter, counter_not_open, counter_taken, still_serving, nobody_waiting.
local function oldest(sets, services)
  local id, best
  for _, code in ipairs(services) do
    local head = redis.call('ZRANGE', sets[code], 0, 0, 'WITHSCORES')
    local score = tonumber(head[2])
    if score and (not best or score < best or (score == best and head[1] < id)) then id, best = head[1], score end
  end
  return id
end

return run(function()
  local c = my_open_counter()
  must_be_free(c)
  local id = c.kind == 'reserve' and oldest(OVERDUE, c.services) or oldest(WAITING, c.services)
  if not id then refuse('nobody_waiting', {counter = c.counter, state = c.state}) end
  local t = ticket_of(id)
  leave_line(t)
  t.state, t.called_at, t.counter, c.ticket = 'called', NOW, c.counter, t.id
  redis.call('ZADD', CALLED, NOW, t.id)
  local answer = commit('ticket.called', t, c)
  end_escalation(t, 'resolved')
  return answer
end)
