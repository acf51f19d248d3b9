-- serve: the visitor is at the counter. The first time, this settles the promise.
-- Refuses: unknown_counter, counter_not_open, counter_taken, nothing_called, wrong_state.
return run(function()
  local c = my_open_counter()
  local t, event = visitor(c, 'called'), {}
  t.state = 'serving'
  if not given(t.serving_at) then t.serving_at = NOW end
  settle(t, 'serving', t.serving_at, event)
  return commit('ticket.serving', t, c, event)
end)
