-- hold: the visitor waits for a document; the counter is free for the next.
-- Names reason. Refuses: unknown_counter, counter_not_open, counter_taken, nothing_called, wrong_state.
return run(function()
  local c = my_open_counter()
  local t, event = visitor(c, 'called', 'serving'), {}
  settle(t, 'held', NOW, event)
  t.state, t.counter, t.reason, c.ticket = 'held', NONE, cmd.reason, NONE
  return commit('ticket.held', t, c, event)
end)
