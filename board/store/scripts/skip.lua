-- skip: called, did not come. The promise is excused when the call was in time.
-- Refuses: unknown_counter, counter_not_open, counter_taken, nothing_called, wrong_state.
return run(function()
  local c = my_open_counter()
  local t, event = visitor(c, 'called'), {}
  settle(t, 'skipped', t.called_at, event)
  end_ticket(t, 'skipped')
  c.ticket = NONE
  return commit('ticket.skipped', t, c, event)
end)
