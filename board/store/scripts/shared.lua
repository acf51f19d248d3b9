-- The shared head of every verb: the office's keys, the store's clock, refusing, journalling, answering.
-- KEYS 1 meta, 2 journal, 3 tickets, 4 numbers, 5 counters, 6 escalations, 7 deadlines, 8 warnings, 9 answers_due, 10 called,
--      11 answer, then for each service: its waiting set, its overdue set.
-- ARGV 1 the command as JSON: what the verb names, and always services, plan, hint, new_epoch; by, fingerprint where there is one.
-- Lua's numbers are doubles: milliseconds since 1970 have 13 digits, and cjson writes 14 without loss.
local META, JOURNAL, TICKETS, NUMBERS, COUNTERS, ESCALATIONS = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local DEADLINES, WARNINGS, ANSWERS_DUE, CALLED, ANSWER = KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11]
local NONE = cjson.null
local cmd = cjson.decode(ARGV[1])
-- A service that the office file lost during the day: who waits there stays in its sets, which lie in the same slot, until
-- called or until the day's end; what stayed behind would stand before everybody if the service came back.
local function sets(name)
  return setmetatable({}, {__index = function(_, code) return (META:gsub('meta$', name .. ':' .. code)) end})
end
local WAITING, OVERDUE = sets('waiting'), sets('overdue')
for i, code in ipairs(cmd.services) do
  WAITING[code], OVERDUE[code] = KEYS[10 + 2 * i], KEYS[11 + 2 * i]
end
local LAST_CALLED = 20
local ANSWER_KEPT = 24 * 3600 * 1000 -- ms; contract section 3: the same key acts once for 24 hours
local LAST_LEVEL = 3

local function clock()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
local NOW = clock() -- one moment for the whole script: all its events happen at once

local function given(value) return value ~= nil and value ~= NONE end

local function refuse(code, facts)
  facts = facts or {}
  facts.refused = code
  error(facts)
end

-- The journal: every change gets the next offset, with no hole.
local top
local function emit(kind, what)
  if not top then
    redis.call('HSETNX', META, 'epoch', cmd.new_epoch)
  end
  top = redis.call('HINCRBY', META, 'offset', 1)
  what.kind, what.at, what.by = kind, NOW, cmd.by
  redis.call('XADD', JOURNAL, top .. '-0', 'e', cjson.encode(what))
end

-- What nobody asked for, whoever's verb comes upon it: the journal names no officer for it.
local function by_itself(act, ...)
  local by = cmd.by
  cmd.by = nil
  act(...)
  cmd.by = by
end

-- Tickets, counters, escalations: one JSON each in its hash.
local function ticket_of(id)
  local kept = redis.call('HGET', TICKETS, id)
  return kept and cjson.decode(kept)
end

local function keep_ticket(t) redis.call('HSET', TICKETS, t.id, cjson.encode(t)) end

local function ticket_by_number(number)
  local id = redis.call('HGET', NUMBERS, 'id:' .. number)
  local t = id and ticket_of(id)
  if not t then refuse('unknown_ticket', {number = number}) end
  return t
end

local function counter_of(plan)
  local kept = redis.call('HGET', COUNTERS, plan.counter)
  -- The office file lost the counter while somebody held it: it works until it is closed, so that its visitor is not stranded.
  if plan.gone and not (kept and cjson.decode(kept).state ~= 'closed') then refuse('unknown_counter', {counter = tostring(plan.counter)}) end
  local c = kept and cjson.decode(kept) or {counter = plan.counter, state = 'closed', ticket = NONE, officer = NONE}
  if c.state == 'closed' then c.kind, c.services = plan.kind, plan.services end -- the office file may have changed since
  return c
end

local function keep_counter(c) redis.call('HSET', COUNTERS, c.counter, cjson.encode(c)) end

local function escalation_of(ticket_id)
  local kept = redis.call('HGET', ESCALATIONS, 'e-' .. ticket_id)
  return kept and cjson.decode(kept)
end

local function keep_escalation(e) redis.call('HSET', ESCALATIONS, e.id, cjson.encode(e)) end

-- The promise's account. The first verdict on a ticket stands (board/guarantee.py has the same rule, tests/vectors hold them together).
local function account()
  local n = redis.call('HMGET', META, 'kept', 'broken', 'excused')
  return {kept = tonumber(n[1]) or 0, broken = tonumber(n[2]) or 0, excused = tonumber(n[3]) or 0}
end

local SETTLES = {serving = 'kept', skipped = 'excused', held = 'excused', cancelled = 'excused', expired = 'broken'}
local function settle(t, happened, at, event)
  if given(t.verdict) then return end
  t.verdict = at <= t.deadline and SETTLES[happened] or 'broken'
  redis.call('HINCRBY', META, t.verdict, 1)
  event.verdict, event.promise = t.verdict, account()
end

-- The alert. A ticket has at most one in its life: its id is made of the ticket's, so no two watchers can raise two.
local function tell(e, level)
  e.state, e.level, e.raised_at, e.answer_by = 'raised', level, NOW, NOW + cmd.plan.accept_ms
  e.accepted_by, e.accepted_at, e.counter, e.declined_by = NONE, NONE, NONE, ''
  redis.call('ZADD', ANSWERS_DUE, e.answer_by, e.ticket)
  keep_escalation(e)
  emit('escalation.raised', {escalation = e})
end

local function raise(t)
  redis.call('ZREM', DEADLINES, t.id)
  if redis.call('HEXISTS', ESCALATIONS, 'e-' .. t.id) == 1 then return end
  redis.call('ZADD', OVERDUE[t.service], t.deadline, t.id)
  tell({id = 'e-' .. t.id, ticket = t.id, number = t.number, service = t.service, due_at = t.deadline}, 1)
end

local function end_escalation(t, state)
  local e = escalation_of(t.id)
  if not e or (e.state ~= 'raised' and e.state ~= 'accepted') then return end
  e.state, e.answer_by = state, NONE
  redis.call('ZREM', ANSWERS_DUE, t.id)
  keep_escalation(e)
  emit('escalation.' .. state, {escalation = e})
end

local function lapse(e, reason)
  e.state, e.answer_by = 'lapsed', NONE
  emit('escalation.lapsed', {escalation = e, reason = reason})
  tell(e, math.min(e.level + 1, LAST_LEVEL))
end

-- Into the line and out of it: the sets that hold the times change here and nowhere else.
local function enter_line(t)
  t.state, t.called_at, t.ended_at, t.counter, t.reason = 'waiting', NONE, NONE, NONE, NONE
  redis.call('ZREM', CALLED, t.id)
  redis.call('ZADD', WAITING[t.service], t.taken_at - (t.priority and t.head_start or 0), t.id)
  -- Only who waits *at* the deadline raises an alert: who comes back after it was not waiting then.
  if NOW < t.deadline and redis.call('HEXISTS', ESCALATIONS, 'e-' .. t.id) == 0 then
    redis.call('ZADD', DEADLINES, t.deadline, t.id)
    for _, warn in ipairs(cmd.plan.warn_ms) do
      local at = t.taken_at + warn
      if NOW < at and at < t.deadline then redis.call('ZADD', WARNINGS, at, t.id .. '|' .. warn) end
    end
  end
  -- Late all the same: sent on or come back after the deadline, a reserve counter calls before everybody else.
  if NOW >= t.deadline then redis.call('ZADD', OVERDUE[t.service], t.deadline, t.id) end
end

local function leave_line(t)
  -- Race: the promise fell due while no watcher ran, and an officer is faster than the next watcher. The alert is
  -- raised all the same, so that "still waiting at its deadline" always means exactly one.
  if NOW >= t.deadline and redis.call('ZSCORE', DEADLINES, t.id) then by_itself(raise, t) end
  redis.call('ZREM', WAITING[t.service], t.id)
  redis.call('ZREM', OVERDUE[t.service], t.id)
  redis.call('ZREM', DEADLINES, t.id)
  for _, warn in ipairs(cmd.plan.warn_ms) do redis.call('ZREM', WARNINGS, t.id .. '|' .. warn) end
end

local function end_ticket(t, state)
  t.state, t.ended_at = state, NOW -- where it was called stays: the last calls are shown with their counters
  redis.call('HINCRBY', META, 'live', -1)
end

-- The board keeps an ended ticket only while it is among the last called (board/fold.py).
local function forget_old_calls()
  for _, id in ipairs(redis.call('ZREVRANGE', CALLED, LAST_CALLED, -1)) do
    local t = ticket_of(id)
    if not t or given(t.ended_at) then redis.call('ZREM', CALLED, id) end
  end
end

-- What an officer may do at a counter.
local function my_counter()
  local c = counter_of(cmd.counter)
  if c.state == 'closed' then refuse('counter_not_open', {counter = c.counter, state = c.state}) end
  if c.officer ~= cmd.by then refuse('counter_taken', {counter = c.counter, state = c.state}) end
  return c
end

local function my_open_counter()
  local c = my_counter()
  if c.state ~= 'open' then refuse('counter_not_open', {counter = c.counter, state = c.state}) end
  return c
end

local function must_be_free(c)
  if not given(c.ticket) then return end
  local t = ticket_of(c.ticket)
  refuse('still_serving', {counter = c.counter, number = t.number, state = t.state})
end

-- The alert that is named, which nobody has answered yet.
local function unanswered()
  local kept = redis.call('HGET', ESCALATIONS, cmd.escalation)
  if not kept then refuse('unknown_escalation', {escalation = cmd.escalation}) end
  local e = cjson.decode(kept)
  if e.state ~= 'raised' then
    refuse('escalation_answered', {escalation = e.id, state = e.state, accepted_by = given(e.accepted_by) and e.accepted_by or nil})
  end
  return e
end

-- The visitor at this counter, who must be in one of the states named.
local function visitor(c, ...)
  if not given(c.ticket) then refuse('nothing_called', {counter = c.counter, state = c.state}) end
  local t = ticket_of(c.ticket)
  for _, state in ipairs({...}) do
    if t.state == state then return t end
  end
  refuse('wrong_state', {number = t.number, state = t.state})
end

-- The common end of every verb about a visitor: keep both, journal both.
local function commit(kind, t, c, event)
  event = event or {}
  if t then keep_ticket(t); event.ticket = t end
  if c then keep_counter(c); event.counter = c end
  emit(kind, event)
  return {ticket = t, counter = c}
end

-- Runs a verb once for each key: a repeated request gets the first answer, refusals too, so that a late double of a
-- request that was refused does not act after all.
local function run(verb)
  if cmd.fingerprint then
    local before = redis.call('GET', ANSWER)
    if before then
      local mark, answer = before:match('^(%S+) (.*)$')
      if mark ~= cmd.fingerprint then return '{"refused":"key_reused"}' end
      -- Written again: WAITAOF waits for this connection's own writes alone, and the first answer may not be on disk yet.
      redis.call('SET', ANSWER, before, 'KEEPTTL')
      return answer
    end
  end
  local done, answer = pcall(verb)
  if not done then
    if type(answer) ~= 'table' then return redis.error_reply('ERR ' .. tostring(answer)) end
    if not answer.refused then return answer end
  end
  if top then
    forget_old_calls()
    redis.call('PUBLISH', cmd.hint, redis.call('HGET', META, 'epoch') .. ':' .. top)
  end
  local text = cjson.encode(answer)
  if cmd.fingerprint and answer.refused ~= 'calendar_stale' then redis.call('SET', ANSWER, cmd.fingerprint .. ' ' .. text, 'PX', ANSWER_KEPT) end
  return text
end
