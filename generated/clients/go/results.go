package latchkey

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/url"
	"regexp"
)

const notLatchkey = "the response is not what the contract says; is this the address of a Latchkey?"

// nothing sends a call that returns nothing.
func nothing(ctx context.Context, t *transport, c *call) error {
	_, err := t.send(ctx, c)
	return err
}

// result sends a call and reads what it returns.
func result[T any](ctx context.Context, t *transport, c *call) (*T, error) {
	r, err := t.send(ctx, c)
	if err != nil {
		return nil, err
	}
	value := new(T)
	if json.Unmarshal(r.body, value) != nil {
		return nil, unreadable(r, notLatchkey)
	}
	return value, nil
}

// readPage reads the items of a page, and the cursor of the next one, which is empty after the last.
type readPage[T any] func(*reply) (items []*T, next string, ok bool)

// pages iterates over the items of all pages. build makes the call of the first page, and a new one for each page.
func pages[T any](ctx context.Context, t *transport, build func() *call, read readPage[T]) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		cursor := ""
		for {
			c := build()
			if cursor != "" {
				c.query.Set("cursor", cursor)
			}
			items, next, err := page(ctx, t, c, read)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
			if next == "" {
				return
			}
			cursor = next
		}
	}
}

func page[T any](ctx context.Context, t *transport, c *call, read readPage[T]) ([]*T, string, error) {
	r, err := t.send(ctx, c)
	if err != nil {
		return nil, "", err
	}
	items, next, ok := read(r)
	if !ok {
		return nil, "", unreadable(r, notLatchkey)
	}
	if next != "" && next == c.query.Get("cursor") {
		return nil, "", unreadable(r, "the list does not end: the next page is the same one")
	}
	return items, next, nil
}

// byCursor reads a page that has the cursor of the next one.
func byCursor[T any](r *reply) ([]*T, string, bool) {
	var content struct {
		Items      []*T   `json:"items"`
		NextCursor string `json:"next_cursor"`
	}
	err := json.Unmarshal(r.body, &content)
	return content.Items, content.NextCursor, err == nil && isList(content.Items)
}

// byLink reads a page whose header `Link` has the address of the next one.
func byLink[T any](r *reply) ([]*T, string, bool) {
	var items []*T
	err := json.Unmarshal(r.body, &items)
	return items, nextCursor(r.header), err == nil && isList(items)
}

// isList says whether the list, and each of its items, is present.
func isList[T any](items []*T) bool {
	for _, item := range items {
		if item == nil {
			return false
		}
	}
	return items != nil
}

var nextLink = regexp.MustCompile(`<([^>]*)>[^<]*;\s*rel="?next"?`)

// nextCursor is the cursor in the link to the next page (RFC 8288); empty if there is none.
func nextCursor(header http.Header) string {
	for _, link := range header.Values("Link") {
		if found := nextLink.FindStringSubmatch(link); found != nil {
			if target, err := url.Parse(found[1]); err == nil {
				return target.Query().Get("cursor")
			}
		}
	}
	return ""
}
