// Tests of the TypeScript runtime alone; the rest is in ../methods.yaml.
import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { inspect } from "node:util";
import {
  ConnectionFailedError,
  Latchkey,
  LatchkeyError,
  TimedOutError,
  type Fetch,
  type LatchkeyOptions,
} from "latchkey-client";
import { identityOf, protection, type ExpressHandler } from "latchkey-client/express";

const { LATCHKEY_TEST_USERNAME: username, LATCHKEY_TEST_PASSWORD: password } = process.env;
const key = {
  id: 1,
  key_prefix: "lk_ab",
  user_id: 1,
  status: "active",
  created_at: "",
  expires_at: null,
  description: null,
};
const verification = { valid: true, code: "valid", stale: false, unrestricted: true };
const owner = { id: 1, external_id: "a", display_name: null, metadata: {}, disabled: false, created_at: "" };

function json(content: unknown): Response {
  return new Response(JSON.stringify(content));
}

function mocked(mock: Fetch, options: LatchkeyOptions = {}): Latchkey {
  return new Latchkey({ url: "http://latchkey.test", apiKey: "lk_secret", fetch: mock, ...options });
}

async function withServer(listener: RequestListener, use: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("wrong settings are rejected, without their secrets", () => {
  const wrong: [LatchkeyOptions, RegExp][] = [
    [{ url: "keys.example.com" }, /URL/],
    [{ url: "ftp://keys.example.com" }, /URL/],
    [{ url: "https://ada:secret@keys.example.com" }, /URL/],
    [{ apiKey: "secret\n" }, /API key has characters/],
    [{ token: "secret token" }, /token has characters/],
    [{ username: "ada" }, /password/],
    [{ apiKey: "secret", token: "secret" }, /one of/],
  ];
  for (const [options, message] of wrong) {
    assert.throws(
      () => new Latchkey(options),
      (error) => error instanceof TypeError && message.test(error.message) && !inspect(error).includes("secret"),
    );
  }
});

test("what is missing is named", () => {
  const { LATCHKEY_URL: url, LATCHKEY_API_KEY: apiKey } = process.env;
  try {
    delete process.env.LATCHKEY_API_KEY;
    assert.throws(() => new Latchkey(), /LATCHKEY_API_KEY/);
    delete process.env.LATCHKEY_URL;
    assert.throws(() => new Latchkey({ apiKey: "lk_secret" }), /LATCHKEY_URL/);
  } finally {
    Object.assign(process.env, { LATCHKEY_URL: url, LATCHKEY_API_KEY: apiKey });
  }
});

test("secrets are readable, and not printed", async () => {
  const client = mocked(async () => json({ ...key, full_key: "lk_secret" }));
  const created = await client.keys.create();
  assert.equal(created.full_key, "lk_secret");
  assert.match(JSON.stringify(created), /lk_secret/);
  const login = new Latchkey({ username: "ada", password: "lk_secret" });
  for (const value of [created, client, client.keys, new Latchkey({ token: "lk_secret" }), login]) {
    const shown = [
      inspect(value),
      inspect([value]),
      inspect(value, { customInspect: value === created, showHidden: true }),
    ];
    assert.doesNotMatch(`${shown} ${value}`, /lk_secret/);
  }
  assert.match(inspect(await mocked(async () => json({ ...key, full_key: null })).keys.get(1)), /full_key: null/);
});

test("a segment of a path cannot lead to another path", async () => {
  const client = mocked(() => assert.fail("a request was sent"));
  for (const project of ["", ".", ".."]) await assert.rejects(client.owners.get(project, 1), TypeError);
});

test("what cannot be sent is not repeated", async () => {
  const client = mocked(() => assert.fail("a request was sent"));
  await assert.rejects(client.keys.create({}, { idempotencyKey: "€" }), TypeError);
  await assert.rejects(client.keys.create({ description: 1n as never }), TypeError);
});

test("calls at the same time share a login, also if one of them is cancelled", async () => {
  const seen: string[] = [];
  const counted: Fetch = (url, init) => {
    seen.push(new URL(url).pathname);
    return fetch(url, init);
  };
  const client = new Latchkey({ username, password, fetch: counted, timeout: 30_000 });
  const controller = new AbortController();
  const cancelled = assert.rejects(client.whoami({ signal: controller.signal }), { name: "AbortError" });
  const calls = Array.from({ length: 20 }, () => client.whoami());
  controller.abort();
  await Promise.all([cancelled, ...calls]);
  assert.equal(seen.filter((path) => path === "/token").length, 1);
  assert.equal(seen.length, 21);
});

test("a call that was cancelled before sends nothing", async () => {
  const client = mocked(() => assert.fail("a request was sent"));
  await assert.rejects(client.whoami({ signal: AbortSignal.abort() }), { name: "AbortError" });
});

test("at most 100 requests are sent at once, and all others after them", async () => {
  let [running, most] = [0, 0];
  const client = mocked(async () => {
    most = Math.max(most, ++running);
    await new Promise((wake) => setTimeout(wake, 5));
    running -= 1;
    return json(verification);
  });
  await Promise.all(Array.from({ length: 350 }, () => client.verify({ key: "lk_any" })));
  assert.equal(most, 100);
});

test("calls that wait for others time out as well, and leave no place taken", async () => {
  let isStalled = true;
  const client = mocked(() => (isStalled ? new Promise(() => {}) : Promise.resolve(json(verification))));
  // Those that wait are over first.
  const calls = Array.from({ length: 250 }, (_, i) =>
    client.verify({ key: "lk_any" }, { timeout: i < 100 ? 300 : 100 }),
  );
  for (const result of await Promise.allSettled(calls)) {
    assert.ok(result.status === "rejected" && result.reason instanceof TimedOutError);
  }
  isStalled = false;
  await Promise.all(Array.from({ length: 250 }, () => client.verify({ key: "lk_any" })));
});

test("no time limit at all", async () => {
  const slow: Fetch = () => new Promise((resolve) => setTimeout(() => resolve(json(verification)), 20));
  assert.ok((await mocked(slow, { timeout: Infinity }).verify({ key: "lk_any" })).valid);
});

test("a response that trickles", async () => {
  const trickle: RequestListener = (_, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write(" "), 50);
    response.on("close", () => clearInterval(timer));
  };
  await withServer(trickle, async (url) => {
    await assert.rejects(new Latchkey({ url, timeout: 400 }).whoami(), TimedOutError);
  });
});

test("an error whose body stalls has its status", async () => {
  const stalled: RequestListener = (_, response) => response.writeHead(413, { "Content-Length": 9 }).write("<");
  await withServer(stalled, async (url) => {
    await assert.rejects(new Latchkey({ url, timeout: 400 }).whoami(), { name: "LatchkeyError", status: 413 });
  });
});

test("what was not sent is repeated, whatever the call", async () => {
  const refused = Object.assign(new Error("connect ECONNREFUSED"), { syscall: "connect", code: "ECONNREFUSED" });
  const lost = Object.assign(new Error("read ECONNRESET"), { syscall: "read", code: "ECONNRESET" });
  const causes: [Error, number][] = [
    [refused, 2],
    [Object.assign(new AggregateError([refused, refused]), { code: "ECONNREFUSED" }), 2],
    [Object.assign(new Error("timeout"), { code: "UND_ERR_CONNECT_TIMEOUT" }), 2],
    [lost, 1],
    [new Error("something else"), 1],
  ];
  for (const [cause, requests] of causes) {
    let sent = 0;
    const failing: Fetch = () => {
      sent += 1;
      return Promise.reject(new TypeError("fetch failed", { cause }));
    };
    const client = mocked(failing, { retries: 1 });
    await assert.rejects(client.verify({ key: "lk_any" }), (error) => error instanceof ConnectionFailedError);
    assert.equal(sent, requests, cause.message);
  }
});

test("a success without what the contract requires is an error", async () => {
  for (const content of [{ valid: true }, [verification], null, "valid"]) {
    await assert.rejects(mocked(async () => json(content)).verify({ key: "lk_any" }), { name: "LatchkeyError" });
  }
  const page = { items: [owner, {}], next_cursor: null };
  const items = mocked(async () => json(page)).owners.list("acme");
  assert.equal((await items.next()).value?.id, 1);
  await assert.rejects(items.next(), (error) => error instanceof LatchkeyError && error.status === 200);
});

test("an exception of the debug function is no failed request", async () => {
  let sent = 0;
  const options = { debug: () => assert.fail("debug") };
  await assert.rejects(mocked(async () => (sent++, json(verification)), options).verify({ key: "lk_any" }), /debug/);
  assert.equal(sent, 1);
});

/** Whether a handler lets a request through. */
function isLetThrough(handler: ExpressHandler, ip?: string, key = "lk_a"): Promise<boolean> {
  return new Promise((done) => {
    const response = { statusCode: 200, setHeader() {}, end: () => done(false) };
    handler({ ip, headersDistinct: { "x-api-key": [key] } }, response, () => done(true));
  });
}

test("the middleware sends addresses as the server reads them, and no other text", async () => {
  const addresses: unknown[] = [];
  const protect = protection(
    mocked(async (_, { body }) => {
      addresses.push(JSON.parse(body ?? "").ip);
      return json(verification);
    }),
  );
  for (const ip of ["::ffff:192.0.2.7", "fe80::1%eth0", "2001:db8::7", "192.0.2.7:5678", "unknown", undefined]) {
    assert.equal(await isLetThrough(protect(), ip), true);
  }
  assert.deepEqual(addresses, ["192.0.2.7", "fe80::1", "2001:db8::7", null, null, null]);
});

test("the oldest verification is removed from a cache that is full", async () => {
  const keys: unknown[] = [];
  const verify: Fetch = async (_, { body }) => {
    keys.push(JSON.parse(body ?? "").key);
    return json(verification);
  };
  const protect = protection(mocked(verify), { cache: 1000, cacheSize: 2 });
  for (const key of ["a", "b", "c", "c", "b", "a"]) await isLetThrough(protect(), undefined, key);
  assert.deepEqual(keys, ["a", "b", "c", "a"]);
});

test("wrong settings of the cache are rejected", () => {
  for (const options of [{ cache: 1001 }, { cache: -1 }, { cache: NaN }, { cache: 1, cacheSize: 0 }]) {
    assert.throws(() => protection(mocked(fetch), options), RangeError);
  }
});

test("only what is true lets a request through, and only such a request has an identity", async () => {
  const protect = protection(mocked(async () => json({ ...verification, valid: "false" })));
  assert.equal(await isLetThrough(protect()), false);
  assert.throws(() => identityOf({}), TypeError);
});
