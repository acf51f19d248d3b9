-- Shared by take and watch: the office's day opens and closes by itself, as events of the one journal.
-- The calendar's arithmetic is board/calendar.py's; what is given here are its days around now, and the store's clock decides.
local function today()
  for _, day in ipairs(cmd.days) do
    if day.starts <= NOW and NOW < day.ends then return day end
  end
  refuse('calendar_stale')
end

local function day_named(name)
  for _, day in ipairs(cmd.days) do
    if day.day == name then return day end
  end
end

-- Who is being served when the day ends was served: that ticket is done. Everybody else still open has expired.
local function expire_all()
  local kept = redis.call('HVALS', TICKETS)
  local open = {}
  for _, text in ipairs(kept) do
    local t = cjson.decode(text)
    if not given(t.ended_at) then open[#open + 1] = t end
  end
  table.sort(open, function(a, b) return a.id < b.id end)
  for _, t in ipairs(open) do
    local event = {reason = 'day_closed'}
    if t.state == 'serving' then
      end_ticket(t, 'done')
      commit('ticket.done', t, nil, event)
    else
      if t.state == 'waiting' then leave_line(t) end
      settle(t, 'expired', NOW, event)
      end_ticket(t, 'expired')
      t.reason = 'day_closed'
      commit('ticket.expired', t, nil, event)
      end_escalation(t, 'withdrawn')
    end
  end
end

local function close_day()
  expire_all()
  local open = {}
  for _, text in ipairs(redis.call('HVALS', COUNTERS)) do
    local c = cjson.decode(text)
    if c.state ~= 'closed' then open[#open + 1] = c end
  end
  table.sort(open, function(a, b) return a.counter < b.counter end)
  for _, c in ipairs(open) do
    c.state, c.ticket, c.officer = 'closed', NONE, NONE
    commit('counter.closed', nil, c, {reason = 'day_closed'})
  end
  emit('day.closed', {day = redis.call('HGET', META, 'day')})
  redis.call('HDEL', META, 'day')
end

local function open_day(day)
  -- The same date again (the hours were changed and KAYAN restarted): numbers go on, so that none is given twice.
  if redis.call('HGET', META, 'numbered') ~= day.day then
    redis.call('DEL', TICKETS, NUMBERS)
    redis.call('HSET', META, 'numbered', day.day)
  end
  redis.call('DEL', ESCALATIONS, CALLED, DEADLINES, WARNINGS, ANSWERS_DUE)
  for code, set in pairs(WAITING) do redis.call('DEL', set, OVERDUE[code]) end
  redis.call('HSET', META, 'day', day.day, 'kept', 0, 'broken', 0, 'excused', 0, 'live', 0)
  emit('day.opened', {day = day.day})
end

-- What this does stands by itself, also when the verb that came upon it is refused.
local function turn_day()
  local day, open = today(), redis.call('HGET', META, 'day')
  if open then
    local mine = day_named(open)
    -- NOW before it: a clock that was ahead has been put right. Waiting for that day would leave today without an end.
    local over = not mine or not given(mine.expires_at) or NOW >= mine.expires_at or NOW < mine.starts
    local empty = mine and given(mine.closes_at) and NOW >= mine.closes_at and tonumber(redis.call('HGET', META, 'live')) == 0
    if over or empty then
      close_day()
      open = false
    end
  end
  if not open and given(day.opens_at) and day.opens_at <= NOW and NOW < day.closes_at then open_day(day) end
end
