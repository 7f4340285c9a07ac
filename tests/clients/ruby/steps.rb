# frozen_string_literal: true

# Executes the steps of methods.yaml with the Ruby client; ../README.md describes the protocol.

require "logger"
require "pp"
require "stringio"
require "time"
require_relative "../../../generated/client-calls/ruby/methods"

# The clients of a run by name, and what their debug log has printed.
class Steps
  ERRORS = {
    "authentication" => Latchkey::AuthenticationError,
    "permission_denied" => Latchkey::PermissionDeniedError,
    "not_found" => Latchkey::NotFoundError,
    "conflict" => Latchkey::ConflictError,
    "precondition_failed" => Latchkey::PreconditionFailedError,
    "validation" => Latchkey::InvalidRequestError,
    "rate_limited" => Latchkey::RateLimitedError,
    "server" => Latchkey::ServerError,
    "connection" => Latchkey::ConnectionError,
    "timeout" => Latchkey::TimeoutError,
    "error" => Latchkey::Error,
  }.freeze

  def initialize
    @clients = {}
    @log = StringIO.new
  end

  def execute(request)
    @log.truncate(@log.rewind)
    client = @clients[request[:client]] ||= Latchkey::Client.new(**request[:settings], logger: Logger.new(@log))
    called = -> { response_of(client, request) }
    return forked(&called) if request[:fork]

    repeated(request, &called).last
  end

  private

  # The responses of the calls that a step asks for, the last one last; those that failed are behind the others.
  def repeated(request, &called)
    responses =
      if request[:concurrently]
        Array.new(request[:concurrently]) { Thread.new(&called) }.map(&:value)
      elsif request[:for_seconds]
        finish = now + request[:for_seconds]
        [called.call].tap { |all| all << called.call while now < finish && !failed?(all.last) }
      else
        [called.call]
      end
    responses.partition { |response| !failed?(response) }.flatten(1)
  end

  def failed?(response)
    response.key?(:error) || response.key?(:failure)
  end

  def forked
    reader, writer = IO.pipe
    process = fork do
      writer.write(JSON.generate(yield))
      writer.close
      exit!
    end
    writer.close
    JSON.parse(reader.read)
  ensure
    reader.close
    Process.wait(process)
  end

  def response_of(client, request)
    call, read = Calls::METHODS.fetch(request[:method])
    result = call.call(client, request[:arguments], request[:options])
    return success(client, result, result && read.call(result)) unless result.is_a?(Enumerator)

    items = request[:take] ? result.first(request[:take]) : result.to_a
    success(client, items, items.map(&read))
  rescue Latchkey::Error => e
    error(client, e)
  rescue StandardError => e
    { failure: e.full_message(highlight: false) }
  end

  def success(client, result, body)
    headers = result.response&.headers if result.respond_to?(:response)
    { body: body, headers: headers || {}, printed: printed(client, result) }
  end

  def error(client, error)
    {
      error: ERRORS.key(error.class), status: error.status, code: error.code, title: error.title, detail: error.detail,
      errors: error.errors.map { |one| { loc: one.loc, msg: one.msg, type: one.type } },
      request_id: error.request_id, retry_after: error.retry_after,
      printed: printed(client, error) + error.full_message(highlight: false)
    }
  end

  # Everything that a program could print, but for what it asks for by name.
  def printed(client, value)
    parts = [client, client.keys, client.instance_variables.map { |name| client.instance_variable_get(name) }, value]
    (parts + [value.respond_to?(:response) && value.response]).map { |one| "#{one} #{one.inspect} #{one.pretty_inspect}" }.join + @log.string
  end

  def now
    Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end
end
