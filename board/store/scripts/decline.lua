-- decline: this officer cannot come. When everybody on duty has said so, the next level is told at once.
-- Names escalation. Refuses: unknown_escalation, escalation_answered.
return run(function()
  local e = unanswered()
  local said = {}
  for name in e.declined_by:gmatch('[^,]+') do said[name] = true end
  if not said[cmd.by] then
    said[cmd.by] = true
    e.declined_by = e.declined_by == '' and cmd.by or (e.declined_by .. ',' .. cmd.by)
  end
  keep_escalation(e)
  emit('escalation.declined', {escalation = e})
  local somebody = false
  for _, text in ipairs(redis.call('HVALS', COUNTERS)) do
    local c = cjson.decode(text)
    if c.state ~= 'closed' and not said[c.officer] then somebody = true end
  end
  if not somebody then lapse(e, 'declined') end
  return {escalation = e}
end)
