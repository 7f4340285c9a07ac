package latchkey

import (
	"container/list"
	"context"
	"crypto/sha256"
	"strings"
	"sync"
	"time"
)

const (
	longestLifetime  = time.Second
	defaultCacheSize = 10_000
)

// digest stands for a key, an address and scopes, so that no key remains in memory.
type digest [sha256.Size]byte

func digestOf(body APIKeyVerify) digest {
	// No part can have a space.
	parts := append([]string{body.Key, body.GetIp()}, body.Scopes...)
	return sha256.Sum256([]byte(strings.Join(parts, " ")))
}

// verified is the result of a verification, and whether the key has a rate limit.
type verified struct {
	*APIKeyVerification
	isLimited bool
}

// cache has the latest positive results of verifications, and those under way, which requests at once share.
type cache struct {
	lifetime time.Duration
	size     int
	mutex    sync.Mutex
	entries  map[digest]*list.Element
	// The entries, in the order in which they were sent, which is that in which they end.
	order *list.List
}

type entry struct {
	digest digest
	// Requests that arrive later do not use the entry. The lifetime begins when the verification is sent: the key may be
	// revoked while the response is on its way.
	end time.Time
	// Closed when there is a result.
	done   chan struct{}
	result *verified
	err    error
}

func newCache(lifetime time.Duration, size int) *cache {
	return &cache{lifetime: lifetime, size: size, entries: map[digest]*list.Element{}, order: list.New()}
}

// verify returns the result that is cached, or else that of a verification.
func (c *cache) verify(
	ctx context.Context, digest digest, verify func(context.Context) (*verified, error),
) (*APIKeyVerification, error) {
	arrived := time.Now()
	e, isNew := c.entry(digest, arrived)
	if isNew {
		// Others wait for the result, even if this request is cancelled.
		c.fill(e, func() (*verified, error) { return verify(context.WithoutCancel(ctx)) })
	}
	select {
	case <-e.done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	result, err := e.result, e.err
	// A failure is shared, as to try again would exceed the time limit. Rate limits count every request.
	if !isNew && err == nil && !(result.isCacheable() && arrived.Before(e.end)) {
		result, err = verify(ctx)
	}
	if err != nil {
		return nil, err
	}
	return result.APIKeyVerification, nil
}

// entry is the entry that a request may use, or a new one, which the caller must fill.
func (c *cache) entry(digest digest, now time.Time) (e *entry, isNew bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if element, ok := c.entries[digest]; ok {
		if e := element.Value.(*entry); now.Before(e.end) {
			return e, false
		}
		c.remove(element)
	}
	for oldest := c.order.Front(); oldest != nil; oldest = c.order.Front() {
		if c.order.Len() < c.size && now.Before(oldest.Value.(*entry).end) {
			break
		}
		c.remove(oldest)
	}
	e = &entry{digest: digest, end: now.Add(c.lifetime), done: make(chan struct{})}
	c.entries[digest] = c.order.PushBack(e)
	return e, true
}

func (c *cache) remove(element *list.Element) {
	delete(c.entries, element.Value.(*entry).digest)
	c.order.Remove(element)
}

// fill sets the result of an entry, and removes it unless it may be used again.
func (c *cache) fill(e *entry, verify func() (*verified, error)) {
	e.err = failed(nil, "the verification was aborted", nil)
	// Even after a panic of the HTTP client.
	defer close(e.done)
	defer func() {
		c.mutex.Lock()
		defer c.mutex.Unlock()
		isKept := e.err == nil && e.result.isCacheable()
		if isKept && e.result.ExpiresAt != nil && e.result.ExpiresAt.Before(e.end) {
			e.end = *e.result.ExpiresAt
		}
		if element, ok := c.entries[e.digest]; ok && element.Value.(*entry) == e && !isKept {
			c.remove(element)
		}
	}()
	e.result, e.err = verify()
}

func (v *verified) isCacheable() bool { return v.Valid && !v.Stale && !v.isLimited }
