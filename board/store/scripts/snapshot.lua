-- snapshot: everything a board is made of, at one moment. Reads only; filtering is the reader's work, outside the store.
-- Refuses nothing.
return {
  NOW, redis.call('HGETALL', META), redis.call('HVALS', TICKETS), redis.call('HVALS', COUNTERS),
  redis.call('HVALS', ESCALATIONS), redis.call('ZRANGE', CALLED, 0, -1),
}
