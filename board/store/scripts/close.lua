-- close: the officer leaves the counter.
-- Refuses: unknown_counter, counter_not_open, counter_taken, still_serving.
return run(function()
  local c = my_counter()
  must_be_free(c)
  c.state, c.officer = 'closed', NONE
  return commit('counter.closed', nil, c)
end)
