// Responses of hosting services themselves: a bucket without a rule, an API gateway without an OPTIONS method, a page
// for people in front of an API. Each is known by its headers, and its CORS settings are in a place of its own.

import { getHeader } from "../../standard/header-list.ts";
import type { HeaderList } from "../../standard/message.ts";
import { client, server, type Advice } from "../recommendation.ts";

/** A response without the CORS header that it needs. */
export interface Lacking {
  readonly url: URL;
  readonly isPreflight: boolean;
  readonly status: number;
  readonly headers: HeaderList;
}

/** Which service responded, and what to set there. */
export interface HostedService {
  /** A clause. */
  readonly why: string;
  readonly advice: readonly Advice[];
  /** Headers on this response would not help: it is not the API's. */
  readonly isForPeople?: true;
}

interface Row extends HostedService {
  readonly fits: (response: Lacking) => boolean;
}

function has({ headers }: Lacking, name: string, value: RegExp = /^/): boolean {
  const found = getHeader(headers, name);
  return found !== null && value.test(found);
}

const gatewayResponses = server(
  "add the CORS headers to API Gateway's own errors too: gateway responses `DEFAULT_4XX` and `DEFAULT_5XX` (an HTTP API: its CORS configuration)",
);

const table: readonly Row[] = [
  {
    fits: (at) => has(at, "cf-mitigated", /challenge/i),
    why: "Cloudflare responded with a challenge for people (`cf-mitigated: challenge`), which a `fetch` cannot solve; the server was not asked",
    advice: [
      server(
        "exempt the API's path from the challenge (a WAF rule with the action Skip), and protect it by a token or a rate limit instead",
      ),
    ],
    isForPeople: true,
  },
  {
    fits: (at) => at.status === 401 && has(at, "set-cookie", /_vercel_sso_nonce/),
    why: "Vercel's Deployment Protection responded: this deployment is for people who are logged in to Vercel, and a preflight carries no cookies",
    advice: [
      server(
        "list the path under OPTIONS Allowlist, so that preflights pass, or request the production domain",
      ),
    ],
    isForPeople: true,
  },
  {
    fits: (at) => has(at, "ngrok-error-code", /ERR_NGROK_6024/),
    why: "ngrok responded with its warning page for browsers, and the tunnel's server was not asked",
    advice: [
      client(
        "send the header `ngrok-skip-browser-warning: 1` (the server must then allow it in preflights), or use a paid domain",
      ),
    ],
    isForPeople: true,
  },
  {
    fits: (at) => has(at, "ngrok-error-code"),
    why: "ngrok itself responded: the tunnel is closed, or nothing listens behind it",
    advice: [server("start the tunnel and the server behind it, and use the tunnel's present URL")],
    isForPeople: true,
  },
  {
    fits: (at) =>
      at.isPreflight &&
      has(at, "x-amzn-errortype", /MissingAuthenticationToken|ForbiddenException/),
    why: "API Gateway itself responded: it has no OPTIONS method for this path (it reports that as a missing token), or it demands a key for OPTIONS",
    advice: [
      server(
        "enable CORS for the resource in API Gateway, which adds an OPTIONS method without authorization and API key; then deploy the API again",
      ),
    ],
  },
  {
    fits: (at) => has(at, "x-amzn-errortype") && at.status >= 500,
    why: "API Gateway itself responded: the function or server behind it failed, took too long, or returned something else than a response",
    advice: [server("look at the integration's log (CloudWatch) first"), gatewayResponses],
  },
  {
    fits: (at) => has(at, "x-amzn-errortype") && at.status >= 400,
    why: "API Gateway itself refused the request (key, authorizer, quota or route), before the code that sends the CORS headers",
    advice: [gatewayResponses],
  },
  {
    fits: (at) => has(at, "server", /^CloudFront$/i) && at.isPreflight && at.status === 403,
    why: "CloudFront itself refused OPTIONS: the behaviour of this path allows only GET and HEAD",
    advice: [
      server(
        "allow OPTIONS in the behaviour's allowed methods (all seven where the page writes), and forward `Origin` and the `Access-Control-Request-*` headers, or attach a response headers policy with CORS",
      ),
    ],
  },
  {
    fits: (at) => has(at, "server", /^awselb\//i) && at.status >= 500,
    why: "the load balancer itself responded (`Server: awselb`): no healthy server is behind it, or it took too long",
    advice: [
      server("look at the target group's health first; the load balancer adds no CORS headers"),
    ],
  },
  {
    fits: (at) => at.isPreflight && at.status === 307 && has(at, "server", /AmazonS3/i),
    why: "S3 redirects the request to the bucket's own region, and browsers never follow a redirect of a preflight",
    advice: [client("use the URL with the bucket's region: `BUCKET.s3.REGION.amazonaws.com`")],
    isForPeople: true,
  },
  {
    fits: (at) => isS3(at) && at.isPreflight,
    why: "S3 responded: no rule of the bucket's CORS configuration lists this origin, method and every header together",
    advice: [
      server(
        "add a rule to the bucket's CORS configuration with `AllowedOrigins`, `AllowedMethods` (PUT for uploads) and `AllowedHeaders`, for exactly this request",
      ),
    ],
  },
  {
    fits: (at) => isS3(at) && at.status < 400,
    why: "S3 sends the header only if a rule of the bucket lists the origin, and only to a request with `Origin`",
    advice: [
      server(
        "add a rule for this origin to the bucket's CORS configuration; behind CloudFront, also forward `Origin` (origin request policy `CORS-S3Origin`)",
      ),
    ],
  },
  {
    fits: (at) =>
      (has(at, "x-guploader-uploadid") || has(at, "server", /^UploadServer$/)) && at.status < 400,
    why: "Google Cloud Storage responded: the bucket has no CORS configuration that lists this origin, method and headers",
    advice: [
      server(
        "set the bucket's CORS configuration (`gcloud storage buckets update gs://BUCKET --cors-file=FILE`): `origin`, `method`, and each request header in `responseHeader`",
      ),
    ],
  },
  {
    fits: (at) => has(at, "x-ms-error-code", /CorsPreflightFailure/i),
    why: "Azure Storage responded: no CORS rule of the account lists this origin, method and every header together",
    advice: [
      server(
        "add a rule to the service's CORS settings (Blob service, Resource sharing) with the origin, the method and the headers of this request",
      ),
    ],
  },
  {
    fits: (at) => siteOf(at.url) === "azurewebsites.net" && at.status < 400,
    why: "the response has no CORS header; App Service and Functions have a CORS list of their own, which replaces what the application sends",
    advice: [
      server(
        "add the origin under API, CORS in the portal (or host.json while developing), or empty that list so that the application's own headers apply",
      ),
    ],
  },
  {
    fits: (at) => at.isPreflight && at.status === 403 && has(at, "server", /^Google Frontend$/),
    why: "Google Cloud refused the preflight before the service ran: it demands an identity, and a preflight never carries one",
    advice: [
      server(
        "respond to OPTIONS in front of the service (a gateway or load balancer); if unauthenticated invocations are allowed instead, the code itself must check the login",
      ),
    ],
  },
  {
    fits: (at) => at.isPreflight && at.url.hostname === "script.google.com",
    why: "Apps Script never handles OPTIONS, so no request that needs a preflight can reach it",
    advice: [
      client(
        "send the body as `text/plain` and no further headers, so that no preflight is needed",
      ),
    ],
    isForPeople: true,
  },
  {
    fits: (at) => /\/realms\/[^/]+\/protocol\/openid-connect\//.test(at.url.pathname),
    why: "Keycloak sends the header only to the Web Origins of the client that makes the request",
    advice: [
      server(
        "add the page's origin to Web Origins of the client in Keycloak, without a slash at its end",
      ),
    ],
  },
  {
    fits: (at) => siteOf(at.url) === "auth0.com",
    why: "Auth0 sends the header only to the origins that the application lists",
    advice: [
      server("add the origin to Allowed Web Origins (and Allowed Origins) of the application"),
    ],
  },
  {
    fits: (at) => siteOf(at.url) === "okta.com",
    why: "Okta sends the header only to the organisation's trusted origins",
    advice: [server("add the origin under Security, API, Trusted Origins, with CORS ticked")],
  },
  {
    fits: (at) => at.url.port === "11434" && at.status === 403,
    why: "Ollama refuses (403) every origin that `OLLAMA_ORIGINS` does not list",
    advice: [
      server(
        "set `OLLAMA_ORIGINS` to the page's origin and restart Ollama; not to `*`, which lets every page use the models",
      ),
    ],
  },
  {
    fits: (at) => has(at, "x-elastic-product"),
    why: "Elasticsearch sends no CORS header unless it is switched on",
    advice: [
      server(
        "set `http.cors.enabled: true` and `http.cors.allow-origin` to the page's origin; better, query it through your own server",
      ),
    ],
  },
  {
    fits: (at) => has(at, "server", /^MinIO/),
    why: "MinIO sends the header only to the origins that its configuration lists",
    advice: [server("set `MINIO_API_CORS_ALLOW_ORIGIN` to the page's origin")],
  },
  {
    fits: (at) => siteOf(at.url) === "supabase.co" && /^\/functions\/v\d+\//.test(at.url.pathname),
    why: "a Supabase Edge Function has to handle OPTIONS and send the CORS headers itself",
    advice: [
      server(
        "respond to OPTIONS first in the function, and add the CORS headers to every response, errors included",
      ),
    ],
  },
  {
    fits: (at) => has(at, "x-rack-cors", /no-origin|no-path/),
    why: "rack-cors responded (`X-Rack-CORS: miss`): none of its `allow` blocks lists this origin and path",
    advice: [server("list the origin and the path in an `allow` block of rack-cors")],
  },
  {
    fits: (at) => at.isPreflight && at.status === 204 && has(at, "server", /^Kestrel$/),
    why: "ASP.NET Core handled the preflight, and its CORS policy does not list this origin",
    advice: [server("add the origin to `WithOrigins` of the policy, without a slash at its end")],
  },
  {
    fits: (at) =>
      at.isPreflight && at.status === 401 && has(at, "www-authenticate", /^(?:Negotiate|NTLM)/i),
    why: "Windows authentication responded to OPTIONS, and a preflight never carries credentials",
    advice: [server("handle OPTIONS before the authentication: the IIS CORS module does")],
  },
];

function siteOf({ hostname }: URL): string {
  return hostname.split(".").slice(-2).join(".");
}

function isS3(at: Lacking): boolean {
  return has(at, "server", /^AmazonS3$/i) || has(at, "x-amz-id-2");
}

/** The service that responded; undefined if the headers name none. */
export function hostedService(response: Lacking): HostedService | undefined {
  return table.find(({ fits }) => fits(response));
}
