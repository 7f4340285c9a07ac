// Iteration over the items of all pages of a list.
import type { Schemas } from "./core.js";
import { isObject, unreadable } from "./errors.js";
import { checked, contentOf, type Reply } from "./replies.js";
import type { SHAPES } from "./shapes.js";

/**
 * Yields the items of all pages, each of which is requested when it is needed.
 *
 * `kind` says where the cursor of the next page is: in `Link`, or in `next_cursor` beside the items.
 */
export async function* pages<Name extends keyof typeof SHAPES>(
  schema: Name,
  kind: "link" | "cursor",
  page: (cursor: string | undefined) => Promise<Reply>,
): AsyncGenerator<Schemas[Name], void, undefined> {
  let cursor: string | undefined;
  do {
    const reply = await page(cursor);
    const content = contentOf(reply);
    const items: unknown = kind === "cursor" && isObject(content) ? content.items : content;
    if (!Array.isArray(items)) throw unreadable(reply);
    for (const item of items) yield checked(item, schema, reply) as Schemas[Name];
    const next = kind === "cursor" ? nextCursor(content, reply) : linkedCursor(reply);
    if (next !== undefined && next === cursor) {
      throw unreadable(reply, "the list does not end: the next page is the same one");
    }
    cursor = next;
  } while (cursor !== undefined);
}

function nextCursor(content: unknown, reply: Reply): string | undefined {
  const cursor = isObject(content) ? content.next_cursor : undefined;
  if (cursor === null) return undefined;
  if (typeof cursor !== "string") throw unreadable(reply);
  return cursor;
}

/** The cursor in `Link: <…?cursor=…>; rel="next"` (RFC 8288). */
function linkedCursor(reply: Reply): string | undefined {
  const link = /<([^>]*)>\s*;[^,<]*\brel="?next\b/.exec(reply.headers.get("Link") ?? "");
  if (!link) return undefined;
  const cursor = new URLSearchParams(/\?([^#]*)/.exec(link[1] ?? "")?.[1]).get("cursor");
  if (cursor === null) throw unreadable(reply);
  return cursor;
}
