-- resume: the visitor has the document and is served on at this counter.
-- Names number. Refuses: unknown_counter, counter_not_open, counter_taken, still_serving, unknown_ticket, wrong_state.
return run(function()
  local c = my_open_counter()
  must_be_free(c)
  local t = ticket_by_number(cmd.number)
  if t.state ~= 'held' then refuse('wrong_state', {number = t.number, state = t.state}) end
  t.state, t.counter, t.reason, c.ticket = 'serving', c.counter, NONE, t.id
  if not given(t.serving_at) then t.serving_at = NOW end
  return commit('ticket.resumed', t, c)
end)
