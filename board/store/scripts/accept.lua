-- accept: an officer comes. The first one wins; with a reserve counter named, it is opened in the same step.
-- Names escalation, counter (optional). Refuses: unknown_escalation, escalation_answered, not_reserve, counter_taken, service_not_here.
return run(function()
  local e = escalation_of(cmd.escalation:sub(3))
  if not e then refuse('unknown_escalation', {escalation = cmd.escalation}) end
  if e.state ~= 'raised' then
    refuse('escalation_answered', {escalation = e.id, state = e.state, accepted_by = given(e.accepted_by) and e.accepted_by or nil})
  end
  local c
  if given(cmd.counter) then
    c = counter_of(cmd.counter)
    if c.kind ~= 'reserve' then refuse('not_reserve', {counter = c.counter, state = c.state}) end
    if c.state ~= 'closed' and c.officer ~= cmd.by then refuse('counter_taken', {counter = c.counter, state = c.state}) end
    if c.state == 'closed' then c.services = cmd.counter.services end
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
