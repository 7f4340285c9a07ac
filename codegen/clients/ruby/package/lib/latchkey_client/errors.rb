# frozen_string_literal: true

require "json"
require "time"

module Latchkey
  # A call that failed. What is not known is nil; `errors` is empty then.
  class Error < StandardError
    # @return [Integer, nil] the status of the response; nil if there was none
    attr_reader :status
    # @return [String, nil] the cause, as `code` of a problem document has it
    attr_reader :code
    # @return [String, nil]
    attr_reader :title
    # @return [String, nil]
    attr_reader :detail
    # @return [Array<ValidationError>] what is wrong with the request, of a 422
    attr_reader :errors
    # @return [String, nil] the id that the server's log has for the request
    attr_reader :request_id
    # @return [Integer, nil] the seconds after which the server wants to be asked again
    attr_reader :retry_after

    def initialize(message = nil, status: nil, code: nil, title: nil, detail: nil, errors: [], request_id: nil,
                   retry_after: nil)
      super(message)
      @status = status
      @code = code
      @title = title
      @detail = detail
      @errors = errors
      @request_id = request_id
      @retry_after = retry_after
    end
  end

  # 401: the credential is missing or invalid; or a login was refused.
  class AuthenticationError < Error; end

  # 403: the credential does not permit the call.
  class PermissionDeniedError < Error; end

  # 404: what the call is about does not exist, or the caller may not see it.
  class NotFoundError < Error; end

  # 409: the call does not fit the state of what it is about.
  class ConflictError < Error; end

  # 412: what the call is about has changed since its ETag was read.
  class PreconditionFailedError < Error; end

  # 422: the request violates the contract; `errors` says where.
  class InvalidRequestError < Error; end

  # 429: there were too many requests.
  class RateLimitedError < Error; end

  # 5xx: the server, or a proxy before it, cannot respond now.
  class ServerError < Error; end

  # There was no response: the server cannot be reached, or the connection was lost.
  class ConnectionError < Error; end

  # There was no response within the time limit of the call.
  class TimeoutError < Error; end

  # Makes errors of responses, from the server or a proxy.
  module Errors
    BY_STATUS = {
      401 => AuthenticationError,
      403 => PermissionDeniedError,
      404 => NotFoundError,
      409 => ConflictError,
      412 => PreconditionFailedError,
      422 => InvalidRequestError,
      429 => RateLimitedError,
    }.freeze

    module_function

    # The error that a response stands for.
    def of(response)
      members = members(response)
      errors = validation_errors(members["detail"])
      # RFC 6749 names them otherwise.
      code = text(members["code"]) || text(members["error"])
      title = text(members["title"])
      detail = text(members["detail"]) || text(members["error_description"])
      sentences = errors.map { |error| "#{error.loc.join(".")}: #{error.msg}" }.join("; ")
      what = [sentences, detail, title].compact.find { |one| !one.empty? }
      kind = BY_STATUS.fetch(response.status) { response.status >= 500 ? ServerError : Error }
      kind.new(
        message(response, [response.status, code].compact.join(" "), what),
        status: response.status, code: code, title: title, detail: detail, errors: errors,
        request_id: response.request_id, retry_after: response.retry_after
      )
    end

    # The error of a success that cannot be read.
    def unreadable(response, what = "the response is not what the contract says; is this the address of a Latchkey?")
      Error.new(message(response, response.status, what), status: response.status, request_id: response.request_id)
    end

    def message(response, status, what)
      request = " (request #{response.request_id})" if response.request_id
      "#{[status, what].compact.join(": ")}#{request}"
    end

    def members(response)
      content = response.json
      content.is_a?(Hash) ? content : {}
    rescue JSON::ParserError
      {}
    end

    def text(value)
      value if value.is_a?(String)
    end

    def validation_errors(detail)
      entries = detail.is_a?(Array) ? detail.grep(Hash) : []
      entries.map do |entry|
        loc = entry["loc"].is_a?(Array) ? entry["loc"] : []
        ValidationError.new(
          loc: loc.select { |part| part.is_a?(String) || part.is_a?(Integer) },
          msg: text(entry["msg"]) || "",
          type: text(entry["type"]) || ""
        )
      end
    end
    private_class_method :message, :members, :text, :validation_errors
  end
end
