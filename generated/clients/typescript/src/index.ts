export {
  createClient,
  type Client,
  type Credentials,
  type Schemas,
  type components,
  type operations,
  type paths,
} from "./core.js";
export {
  AuthenticationError,
  ConflictError,
  ConnectionFailedError,
  InvalidRequestError,
  LatchkeyError,
  NotFoundError,
  PermissionDeniedError,
  PreconditionFailedError,
  RateLimitedError,
  ServerError,
  TimedOutError,
  type ErrorDetails,
} from "./errors.js";
export type { Received, ResponseInfo } from "./replies.js";
export { Latchkey } from "./resources.js";
export type { CallOptions, Fetch, FetchInit, FetchResponse, LatchkeyOptions } from "./settings.js";
export { VERSION } from "./version.js";
