# frozen_string_literal: true

require "timeout"

module Latchkey
  # No connection was established, so that the server cannot have acted on the request.
  class NotConnected < StandardError; end

  # The attempts of a call, all within one time limit: what is repeated, and when.
  class Attempts
    LONGEST_WAIT = 30
    FIRST_BACKOFF = 0.5
    # The server did not act.
    REJECTED = [408, 429, 503].freeze
    TRANSIENT = [*REJECTED, 502, 504].freeze

    def self.now
      Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end

    # `policy` is `:repeatable` or `:keyed`: repeating is safe; `:rejected`: a call is repeated only if the server
    # surely did not act; or `:never`.
    def initialize(policy, retries:, timeout:, finish: Attempts.now + timeout)
      @policy = policy
      @retries = policy == :never ? 0 : retries
      @timeout = timeout
      @finish = finish
      @waits = 0
    end

    # The attempts of another request in the same call.
    def again(policy)
      Attempts.new(policy, retries: @retries, timeout: @timeout, finish: @finish)
    end

    # The seconds that are left; it raises the error if there are none.
    def remaining
      left = @finish - Attempts.now
      left.positive? ? left : raise(timed_out)
    end

    def timed_out
      TimeoutError.new("no response within #{@timeout} s")
    end

    # The seconds to wait before the request is repeated; nil if the response is the last one.
    def wait_after_response(response)
      return unless (@policy == :rejected ? REJECTED : TRANSIENT).include?(response.status)

      wait(response.retry_after || 0)
    end

    # The seconds to wait before the request is repeated; it raises the error if it is not repeated.
    def wait_after_failure(failure)
      remaining
      raise timed_out if failure.is_a?(::Timeout::Error)

      is_repeated = @policy != :rejected || failure.is_a?(NotConnected)
      (wait(0) if is_repeated) || raise(ConnectionError, "no response: #{failure.message}")
    end

    private

    # The seconds before the next attempt, if there is one, and if it can start in time.
    def wait(retry_after)
      return if @waits == @retries || retry_after > LONGEST_WAIT

      seconds = [retry_after, FIRST_BACKOFF * (2**@waits) * rand(0.5..1.0)].max
      @waits += 1
      seconds if seconds < @finish - Attempts.now
    end
  end
end
