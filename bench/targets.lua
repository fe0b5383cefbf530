-- wrk: asks for the addresses of a file in turn ("path<TAB>cookie" a line) and prints what it measured as JSON.
-- With "fresh" every address gets a number of its own, which no page looks at.
local requests, at, fresh, asked = {}, 0, false, 0

function init(args)
  fresh = args[2] == "fresh"
  asked = os.time() * 1000 % 1000000000
  for line in io.lines(args[1]) do
    local path, cookie = line:match("^([^\t]+)\t(.*)$")
    local headers = { ["Host"] = "127.0.0.1" }
    if cookie ~= "" then headers["Cookie"] = cookie end
    if fresh then path = path .. (path:find("?", 1, true) and "&" or "?") .. "nr=@@" end
    requests[#requests + 1] = wrk.format("GET", path, headers)
  end
end

function request()
  at = at % #requests + 1
  if not fresh then return requests[at] end
  asked = asked + 1
  return (requests[at]:gsub("@@", tostring(asked), 1))
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"number": %d, "seconds": %.4f, "bytes": %d, "p50": %.3f, "p99": %.3f, "failed": %d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1000,
    latency:percentile(99) / 1000, errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
