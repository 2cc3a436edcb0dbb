// The one definition of the file: every section, every key, its form, what it is for and what holds
// without it. The reader, the JSON Schema and the reference page all come from here.

import { listenAddress, weightedAddress } from "../forms/address.ts";
import { algorithm } from "../forms/algorithm.ts";
import { corsChoice } from "../forms/cors-choice.ts";
import { duration } from "../forms/duration.ts";
import { boolean, integer, list, text, word } from "../forms/form.ts";
import { headerPairs } from "../forms/header-pairs.ts";
import { healthCheck } from "../forms/health-check.ts";
import { host } from "../forms/host.ts";
import { method } from "../forms/method.ts";
import { network } from "../forms/network.ts";
import { path } from "../forms/path.ts";
import { rewrite } from "../forms/rewrite.ts";
import { key, nested, section } from "./section.ts";
import { size } from "../forms/size.ts";

const kb = 1024;
const mb = 1024 * kb;
const remark = key(text, "a note for people; nothing reads it");

export const globalSection = section({
  cors: key(
    corsChoice,
    'the policy of every location that has none of its own: a name of [policies], an inline table, false, or "upstream"',
  ),
  merge: key(
    word("replace", "global-wins", "location-wins"),
    "how the levels come together: the nearest policy whole, or field by field with one side first",
    '"replace"',
  ),
});

export const tlsSection = section({
  cert: key(text, "the certificate and its chain, a PEM file"),
  key: key(text, "its private key, a PEM file"),
});

export const serverSection = section({
  addr: key(
    list(listenAddress),
    "where it listens: host:port, several with commas; `:8080` is every interface",
  ),
  locations: key(list(text), "the locations it serves, by name", "all of them"),
  cors: key(corsChoice, "the policy of its locations that have none of their own"),
  tls: key(
    nested(tlsSection),
    "{ cert, key }: PEM files, relative to this file; with them it speaks https",
  ),
  remark,
});

export const locationSection = section({
  host: key(
    list(host),
    "the hosts it answers to: names, `*.example.com`, several with commas",
    "any host",
  ),
  path: key(path, "`/x` and all below it, `= /x` exactly, `~ ^/x` as RE2", "any path"),
  methods: key(
    list(method),
    "the methods it takes; GET takes HEAD as well",
    "all; its kind's where `kind` is set",
  ),
  upstream: key(text, "who answers: a name of [upstreams]"),
  kind: key(
    word("http", "rest", "http-file"),
    "sets the defaults of a trigger: methods, body limit, time",
  ),
  cors: key(
    corsChoice,
    'its policy: a name of [policies], an inline table, false (no page of another origin may read), or "upstream" (the upstream\'s own headers pass)',
    "the server's, else [global]'s",
  ),
  plugins: key(
    list(text),
    "Pingap's spelling: the names of its plugins, of which the `cors` one is its policy",
  ),
  weight: key(
    integer(0, 65_535),
    "goes before the order of routing: the higher weight is tried first",
  ),
  rewrite: key(
    rewrite,
    "`pattern replacement`: the path the upstream is asked for; RE2, `$1` takes a group",
    "the path as it came",
  ),
  client_max_body_size: key(
    size(0, 1024 * 1024 * mb),
    "the longest request body; beyond it 413",
    '"10mb"; rest "5mb", http-file "50mb"',
  ),
  request_timeout: key(
    duration,
    "the request's body must have come, and the response begun, within this",
    '[limits] request_timeout; http-file "15m"',
  ),
  proxy_set_headers: key(
    headerPairs,
    "request headers set towards the upstream, replacing the client's",
  ),
  proxy_add_headers: key(headerPairs, "request headers added towards the upstream"),
  websocket_without_origin: key(
    boolean,
    "whether a WebSocket without an Origin passes where there is a policy",
    "false",
  ),
  remark,
});

export const upstreamSection = section({
  addrs: key(list(weightedAddress), "its addresses, host:port, each with a weight if wanted"),
  algo: key(algorithm, "how the next address is chosen", '"round_robin"'),
  health_check: key(
    healthCheck,
    "the URL that is asked to see who is well",
    "none: an address that fails is avoided for a while",
  ),
  connection_timeout: key(duration, "how long connecting may take", '"1s"'),
  read_timeout: key(duration, "how long the upstream may stay silent", '"30s"'),
  idle_timeout: key(duration, "how long an unused connection is kept", '"60s"'),
  max_connections: key(
    integer(1, 65_535),
    "the most requests under way at a time, over all its addresses",
    "512",
  ),
  max_websockets: key(
    integer(1, 65_535),
    "the most WebSockets open at a time, over all its addresses; they do not count as requests",
    "4096",
  ),
  queue_timeout: key(duration, "how long a request waits for a free connection", '"1s"'),
  sni: key(text, "speak https to it, and with this name; `$host` takes the request's"),
  verify_cert: key(boolean, "whether its certificate has to be good", "true"),
  remark,
});

export const adminSection = section({
  addr: key(listenAddress, "where the status page and /healthz are"),
  token_file: key(
    text,
    "the file with the token that is asked for; required where `addr` is not loopback",
  ),
});

export const limitsSection = section({
  header_size: key(size(kb, mb), "the longest request head", '"16kb"'),
  header_count: key(integer(1, 10_000), "the most header lines of a request", "100"),
  url_size: key(size(64, mb), "the longest request target", '"8kb"'),
  header_timeout: key(duration, "how long a request head may take to come", '"10s"'),
  request_timeout: key(
    duration,
    "the request's body must have come, and the response begun, within this",
    '"30s"',
  ),
  keepalive_timeout: key(duration, "how long an unused client connection is kept", '"65s"'),
  write_stall_timeout: key(duration, "how long a client may not read", '"30s"'),
  max_connections: key(
    integer(1, 1_000_000),
    "the most connections of clients on one address; more are closed at once",
    "10000",
  ),
  trusted_proxies: key(
    list(network),
    "whose X-Forwarded-* are added to instead of replaced: addresses or CIDR blocks",
    "[]",
  ),
});
