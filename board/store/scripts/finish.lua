-- finish: the visit is over, the counter is free.
-- Refuses: unknown_counter, counter_not_open, counter_taken, nothing_called, wrong_state.
return run(function()
  local c = my_open_counter()
  local t = visitor(c, 'serving')
  end_ticket(t, 'done')
  c.ticket = NONE
  return commit('ticket.done', t, c)
end)
