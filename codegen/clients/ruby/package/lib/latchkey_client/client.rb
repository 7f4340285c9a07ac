# frozen_string_literal: true

require "latchkey_client/attempts"
require "latchkey_client/errors"
require "latchkey_client/messages"
require "latchkey_client/places"
require "latchkey_client/connections"
require "latchkey_client/credentials"
require "latchkey_client/redaction"
require "latchkey_client/transport"
require "latchkey_client/resource"
require "latchkey_client/resources"

module Latchkey
  # A Latchkey at a URL, called with one credential: from any thread, and from processes that were forked after the
  # first use.
  class Client < Resources::Root
    # A block gets each Net::HTTP before it connects.
    #
    # @param url [String] the address; `LATCHKEY_URL` if it is absent
    # @param api_key [String] an API key; `LATCHKEY_API_KEY` if there is no credential at all
    # @param token [String] a bearer token, in place of an API key
    # @param username [String] the name of a user, in place of both: the client logs in, and renews the token in time
    # @param password [String] the user's password
    # @param timeout [Numeric] the seconds that a call may take, with all that is repeated
    # @param retries [Integer] how often a request is repeated at most
    # @param logger [Logger] gets a line for each request, at the level `debug`
    # @param adapter [#call] an HTTP client of your own: gets a {Request} and the seconds that are left, and returns a
    #   {Response}. It raises {NotConnected} if the server surely got no request, and another of
    #   {Transport::FAILURES} if it may have acted on it.
    def initialize(url: nil, api_key: nil, token: nil, username: nil, password: nil, timeout: 5, retries: 2,
                   logger: nil, adapter: nil, &configure)
      url = address(url || ENV.fetch("LATCHKEY_URL", ""))
      @credential = Credentials.of(api_key, token, username, password)
      @adapter = adapter || Connections.new(URI(url), &configure)
      super(Transport.new(url, @credential, @adapter, timeout: timeout, retries: retries, logger: logger))
    end

    # Closes the idle connections.
    def close
      @adapter.close if @adapter.respond_to?(:close)
    end

    def inspect
      "#<#{self.class} #{@transport.url} with #{@credential.inspect}>"
    end

    private

    def address(url)
      raise ArgumentError, "There is no URL of a Latchkey: give one, or set LATCHKEY_URL." if url.empty?

      parsed = URI.parse(url)
      return url.chomp("/") if parsed.is_a?(URI::HTTP) && parsed.host && !parsed.userinfo && !parsed.query

      raise URI::InvalidURIError
    rescue URI::InvalidURIError
      raise ArgumentError, "The URL of a Latchkey is like https://keys.example.com, without a user and a password.",
            cause: nil
    end
  end
end
