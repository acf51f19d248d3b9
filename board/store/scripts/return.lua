-- return: a skipped visitor came after all and goes back into the line, with the time of taking.
-- Names number. Refuses: unknown_counter, counter_not_open, counter_taken, office_closed, unknown_ticket, wrong_state.
return run(function()
  local c = my_open_counter()
  -- A day that is over stays over: who came back into it would wait for a day's end that does not come.
  if not redis.call('HGET', META, 'day') then refuse('office_closed', {at = NOW}) end
  local t = ticket_by_number(cmd.number)
  if t.state ~= 'skipped' then refuse('wrong_state', {number = t.number, state = t.state}) end
  redis.call('HINCRBY', META, 'live', 1)
  enter_line(t)
  commit('ticket.returned', t)
  return {ticket = t, counter = c}
end)
