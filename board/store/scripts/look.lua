-- look: one ticket, how many are called before it, and the time. Reads only.
-- Names ticket. Refuses: unknown_ticket.
local t = ticket_of(cmd.ticket)
if not t then return '{"refused":"unknown_ticket"}' end
local ahead = t.state == 'waiting' and redis.call('ZRANK', WAITING[t.service], t.id) or 0
return cjson.encode({ticket = t, ahead = ahead, now = NOW})
