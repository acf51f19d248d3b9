-- cancel: the visitor gives the number back. A counter that had called it is free.
-- Names ticket. Refuses: unknown_ticket, wrong_state (being served, or ended).
return run(function()
  local t, event = ticket_of(cmd.ticket), {}
  if not t then refuse('unknown_ticket') end
  local c
  if t.state == 'waiting' then
    leave_line(t)
  elseif t.state == 'called' then
    c = cjson.decode(redis.call('HGET', COUNTERS, t.counter))
    c.ticket = NONE
  elseif t.state ~= 'held' then
    refuse('wrong_state', {number = t.number, state = t.state})
  end
  settle(t, 'cancelled', NOW, event)
  end_ticket(t, 'cancelled')
  local answer = commit('ticket.cancelled', t, c, event)
  end_escalation(t, 'withdrawn')
  return answer
end)
