package latchkey

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	firstBackoff = 500 * time.Millisecond
	longestWait  = 30 * time.Second
)

var (
	// The server did not act.
	rejections = []int{http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusServiceUnavailable}
	// It may have acted.
	transient = append([]int{http.StatusBadGateway, http.StatusGatewayTimeout}, rejections...)
)

// attempts decides whether a request is repeated, and when.
type attempts struct {
	retry   retry
	retries int
	waits   int
}

// repeatsReply says whether the request is repeated after this response.
func (a *attempts) repeatsReply(r *reply) bool {
	if a.retry == rejected {
		return slices.Contains(rejections, r.status)
	}
	return slices.Contains(transient, r.status)
}

// repeatsFailure says whether the request is repeated after this failure, which left it without a response.
func (a *attempts) repeatsFailure(err error) bool {
	return a.retry != rejected || isNotSent(err)
}

// isNotSent says whether no connection was made. Other errors may come after the request was sent.
func isNotSent(err error) bool {
	var operation *net.OpError
	return errors.As(err, &operation) && (operation.Op == "dial" || operation.Op == "proxyconnect")
}

// pause is the time before the next attempt; false if there is none, or if it could not start in time.
func (a *attempts) pause(ctx context.Context, atLeast time.Duration) (time.Duration, bool) {
	if a.retry == never || a.waits >= a.retries || atLeast > longestWait {
		return 0, false
	}
	backoff := firstBackoff << a.waits
	pause := max(atLeast, backoff/2+rand.N(backoff/2))
	a.waits++
	end, isLimited := ctx.Deadline()
	return pause, !isLimited || time.Until(end) > pause
}

// sleep is false if the context is done before.
func sleep(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

var warning sync.Once

// warnOfVersion warns once in a process if the server has another major version than the contract of this client.
func warnOfVersion(logger *slog.Logger, header http.Header) {
	version := header.Get("Latchkey-Version")
	theirs, _, _ := strings.Cut(version, ".")
	ours, _, _ := strings.Cut(Version, ".")
	if version != "" && theirs != ours {
		warning.Do(func() {
			logger.Warn("the server has another major version than this client", "server", version, "client", Version)
		})
	}
}
