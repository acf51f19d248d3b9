-- new_epoch: the numbering can no longer be trusted (the store was lost, restored or failed over with a lost tail): a new
-- epoch begins, once, however many servers notice.
-- Names expected, the epoch that the caller had known. Refuses nothing.
local epoch = redis.call('HGET', META, 'epoch')
if not epoch or epoch == cmd.expected then
  redis.call('HSET', META, 'epoch', cmd.new_epoch)
  epoch = cmd.new_epoch
  redis.call('PUBLISH', cmd.hint, epoch .. ':' .. (redis.call('HGET', META, 'offset') or 0))
end
return cjson.encode({epoch = epoch})
