-- accept: an officer comes. The first one wins; with a reserve counter named, it is opened in the same step.
-- Names escalation, counter (optional). Refuses: unknown_counter, unknown_escalation, escalation_answered, not_reserve, counter_taken, service_not_here.
return run(function()
  local e = unanswered()
  local c
  if given(cmd.counter) then
    c = counter_of(cmd.counter)
    if c.kind ~= 'reserve' then refuse('not_reserve', {counter = c.counter, state = c.state}) end
    if c.state ~= 'closed' and c.officer ~= cmd.by then refuse('counter_taken', {counter = c.counter, state = c.state}) end
    local serves = false
    for _, code in ipairs(c.services) do serves = serves or code == e.service end
    if not serves then refuse('service_not_here', {counter = c.counter, service = e.service, state = c.state}) end
    if c.state ~= 'open' then
      c.state, c.officer = 'open', cmd.by
      commit('counter.opened', nil, c)
    end
  end
  e.state, e.accepted_by, e.accepted_at, e.answer_by = 'accepted', cmd.by, NOW, NOW + cmd.plan.call_ms
  if c then e.counter = c.counter end
  redis.call('ZADD', ANSWERS_DUE, e.answer_by, e.ticket)
  keep_escalation(e)
  emit('escalation.accepted', {escalation = e})
  return {escalation = e, counter = c}
end)
