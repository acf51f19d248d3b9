-- open: an officer takes a counter, comes back from a break, or changes its services; a supervisor may take it over.
-- Names counter, services (optional), may_take_over. Refuses: unknown_counter, counter_taken, counter_already_open.
return run(function()
  local c = counter_of(cmd.counter)
  local same = true
  if given(cmd.serve) then
    same = table.concat(cmd.serve, ',') == table.concat(c.services, ',')
    c.services = cmd.serve
  end
  if c.state ~= 'closed' and c.officer ~= cmd.by and not cmd.may_take_over then
    refuse('counter_taken', {counter = c.counter, state = c.state})
  end
  if c.state == 'open' and c.officer == cmd.by and same then
    refuse('counter_already_open', {counter = c.counter, state = c.state})
  end
  c.state, c.kind, c.officer = 'open', cmd.counter.kind, cmd.by
  return commit('counter.opened', nil, c)
end)
