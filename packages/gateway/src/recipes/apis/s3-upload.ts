import type { Recipe } from "./recipe.ts";
import { app, maxAge } from "./usual.ts";

export const s3Upload: Recipe = {
  name: "s3-upload",
  title: "Uploads from a page to S3-style storage",
  about:
    "A page uploads a file in parts with presigned URLs. To complete the upload it has to read the `ETag` of each part, which no page can without `expose_headers`.",
  api: "127.0.0.1:9000",
  origins: app,
  pages: "The pages that upload.",
  location: [
    {
      key: "client_max_body_size",
      value: "5gb",
      says: "The largest part that S3 takes.",
    },
    {
      key: "request_timeout",
      value: "1h",
      says: "A large part over a slow line takes its time.",
    },
  ],
  policy: [
    {
      key: "allow_methods",
      value: ["GET", "HEAD", "PUT", "POST", "DELETE"],
      says: "PUT uploads a part, POST begins and completes, DELETE gives up.",
    },
    {
      key: "allow_headers",
      value: [
        "Content-Type",
        "Content-MD5",
        "Content-Disposition",
        "Cache-Control",
        "Authorization",
        "If-Match",
        "If-None-Match",
        "Range",
        "X-Amz-*",
        "Amz-Sdk-*",
      ],
      says: "X-Amz-* are the signature, checksums and the object's own metadata; Amz-Sdk-* are the SDK's.",
    },
    {
      key: "expose_headers",
      value: [
        "ETag",
        "Location",
        "X-Amz-Version-Id",
        "X-Amz-Request-Id",
        "X-Amz-Id-2",
        "X-Amz-Checksum-Crc32",
        "X-Amz-Checksum-Crc32c",
        "X-Amz-Checksum-Crc64nvme",
        "X-Amz-Checksum-Sha256",
      ],
      says: "The part's ETag completes the upload; the ids are for the storage's support.",
    },
    maxAge,
  ],
  notes: [
    'A presigned URL\'s signature covers the host. Sign for the name under which pages reach the gateway, or set the signed one for the upstream: `proxy_set_headers = ["Host: bucket.s3.example.com"]`.',
    'Object keys may hold `//` or end in a dot. If this server also has a location with another policy, write `ambiguous_paths = "allow"` here.',
  ],
};
