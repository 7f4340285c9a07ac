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
    called = -> { outcome_of(client, request) }
    return forked { response(client, called.call) } if request[:fork]

    response(client, repeated(request, &called))
  end

  private

  # What a call returned, and its items or its content as JSON; or what it raised.
  Outcome = Struct.new(:value, :body)

  # The outcome of the calls that a step asks for: the first that failed, or the last.
  def repeated(request, &called)
    outcomes =
      if request[:concurrently]
        Array.new(request[:concurrently]) { Thread.new(&called) }.map(&:value)
      elsif request[:for_seconds]
        finish = now + request[:for_seconds]
        [called.call].tap { |all| all << called.call while now < finish && !failed?(all.last) }
      else
        [called.call]
      end
    outcomes.find { |outcome| failed?(outcome) } || outcomes.last
  end

  def failed?(outcome)
    outcome.value.is_a?(StandardError)
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

  def outcome_of(client, request)
    call, read = Calls::METHODS.fetch(request[:method])
    value = call.call(client, request[:arguments], request[:options])
    return Outcome.new(value, value && read.call(value)) unless value.is_a?(Enumerator)

    items = request[:take] ? value.first(request[:take]) : value.to_a
    Outcome.new(items, items.map(&read))
  rescue StandardError => e
    Outcome.new(e)
  end

  def response(client, outcome)
    value = outcome.value
    case value
    when Latchkey::Error then error(value).merge(printed: printed(client, value) + value.full_message(highlight: false))
    when StandardError then {failure: value.full_message(highlight: false)}
    else
      headers = value.respond_to?(:response) ? value.response.headers : {}
      {body: outcome.body, headers: headers, printed: printed(client, value)}
    end
  end

  def error(error)
    {
      error: ERRORS.key(error.class), status: error.status, code: error.code, title: error.title, detail: error.detail,
      errors: error.errors.map { |one| {loc: one.loc, msg: one.msg, type: one.type} },
      request_id: error.request_id, retry_after: error.retry_after
    }
  end

  # Everything that a program could print, but for what it asks for by name.
  def printed(client, value)
    parts = [client, client.keys, value, *client.instance_variables.map { |name| client.instance_variable_get(name) }]
    parts << value.response if value.respond_to?(:response)
    parts.map { |part| "#{part} #{part.inspect} #{part.pretty_inspect}" }.join + @log.string
  end

  def now
    Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end
end
