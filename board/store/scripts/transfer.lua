-- transfer: the visitor needs another service and waits there, with the time of taking and the number kept.
-- Names service. Refuses: unknown_counter, counter_not_open, counter_taken, nothing_called, wrong_state, same_service.
return run(function()
  local c = my_open_counter()
  local t = visitor(c, 'called', 'serving')
  if t.service == cmd.service then refuse('same_service', {number = t.number, service = t.service, state = t.state}) end
  local from = t.service
  t.service, c.ticket = cmd.service, NONE
  enter_line(t)
  return commit('ticket.transferred', t, c, {from = from})
end)
