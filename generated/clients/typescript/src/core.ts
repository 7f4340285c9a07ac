// The core: openapi-fetch, typed by the contract, with the service's credentials, and nothing else.
import createFetchClient, { type Client as FetchClient, type ClientOptions } from "openapi-fetch";
import type { components, operations, paths } from "./schema.js";

export type { components, operations, paths };
/** The contract's schemas by name, as `Schemas["APIKeyRecordRead"]`. */
export type Schemas = components["schemas"];
export type Client = FetchClient<paths>;

export interface Credentials {
  /** A bearer token from `POST /token`. */
  bearer?: string;
  /** An API key, sent in `X-API-Key`. */
  apiKey?: string;
}

export function createClient({ bearer, apiKey, ...options }: ClientOptions & Credentials): Client {
  const client = createFetchClient<paths>(options);
  client.use({
    onRequest({ request }) {
      if (bearer !== undefined) request.headers.set("Authorization", `Bearer ${bearer}`);
      if (apiKey !== undefined) request.headers.set("X-API-Key", apiKey);
      return request;
    },
  });
  return client;
}
