# frozen_string_literal: true

require "openssl"
require "timeout"
require "uri"

module Latchkey
  # Sends what the operations of the core build: with the credential, within the time limit, repeated where that is
  # safe.
  class Transport < ApiClient
    # What an adapter raises if there is no response.
    FAILURES = [NotConnected, ::Timeout::Error, IOError, SystemCallError, SocketError, OpenSSL::SSL::SSLError].freeze

    # @return [String] the URL, without a slash at its end
    attr_reader :url

    def initialize(url, credential, adapter, timeout:, retries:, logger:)
      # The server validates; it knows the contract as it is now.
      super(Configuration.new { |config| config.client_side_validation = false })
      self.user_agent = "latchkey-ruby/#{VERSION}"
      @url = url
      @credential = credential
      @adapter = adapter
      @timeout = timeout
      @retries = retries
      @logger = logger
    end

    # The attempts of a call with the options that every method has.
    def attempts(policy, options)
      unknown = options.keys - %i[retry timeout]
      raise ArgumentError, "unknown keyword: #{unknown.first.inspect}" unless unknown.empty?

      policy = options[:retry] ? :repeatable : :never unless options[:retry].nil?
      Attempts.new(policy, retries: @retries, timeout: options[:timeout] || @timeout)
    end

    # What the operations of the core call. `opts[:attempts]` are the attempts; the third value is the response.
    def call_api(http_method, path, opts = {})
      request = request_of(http_method, path, opts)
      attempts = opts.fetch(:attempts)
      response = opts[:auth_names].empty? ? repeat(request, attempts) : authorized(request, attempts)
      [read(response, opts[:return_type]), response.status, response]
    end

    def inspect
      "#<#{self.class} #{url} with #{@credential.inspect}>"
    end

    private

    def request_of(http_method, path, opts)
      url = URI("#{@url}#{path}")
      query = opts[:query_params].transform_values { |value| value.respond_to?(:iso8601) ? value.iso8601(6) : value }
      url.query = URI.encode_www_form(query).gsub("+", "%20") unless query.empty?
      # Responses are small, and Net::HTTP would fail at a wrong encoding before the status is known.
      headers = @default_headers.merge(opts[:header_params], "Accept-Encoding" => "identity")
      body = opts[:form_params].empty? ? opts[:body] : URI.encode_www_form(opts[:form_params])
      Request.new(http_method, url, headers.to_h { |name, value| [name.to_s, value.to_s] }, body)
    end

    def authorized(request, attempts)
      credential = @credential.headers(self, attempts)
      response = repeat(request.with(credential), attempts)
      return response unless response.status == 401 && @credential.renew?(credential)

      # The server did not act. The token may have ended early: once, another may help.
      repeat(request.with(@credential.headers(self, attempts)), attempts)
    end

    def repeat(request, attempts)
      response, wait = attempt(request, attempts)
      while wait
        sleep(wait)
        response, wait = attempt(request, attempts)
      end
      response
    end

    # The response, if there is one, and the seconds to wait before the request is repeated, if it is.
    def attempt(request, attempts)
      response = logged_call(request, attempts)
      [response, attempts.wait_after_response(response)]
    rescue *FAILURES => e
      [nil, attempts.wait_after_failure(e)]
    end

    # One line in the log for each attempt, without headers, queries and bodies, which have secrets.
    def logged_call(request, attempts)
      started_at = Attempts.now
      response = @adapter.call(request, attempts.remaining)
      what = response.status
      response
    rescue StandardError => e
      what = e.class
      raise
    ensure
      @logger&.debug("latchkey") do
        seconds = format("%.3f", Attempts.now - started_at)
        "#{request.http_method} #{request.url.path}: #{what} in #{seconds} s, request #{response&.request_id || "-"}"
      end
    end

    # The content of a response by its type in the core; it raises the error that the response stands for.
    def read(response, type)
      raise Errors.of(response) unless response.status.between?(200, 299)

      ServerVersion.check(response["latchkey-version"])
      return if response.status == 204

      data = converted(response, type)
      data.response = response if data.is_a?(ApiModelBase)
      data
    end

    def converted(response, type)
      content = response.json(symbolize_names: true)
      return if type.nil?

      data = convert_to_type(content, type)
      complete = type.start_with?("Array<") ? content.is_a?(Array) && data.none?(&:nil?) : data
      complete ? data : raise(TypeError)
    rescue StandardError
      # Without the cause: its text may have parts of the response.
      raise Errors.unreadable(response), cause: nil
    end
  end

  # Warns once of a server whose major version is not that of the contract of this client.
  module ServerVersion
    @lock = Mutex.new
    @warned = false

    def self.check(version)
      return if @warned || version.nil? || version[/\A[^.]*/] == VERSION[/\A[^.]*/]

      @lock.synchronize do
        return if @warned

        @warned = true
      end
      warn("latchkey_client: the server has version #{version} of Latchkey, this client is of version #{VERSION}")
    end
  end
end
