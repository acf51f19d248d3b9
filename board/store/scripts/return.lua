-- return: a skipped visitor came after all and goes back into the line, with the time of taking.
-- Names number. Refuses: counter_not_open, counter_taken, unknown_ticket, wrong_state.
return run(function()
  local c = my_open_counter()
  local t = ticket_by_number(cmd.number)
  if t.state ~= 'skipped' then refuse('wrong_state', {number = t.number, state = t.state}) end
  redis.call('HINCRBY', META, 'live', 1)
  enter_line(t)
  commit('ticket.returned', t)
  return {ticket = t, counter = c}
end)
