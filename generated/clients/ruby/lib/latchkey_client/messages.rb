# frozen_string_literal: true

require "json"
require "time"

module Latchkey
  # A request, as an adapter sends it. Its text shows neither headers nor body, which have secrets.
  class Request
    # @return [Symbol] `:GET`, `:POST`, …
    attr_reader :http_method
    # @return [URI::HTTP]
    attr_reader :url
    # @return [Hash{String => String}]
    attr_reader :headers
    # @return [String, nil]
    attr_reader :body

    def initialize(http_method, url, headers, body)
      @http_method = http_method
      @url = url
      @headers = headers
      @body = body
    end

    # The same request with more headers.
    def with(headers)
      Request.new(http_method, url, self.headers.merge(headers), body)
    end

    def inspect
      "#<Latchkey::Request #{http_method} #{url.path}>"
    end
  end

  # A response that was received as a whole. Its text does not show the body, which may have secrets.
  class Response
    # @return [Integer]
    attr_reader :status
    # @return [Hash{String => String}] by their names in lower case
    attr_reader :headers
    # @return [String, nil]
    attr_reader :body

    def initialize(status, headers, body)
      @status = status
      @headers = headers.to_h { |name, value| [name.to_s.downcase, Array(value).join(", ")] }.freeze
      @body = body
    end

    # @return [String, nil] a header by its name in any case
    def [](name)
      headers[name.downcase]
    end

    # @return [String, nil] the version of what the response has, for `if_match`
    def etag
      headers["etag"]
    end

    # @return [String, nil] the id that the server's log has for the request
    def request_id
      headers["x-request-id"]
    end

    # @return [Integer, nil] `Retry-After` in seconds from now, of a number or a date; nil if it is neither
    def retry_after
      value = headers["retry-after"]
      return if value.nil?
      return value.to_i if value.match?(/\A\d+\z/)

      [0, (Time.httpdate(value) - Time.now).ceil].max
    rescue ArgumentError
      nil
    end

    # The content of the body; it raises `JSON::ParserError`, whose message has parts of the body.
    def json(**options)
      JSON.parse(body.to_s.dup.force_encoding(Encoding::UTF_8).scrub, **options)
    end

    def inspect
      "#<Latchkey::Response #{status}>"
    end
  end
end
