-- pause: a break; the counter stays this officer's.
-- Refuses: unknown_counter, counter_not_open, counter_taken, still_serving.
return run(function()
  local c = my_open_counter()
  must_be_free(c)
  c.state = 'paused'
  return commit('counter.paused', nil, c)
end)
