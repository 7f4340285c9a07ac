export { createClient, type Client, type Credentials, type Schemas, type components, type operations, type paths } from "./core.js";
export * from "./errors.js";
export type { Received, ResponseInfo } from "./replies.js";
export { Latchkey } from "./resources.js";
export type { CallOptions, Fetch, LatchkeyOptions } from "./settings.js";
export { VERSION } from "./version.js";
