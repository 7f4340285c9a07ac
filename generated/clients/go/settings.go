package latchkey

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// Version is the version of the contract that this client implements.
const Version = "0.1.0"

const (
	defaultTimeout = 5 * time.Second
	defaultRetries = 2
	connectTimeout = 2 * time.Second
	// The server closes idle connections after 30 s, unless it is configured otherwise.
	idleTimeout    = 15 * time.Second
	maxConnections = 100
)

// Option is a setting of a client.
type Option interface {
	configure(*settings)
}

type settings struct {
	url         string
	credentials []credential
	timeout     time.Duration
	retries     int
	http        *http.Client
	logger      *slog.Logger
}

type option func(*settings)

func (o option) configure(s *settings) { o(s) }

// WithURL sets the address of the server, in place of LATCHKEY_URL.
func WithURL(url string) Option {
	return option(func(s *settings) { s.url = url })
}

// WithAPIKey makes the client authenticate with an API key, in place of LATCHKEY_API_KEY.
func WithAPIKey(key string) Option {
	return option(func(s *settings) { s.credentials = append(s.credentials, fixed{"X-API-Key", key, "API key"}) })
}

// WithToken makes the client authenticate with a bearer token, in place of an API key.
func WithToken(token string) Option {
	return option(func(s *settings) {
		s.credentials = append(s.credentials, fixed{"Authorization", "Bearer " + token, "token"})
	})
}

// WithLogin makes the client log in as a user, in place of an API key. The client renews the token in time.
func WithLogin(username, password string) Option {
	return option(func(s *settings) { s.credentials = append(s.credentials, newLogin(username, password)) })
}

// WithRetries sets how often a request is repeated at most; by default twice.
func WithRetries(retries int) Option {
	return option(func(s *settings) { s.retries = retries })
}

// WithHTTPClient sets the HTTP client that sends the requests. Redirections are not followed, whatever it says.
func WithHTTPClient(client *http.Client) Option {
	return option(func(s *settings) { s.http = client })
}

// WithLogger sets where the client logs: each attempt at level Debug, and a warning if the server has another major
// version. By default that is slog.Default().
func WithLogger(logger *slog.Logger) Option {
	return option(func(s *settings) { s.logger = logger })
}

// New makes a client, which many goroutines may use at once. Without options, LATCHKEY_URL and LATCHKEY_API_KEY say
// where the server is, and what to authenticate with.
func New(options ...Option) (*Client, error) {
	s := settings{timeout: defaultTimeout, retries: defaultRetries}
	for _, option := range options {
		option.configure(&s)
	}
	if s.url == "" {
		s.url = os.Getenv("LATCHKEY_URL")
	}
	if key := os.Getenv("LATCHKEY_API_KEY"); len(s.credentials) == 0 && key != "" {
		WithAPIKey(key).configure(&s)
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	return newClient(&transport{
		url:        strings.TrimRight(s.url, "/"),
		credential: s.credentials[0],
		timeout:    s.timeout,
		retries:    s.retries,
		http:       httpClient(s.http),
		logger:     s.logger,
	}), nil
}

func (s *settings) check() error {
	parsed, err := url.Parse(s.url)
	switch {
	case s.url == "":
		return errors.New("latchkey: there is no URL of a server: give WithURL, or set LATCHKEY_URL")
	case err != nil, parsed.Scheme != "http" && parsed.Scheme != "https", parsed.Host == "", parsed.User != nil:
		// The error of the parser would print a password.
		return errors.New("latchkey: the URL of a server is like https://keys.example.com, without a user and a password")
	case len(s.credentials) == 0:
		return errors.New("latchkey: there is no credential: give WithAPIKey, WithToken or WithLogin, or set LATCHKEY_API_KEY")
	case len(s.credentials) > 1:
		return errors.New("latchkey: give one of WithAPIKey, WithToken and WithLogin")
	case !s.credentials[0].canBeSent():
		return fmt.Errorf("latchkey: the %s is empty, or has characters that cannot be sent", s.credentials[0])
	}
	return nil
}

// httpClient is the given client, or one with our limits; neither follows redirections, which would take the
// credential elsewhere.
func httpClient(given *http.Client) *http.Client {
	client := http.Client{}
	if given != nil {
		client = *given
	} else {
		client.Transport = &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			DialContext:         (&net.Dialer{Timeout: connectTimeout}).DialContext,
			TLSHandshakeTimeout: connectTimeout,
			ForceAttemptHTTP2:   true,
			IdleConnTimeout:     idleTimeout,
			MaxIdleConnsPerHost: maxConnections,
			MaxConnsPerHost:     maxConnections,
		}
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

// String says where the server is and what kind of credential the client has, without the credential itself.
func (c Client) String() string {
	if c.transport == nil {
		return "latchkey.Client{}"
	}
	return fmt.Sprintf("latchkey.Client{%s, %s}", c.transport.url, c.transport.credential)
}

// GoString is the same as String.
func (c Client) GoString() string { return c.String() }

// Format prints the same for every verb.
func (c Client) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, c.String()) }

// LogValue is the same as String.
func (c Client) LogValue() slog.Value { return slog.StringValue(c.String()) }
