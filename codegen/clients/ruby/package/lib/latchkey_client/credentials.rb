# frozen_string_literal: true

module Latchkey
  # What a client authenticates with: an API key, a token, or a user's name and password, which tokens are issued for.
  # None shows its secret in its text.
  module Credentials
    # The credential that the arguments of a client name, or the environment.
    def self.of(api_key, token, username, password)
      raise ArgumentError, "A login needs a username and a password." if username.nil? != password.nil?
      if [api_key, token, username].compact.size > 1
        raise ArgumentError, "Give one of api_key, token, or username and password."
      end
      return Login.new(username, password) if username
      return Fixed.new("Authorization", "Bearer #{token}", "a token") if token

      api_key ||= ENV.fetch("LATCHKEY_API_KEY", "")
      raise ArgumentError, "There is no credential: give one, or set LATCHKEY_API_KEY." if api_key.empty?

      Fixed.new("X-API-Key", api_key, "an API key")
    end

    # A credential that stays the same.
    class Fixed
      def initialize(header, value, kind)
        raise ArgumentError, "#{kind} has characters that cannot be sent." unless value.match?(/\A[ -~]+\z/)

        @headers = {header => value}.freeze
        @kind = kind
      end

      def headers(_transport, _attempts)
        @headers
      end

      # Whether another attempt has another credential than these headers.
      def renew?(_headers)
        false
      end

      def inspect
        @kind
      end
    end

    # A user's name and password, and the present token. A refused login is not repeated.
    class Login
      # A token is renewed so long before it ends, or at the last tenth of its lifetime.
      RENEWAL = 60.0
      REFUSED = [400, 401, 403].freeze

      def initialize(username, password)
        @username = username
        @password = password
        @turn = Places.new(1)
        # The headers with the token, and when it is renewed.
        @token = nil
        @refusal = nil
      end

      def headers(transport, attempts)
        current || @turn.take(attempts.remaining) { current || log_in(transport, attempts) }
      rescue ::Timeout::Error
        raise attempts.timed_out
      end

      def renew?(headers)
        # Another thread may have renewed it meanwhile.
        @token = nil if @token&.first.equal?(headers)
        true
      end

      def inspect
        "user #{@username}"
      end

      private

      def current
        raise refused if @refusal

        headers, renewed_at = @token
        headers if headers && Attempts.now < renewed_at
      end

      def log_in(transport, attempts)
        requested_at = Attempts.now
        options = {attempts: attempts.again(:rejected)}
        token = TokensApi.new(transport).issue_token("password", @username, @password, options)
        lifetime = token.expires_in
        headers = {"Authorization" => "Bearer #{token.access_token}"}.freeze
        @token = [headers, requested_at + lifetime - [RENEWAL, lifetime / 10.0].min].freeze
        headers
      rescue Error => e
        raise unless REFUSED.include?(e.status)

        @refusal = e
        raise refused
      end

      # A new one, as errors have the backtrace of where they are raised.
      def refused
        AuthenticationError.new(
          "the login was refused: #{@refusal.message}",
          status: @refusal.status, code: @refusal.code, title: @refusal.title, detail: @refusal.detail,
          request_id: @refusal.request_id
        )
      end
    end
  end
end
