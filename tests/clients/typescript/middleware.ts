// The server of the tests of the middleware (tests/clients/README.md).
import type { AddressInfo } from "node:net";
import express from "express";
import { Latchkey } from "latchkey-client";
import { identityOf, protection } from "latchkey-client/express";

const latchkey = new Latchkey();
const protect = protection(latchkey);
const fresh = protection(latchkey, { stale: "refuse" });
const cached = protection(latchkey, { cache: 1000 });

const show: express.RequestHandler = (request, response) => {
  response.json(identityOf(request));
};
const app = express();
app.get("/open", (_, response) => {
  response.end();
});
app.get("/protected", protect(), show);
app.get("/scoped", protect("orders:read"), show);
app.get("/fresh", fresh(), show);
app.get("/cached", cached(), show);
app.get("/cached-scoped", cached("orders:read"), show);

const server = app.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  const started = { framework: "Express", url: `http://127.0.0.1:${port}`, long_cache: errorOfLongCache() };
  console.log(JSON.stringify(started));
});
process.stdin.resume().on("end", () => process.exit());

function errorOfLongCache(): string {
  try {
    protection(latchkey, { cache: 1001 });
    return "";
  } catch (error) {
    return String(error);
  }
}
