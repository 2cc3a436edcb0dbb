// The one definition of the file: every section, every key, its form, its purpose and its default. The
// reader, the JSON Schema and the reference page are all derived from it.

import { listenAddress, weightedAddress } from "../forms/address.ts";
import { algorithm } from "../forms/algorithm.ts";
import { corsChoice } from "../forms/cors-choice.ts";
import { duration } from "../forms/duration.ts";
import { boolean, integer, list, text, unlessEmpty, word } from "../forms/form.ts";
import { headerPairs } from "../forms/header-pairs.ts";
import { healthCheck } from "../forms/health-check.ts";
import { answeredHost, host } from "../forms/host.ts";
import { method } from "../forms/method.ts";
import { network } from "../forms/network.ts";
import { path } from "../forms/path.ts";
import { rewrite } from "../forms/rewrite.ts";
import { key, nested, section } from "./section.ts";
import { size } from "../forms/size.ts";

const kb = 1024;
const mb = 1024 * kb;
const remark = key(text, "a comment for people; it has no effect");

export const globalSection = section({
  cors: key(
    corsChoice,
    'the policy of every location that has none of its own: a name of [policies], an inline table, false, or "upstream"',
  ),
  merge: key(
    word("replace", "global-wins", "location-wins"),
    "how the levels are combined: the nearest policy alone, or merged field by field with one side winning",
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
    "where it listens: host:port, or several with commas; `:8080` is every interface",
  ),
  locations: key(list(text), "the locations it serves, by name", "all of them"),
  hosts: key(
    list(answeredHost),
    'the names it answers to, ports ignored: names, `*.example.com`, several with commas, or `"*"` for every name; any other name gets 421',
    "on a loopback address without trusted_proxies: localhost, `*.localhost`, IP addresses and the hosts of its locations; elsewhere every name",
  ),
  cors: key(corsChoice, "the policy for its locations that have none of their own"),
  tls: key(
    nested(tlsSection),
    "{ cert, key }: PEM files, relative to this file; they turn on https",
  ),
  remark,
});

export const locationSection = section({
  host: key(
    list(host),
    "the hosts it matches: names or `*.example.com`, several with commas",
    "any host",
  ),
  path: key(
    path,
    "`/x` matches it and everything below, `= /x` only that, `~ ^/x` is RE2",
    "any path",
  ),
  methods: key(
    list(method),
    "the methods it accepts; GET includes HEAD",
    "all, or those of its `kind`",
  ),
  upstream: key(text, "where requests go: a name from [upstreams]"),
  kind: key(
    word("http", "rest", "http-file"),
    "sets the defaults of a trigger: methods, body limit, timeout",
  ),
  cors: key(
    corsChoice,
    'its policy: a name of [policies], an inline table, false (no page of another origin may read), or "upstream" (the upstream\'s own headers pass)',
    "the server's, then [global]'s",
  ),
  plugins: key(
    list(text),
    "Pingap's spelling: the names of its plugins; the `cors` plugin is its policy",
  ),
  weight: key(integer(0, 65_535), "overrides the routing order: the highest weight is tried first"),
  rewrite: key(
    unlessEmpty(rewrite),
    "`pattern replacement`: the path sent to the upstream; RE2, `$1` inserts a group",
    "the path of the request",
  ),
  client_max_body_size: key(
    size(0, 1024 * 1024 * mb),
    "the largest request body; a larger one gets 413",
    '"10mb"; rest "5mb", http-file "50mb"',
  ),
  request_timeout: key(
    duration,
    "the time within which the request body must arrive and the response must begin",
    '[limits] request_timeout; http-file "15m"',
  ),
  proxy_set_headers: key(
    headerPairs,
    "request headers sent to the upstream in place of the client's",
  ),
  proxy_add_headers: key(
    headerPairs,
    "request headers sent to the upstream in addition to the client's",
  ),
  websocket_without_origin: key(
    boolean,
    "whether a location with a policy accepts a WebSocket without an Origin",
    "false",
  ),
  login_redirect: key(
    word("401"),
    "what a page's call gets where the upstream redirects it to another origin, as to a login page: a 401 that it can read",
    "the redirect as it is",
  ),
  ambiguous_paths: key(
    word("refuse", "allow"),
    "what happens to a path such as `//x` that an upstream may read as one of another policy",
    '"refuse": 400',
  ),
  remark,
});

export const upstreamSection = section({
  addrs: key(list(weightedAddress), "its addresses, host:port, each optionally with a weight"),
  algo: key(unlessEmpty(algorithm), "how the next address is chosen", '"round_robin"'),
  health_check: key(
    unlessEmpty(healthCheck),
    "the URL that is requested to see which addresses are healthy",
    "none: an address that fails is avoided for a while",
  ),
  connection_timeout: key(duration, "how long connecting may take", '"1s"'),
  read_timeout: key(duration, "how long the upstream may send nothing", '"30s"'),
  idle_timeout: key(duration, "how long an unused connection is kept", '"60s"'),
  max_connections: key(
    integer(1, 65_535),
    "the most requests in progress at a time, over all its addresses",
    "512",
  ),
  max_websockets: key(
    integer(1, 65_535),
    "the most WebSockets open at a time, over all its addresses; they do not count as requests",
    "4096",
  ),
  queue_timeout: key(duration, "how long a request waits for a free connection", '"1s"'),
  sni: key(text, "connect with https, using this name; `$host` is the host of the request"),
  verify_cert: key(boolean, "whether its certificate must be valid", "true"),
  remark,
});

export const adminSection = section({
  addr: key(listenAddress, "the address of the status page and /healthz"),
  token_file: key(
    text,
    "the file with the required token; needed unless `addr` is a loopback address",
  ),
});

export const limitsSection = section({
  header_size: key(size(kb, mb), "the largest request head", '"16kb"'),
  header_count: key(integer(1, 10_000), "the most header lines of a request", "100"),
  url_size: key(size(64, mb), "the longest request target", '"8kb"'),
  header_timeout: key(duration, "the time within which a request head must arrive", '"10s"'),
  request_timeout: key(
    duration,
    "the time within which the request body must arrive and the response must begin",
    '"30s"',
  ),
  keepalive_timeout: key(duration, "how long an unused client connection is kept", '"65s"'),
  write_stall_timeout: key(duration, "how long a client may stop reading", '"30s"'),
  max_connections: key(
    integer(1, 1_000_000),
    "the most connections of clients on one address; more are closed at once",
    "10000",
  ),
  trusted_proxies: key(
    list(network),
    "the proxies whose X-Forwarded-* headers are extended instead of replaced: addresses or CIDR blocks",
    "[]",
  ),
});
