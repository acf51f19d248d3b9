-- recall: the visitor who was called here is called once more; nothing else changes.
-- Refuses: unknown_counter, counter_not_open, counter_taken, nothing_called, wrong_state.
return run(function()
  local c = my_open_counter()
  return commit('ticket.recalled', visitor(c, 'called'), c)
end)
